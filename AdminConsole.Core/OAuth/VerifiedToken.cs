using System.Security.Claims;
using System.Security.Cryptography;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using AdminConsole.Core.Tokens;

namespace AdminConsole.Core.OAuth;

/// <summary>A verified token with all data that a request needs. Immutable, and cached for at most a minute.</summary>
public sealed class VerifiedToken
{
    private readonly byte[] hash;
    private readonly long endsAt;
    private readonly TokenUsage? use;

    internal VerifiedToken(PersonalAccessToken token, Actor actor, TokenUsage use, DateTimeOffset goodUntil)
        : this(token.Hash, token.Id, actor, use, Earliest(goodUntil, token.ExpiresAt, token.OverlapEndsAt))
    {
        Introspection = new Introspection
        {
            Active = true,
            Scope = string.Join(' ', actor.EffectivePermissions.Order(StringComparer.Ordinal)),
            ClientId = "personal-access-token",
            Username = actor.Name,
            TokenType = "Bearer",
            Exp = token.ExpiresAt?.ToUnixTimeSeconds(),
            Iat = token.CreatedAt.ToUnixTimeSeconds(),
            Sub = token.OwnerId.ToString(),
            Jti = token.Id.ToString(),
        };
    }

    internal VerifiedToken(byte[] hash, AccessTokenClaims claims, Actor actor, DateTimeOffset goodUntil)
        : this(hash, claims.Sid, actor, null, Earliest(goodUntil, DateTimeOffset.FromUnixTimeSeconds(claims.Exp))) =>
        Introspection = new Introspection
        {
            Active = true,
            Scope = string.Join(' ', actor.EffectivePermissions.Order(StringComparer.Ordinal)),
            ClientId = claims.ClientId,
            Username = actor.Name,
            TokenType = "Bearer",
            Exp = claims.Exp,
            Iat = claims.Iat,
            Sub = claims.Sub.ToString(),
            Jti = claims.Jti.ToString(),
        };

    private VerifiedToken(byte[] hash, Guid id, Actor actor, TokenUsage? use, DateTimeOffset endsAt)
    {
        (this.hash, Id, OwnerId, Actor, this.use) = (hash, id, actor.UserId!.Value, actor, use);
        this.endsAt = endsAt.UtcTicks;
        Principal = new ClaimsPrincipal(
            new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, OwnerId.ToString()), new Claim(ClaimTypes.Name, actor.Name)], "Bearer")
        );
        Introspection = default!;
    }

    /// <summary>The id of the personal access token, or of the device for an access token.</summary>
    public Guid Id { get; }

    public Guid OwnerId { get; }

    /// <summary>The owner, with the current permissions of the token. The caller adds the IP address and request
    /// id.</summary>
    public Actor Actor { get; }

    /// <summary>The owner as <c>HttpContext.User</c>. Contains no permissions; use <see cref="Actor"/> for
    /// authorization.</summary>
    public ClaimsPrincipal Principal { get; }

    /// <summary>The introspection response for this token.</summary>
    public Introspection Introspection { get; }

    /// <summary>Returns true if the hash matches and the token is valid at this time. Compares in constant
    /// time.</summary>
    internal bool Matches(ReadOnlySpan<byte> presented, long ticks) =>
        ticks < endsAt && CryptographicOperations.FixedTimeEquals(hash, presented);

    internal void RecordUse(long ticks, string? ip) => use?.Record(ticks, ip);

    private static DateTimeOffset Earliest(DateTimeOffset first, params ReadOnlySpan<DateTimeOffset?> others)
    {
        foreach (var other in others)
        {
            first = other < first ? other.Value : first;
        }

        return first;
    }
}

/// <summary>Why a token is not accepted: a stable code for programs and a sentence for users. Both are ASCII, for the
/// <c>WWW-Authenticate</c> header (RFC 6750).</summary>
public sealed record TokenError(string Code, string Message)
{
    public static readonly TokenError Malformed = new(
        "token_malformed",
        "This isn't a valid access token. A character may be wrong or missing."
    );
    public static readonly TokenError Unknown = new("token_unknown", "This access token doesn't exist.");
    public static readonly TokenError Revoked = new("token_revoked", "This access token was revoked.");
    public static readonly TokenError Expired = new("token_expired", "This access token has expired.");
    public static readonly TokenError Inactive = new("token_inactive", "This access token is paused.");
    public static readonly TokenError DeviceEnded = new("device_ended", "This device was signed out. Sign in again.");
    public static readonly TokenError OwnerInactive = new("owner_inactive", "The owner of this access token is deactivated.");

    /// <summary>The rotated-out token that was presented; null for all other errors.</summary>
    public Guid? Reused { get; private init; }

    internal static TokenError RotatedOut(Guid id) =>
        new("token_rotated", "This access token was replaced by a newer one.") { Reused = id };

    public Refusal ToRefusal() => Refusal.Unauthenticated(Code == Expired.Code ? Code : "unauthenticated", Message);
}

/// <summary>The result of a verification: the token, or the reason why it is not accepted.</summary>
public readonly record struct TokenCheck(VerifiedToken? Token, TokenError? Error);
