using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace AdminConsole.Core.Contracts;

/// <summary>A personal access token as it may be seen: everything but the secret.</summary>
public record TokenSummary
{
    public required Guid Id { get; init; }

    public required string Name { get; init; }

    /// <summary>The first 14 characters, by which people tell tokens apart.</summary>
    public required string Prefix { get; init; }

    /// <summary>What it may do, as far as its owner may do it at that moment.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary> <c>rotated </c> is a token that has a successor; until <c>overlapEndsAt </c>, or the successor's first
    /// use, it still works.</summary>
    public required string State { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null where it does not expire.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>To the minute; null where it was never used.</summary>
    public required DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>The address it was last used from.</summary>
    public required string? LastUsedIp { get; init; }

    /// <summary>When it was revoked; null where it was not.</summary>
    public required DateTimeOffset? RevokedAt { get; init; }

    /// <summary>The token that this one succeeds.</summary>
    public required Guid? RotatedFrom { get; init; }

    /// <summary>Of a rotated token: when it stops, or stopped, working beside its successor. Null where only the
    /// successor's first use ends it.</summary>
    public required DateTimeOffset? OverlapEndsAt { get; init; }

    /// <summary>Of a rotated token: true while it works until its successor is first used.</summary>
    public required bool EndsOnFirstUse { get; init; }

    /// <summary>When it was last used after it was rotated out; a reason to look for a leak.</summary>
    public required DateTimeOffset? ReuseDetectedAt { get; init; }
}

/// <summary>A token and whose it is, for administrators.</summary>
public sealed record OwnedToken : TokenSummary
{
    public OwnedToken() { }

    [SetsRequiredMembers]
    public OwnedToken(TokenSummary token, UserRef owner)
        : base(token) => Owner = owner;

    public required UserRef Owner { get; init; }

    /// <summary>True where revoking it would be refused as <c>above_you</c>.</summary>
    [JsonIgnore]
    public bool IsAbove { get; init; }
}

/// <summary>A new token. Its secret is in this answer and never again.</summary>
public sealed record CreatedToken : TokenSummary
{
    public CreatedToken() { }

    [SetsRequiredMembers]
    public CreatedToken(TokenSummary token, string secret)
        : base(token) => Token = secret;

    /// <summary>The whole secret: send it as <c>Authorization: Bearer …</c></summary>
    public required string Token { get; init; }
}

/// <summary>Makes a token for oneself.</summary>
public sealed record CreateTokenRequest
{
    /// <summary>What it is for.</summary>
    [Required, StringLength(Limits.TokenName)]
    public string Name { get; init; } = "";

    /// <summary>What it may do: permissions that you hold. Left out: <c>["profile.read"]</c>.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>Left out: as the settings say, 90. Null: never, where the settings allow it.</summary>
    [Range(1, 3650)]
    public int? ExpiresInDays
    {
        get;
        init => (field, IsExpiryGiven) = (value, true);
    } = 90;

    internal bool IsExpiryGiven { get; private init; }
}

/// <summary>Changes what is given; what is left out, or null, stays.</summary>
public sealed record UpdateTokenRequest
{
    [StringLength(Limits.TokenName)]
    public string? Name { get; init; }

    /// <summary>False: it is refused from now on, until it is switched on again.</summary>
    public bool? Active { get; init; }
}

/// <summary>How long the old token works on beside the new one.</summary>
public sealed record RotateTokenRequest
{
    /// <summary>In minutes, up to a day. Left out: not at all, unless <c>endOnFirstUse</c>.</summary>
    [Range(0, 1440)]
    public int? OverlapMinutes { get; init; }

    /// <summary>The old one works until the new one is first used; no longer than <c>overlapMinutes </c>, where that is
    /// given.</summary>
    public bool EndOnFirstUse { get; init; }
}

/// <summary>Which tokens to list; the newest comes first.</summary>
public sealed record TokenQuery
{
    /// <summary>Any part of the owner's names, the token's name, or the beginning of its prefix.</summary>
    [StringLength(Limits.Search)]
    public string? Search { get; init; }

    /// <summary>Only this user's.</summary>
    public Guid? Owner { get; init; }

    public string? State { get; init; }

    /// <summary>Only those that work and were not used for 90 days.</summary>
    public bool Stale { get; init; }

    /// <summary>Only those that work and expire within a week.</summary>
    public bool Expiring { get; init; }

    /// <summary> <c>name </c>, <c>owner </c>, <c>createdAt </c>, <c>lastUsedAt </c> or <c>expiresAt </c>, with a
    /// leading - for descending. Left out: the newest comes first.</summary>
    public string? Sort { get; init; }

    /// <summary>The <c>next</c> of the page before; only without <see cref="Sort"/>.</summary>
    public string? Cursor { get; init; }

    /// <summary>1 to 200.</summary>
    public int Limit { get; init; } = Limits.PageSize;

    /// <summary>How many to pass over, 10,000 at most; for the pager of a page, programs use the cursor.</summary>
    public int Skip { get; init; }
}
