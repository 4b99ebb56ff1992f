using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace AdminConsole.Core.Contracts;

/// <summary>A personal access token, without its secret.</summary>
public record TokenSummary
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    /// <summary>The first 14 characters of the token, which identify it to users.</summary>
    public required string Prefix { get; init; }

    /// <summary>The scopes of the token. At each request, they are limited to its owner's current
    /// permissions.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary><c>active</c>, <c>inactive</c>, <c>expired</c>, <c>revoked</c> or <c>rotated</c>. A rotated token has a
    /// successor; it stays valid until <c>overlapEndsAt</c> or the successor's first use.</summary>
    public required string State { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the token expires; null if it does not expire.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When the token was last used, up to a minute late; null if never.</summary>
    public required DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>The IP address of the last use.</summary>
    public required string? LastUsedIp { get; init; }

    /// <summary>When the token was revoked; null if it was not.</summary>
    public required DateTimeOffset? RevokedAt { get; init; }

    /// <summary>The id of the token that this one replaced; null if it is not a successor.</summary>
    public required Guid? RotatedFrom { get; init; }

    /// <summary>For a rotated token: when it stops, or stopped, being valid beside its successor. Null if only the
    /// successor's first use ends it.</summary>
    public required DateTimeOffset? OverlapEndsAt { get; init; }

    /// <summary>For a rotated token: true while it stays valid until its successor is first used.</summary>
    public required bool EndsOnFirstUse { get; init; }

    /// <summary>When the token was last used after its rotation grace period, which indicates a leak; null if
    /// never.</summary>
    public required DateTimeOffset? ReuseDetectedAt { get; init; }
}

/// <summary>A personal access token and its owner, for administrators.</summary>
public sealed record OwnedToken : TokenSummary
{
    public OwnedToken() { }

    [SetsRequiredMembers]
    public OwnedToken(TokenSummary token, UserRef owner)
        : base(token) => Owner = owner;

    public required UserRef Owner { get; init; }

    /// <summary>True if revoking the token would be refused as <c>above_you</c>.</summary>
    [JsonIgnore]
    public bool IsAbove { get; init; }
}

/// <summary>A new personal access token. Its secret is returned only once.</summary>
public sealed record CreatedToken : TokenSummary
{
    public CreatedToken() { }

    [SetsRequiredMembers]
    public CreatedToken(TokenSummary token, string secret)
        : base(token) => Token = secret;

    /// <summary>The complete secret. Send it as <c>Authorization: Bearer …</c>.</summary>
    public required string Token { get; init; }
}

/// <summary>Creates a personal access token for the caller.</summary>
public sealed record CreateTokenRequest
{
    /// <summary>The name, which should describe the token's purpose.</summary>
    [Required, StringLength(Limits.TokenName)]
    public string Name { get; init; } = "";

    /// <summary>The scopes, limited to permissions that the caller has. Defaults to <c>["profile.read"]</c>.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>The lifetime in days, 1 to 3650. If omitted, the default of the settings (90). Null for no expiry, if
    /// the settings allow it.</summary>
    [Range(1, 3650)]
    public int? ExpiresInDays
    {
        get;
        init => (field, IsExpiryGiven) = (value, true);
    } = 90;

    internal bool IsExpiryGiven { get; private init; }
}

/// <summary>Changes the given fields. Fields that are omitted or null are unchanged.</summary>
public sealed record UpdateTokenRequest
{
    [StringLength(Limits.TokenName)]
    public string? Name { get; init; }

    /// <summary>False suspends the token until it is set to true again.</summary>
    public bool? Active { get; init; }
}

/// <summary>Specifies how long the old token stays valid beside its successor.</summary>
public sealed record RotateTokenRequest
{
    /// <summary>The grace period of the old token in minutes, 0 to 1440. If omitted, the old token ends immediately
    /// unless <c>endOnFirstUse</c> is true.</summary>
    [Range(0, 1440)]
    public int? OverlapMinutes { get; init; }

    /// <summary>True keeps the old token valid until the new one is first used, but no longer than
    /// <c>overlapMinutes</c> if given.</summary>
    public bool EndOnFirstUse { get; init; }
}

/// <summary>Filters for personal access tokens. The default order is newest first.</summary>
public sealed record TokenQuery
{
    /// <summary>Any part of the owner's names or the token's name, or the start of its prefix.</summary>
    [StringLength(Limits.Search)]
    public string? Search { get; init; }

    /// <summary>Only tokens of this user.</summary>
    public Guid? Owner { get; init; }

    public string? State { get; init; }

    /// <summary>Only active tokens that have not been used for 90 days.</summary>
    public bool Stale { get; init; }

    /// <summary>Only active tokens that expire within 7 days.</summary>
    public bool Expiring { get; init; }

    /// <summary><c>name</c>, <c>owner</c>, <c>createdAt</c>, <c>lastUsedAt</c> or <c>expiresAt</c>, with a leading
    /// <c>-</c> for descending. If omitted, newest first.</summary>
    public string? Sort { get; init; }

    /// <summary>The <c>next</c> value of the previous page. Cannot be combined with <see cref="Sort"/>.</summary>
    public string? Cursor { get; init; }

    /// <summary>The page size, 1 to 200.</summary>
    public int Limit { get; init; } = Limits.PageSize;

    /// <summary>The number of entries to skip, at most 10,000. For numbered pages; programs should use the
    /// cursor.</summary>
    public int Skip { get; init; }
}
