using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;

namespace AdminConsole.Core.Tokens;

/// <summary>Tells services what a token is that somebody sent them (RFC 7662).</summary>
public sealed class TokenIntrospection(TokenVerifier verifier, TokenReuse reuse)
{
    private static readonly Introspection NotActive = new() { Active = false };

    /// <summary>
    /// Whether the token may be accepted now, and what it may do. Of any but its own, a caller without tokens.read only learns that it
    /// is not active. Being asked about is a use: services ask when they are sent one.
    /// </summary>
    public async Task<Introspection> IntrospectAsync(Actor actor, string token, CancellationToken ct)
    {
        if (!actor.Can(Permissions.TokensRead) && actor.TokenId is null)
        {
            return NotActive;
        }

        var (verified, fault) = await verifier.VerifyAsync(token, actor.Ip, ct);
        if (fault?.Reused is { } reused && actor.Can(Permissions.TokensRead))
        {
            await reuse.NoteAsync(reused, new Origin(actor.Ip, actor.UserAgent, actor.RequestId), ct);
        }

        return verified is { Actor.MustChangePassword: false } && (verified.Id == actor.TokenId || actor.Can(Permissions.TokensRead)) ? verified.Introspection : NotActive;
    }
}
