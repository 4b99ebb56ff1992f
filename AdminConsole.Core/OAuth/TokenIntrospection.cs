using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using AdminConsole.Core.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace AdminConsole.Core.OAuth;

/// <summary>Introspects tokens for the services that receive them (RFC 7662).</summary>
public sealed class TokenIntrospection(TokenVerifier verifier, TokenReuse reuse, IServiceScopeFactory scopes, TimeProvider clock)
{
    private static readonly Introspection NotActive = new() { Active = false };

    /// <summary>Returns whether a token is valid, and its permissions. Without tokens.introspect, a caller can
    /// introspect only its own token; all others are reported as inactive. Counts as a use of the token, because
    /// services introspect the tokens that they receive.</summary>
    public async Task<Introspection> IntrospectAsync(Actor actor, string token, CancellationToken ct)
    {
        var own = actor.TokenId ?? actor.DeviceId;
        if (!actor.Can(Permissions.TokensIntrospect) && own is null)
        {
            return NotActive;
        }

        var (verified, fault) = await verifier.VerifyAsync(token, actor.Ip, ct);
        if (fault?.Reused is { } reused && actor.Can(Permissions.TokensIntrospect))
        {
            await reuse.RecordAsync(reused, new ClientInfo(actor.Ip, actor.UserAgent, actor.RequestId), ct);
        }

        var result =
            verified is null ? await RefreshTokenAsync(token, ct)
            : verified.Actor is { MustChangePassword: true } or { MustEnrol: true } ? null
            : (verified.Id, verified.Introspection);
        return result is { } found && (found.Of == own || actor.Can(Permissions.TokensIntrospect)) ? found.Introspection : NotActive;
    }

    private async Task<(Guid Of, Introspection Introspection)?> RefreshTokenAsync(string token, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var refresh = scope.ServiceProvider.GetRequiredService<RefreshTokens>();
        // Texts that are not refresh tokens are rejected without a query.
        if (
            refresh.DeviceOf(token) is null
            || await refresh.FindAsync(token, clock.Now(), ct) is not { } device
            || await TokenOwnerSnapshot.ReadAsync(scope.ServiceProvider.GetRequiredService<AppDbContext>(), device.UserId, ct)
                is not { User.MustChangePassword: false } owner
        )
        {
            return null;
        }

        return (
            device.Id,
            new Introspection
            {
                Active = true,
                Scope = owner.ScopeOf(device.Access),
                ClientId = device.ClientId,
                Username = owner.User.SignInName,
                Exp = device.ExpiresAt.ToUnixTimeSeconds(),
                Iat = device.LastUsedAt.ToUnixTimeSeconds(),
                Sub = device.UserId.ToString(),
            }
        );
    }
}
