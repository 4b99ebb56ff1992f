using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;

namespace AdminConsole.Core.Tokens;

/// <summary>What has become of a token; the value stands in the API.</summary>
public static class TokenStates
{
    public const string Active = "active";
    public const string Inactive = "inactive";
    public const string Expired = "expired";
    public const string Revoked = "revoked";
    public const string Rotated = "rotated";

    public static readonly IReadOnlyList<string> All = [Active, Inactive, Expired, Revoked, Rotated];
}

/// <summary>A secret that a program signs in with in its owner's name. The row holds its hash; the secret is shown once
/// and kept nowhere.</summary>
public sealed class PersonalAccessToken
{
    public required Guid Id { get; init; }
    public required Guid OwnerId { get; init; }
    public required string Name { get; set; }
    public required List<string> Scopes { get; init; }

    /// <summary>The first characters of the secret, which are public.</summary>
    public required string Prefix { get; init; }

    /// <summary>SHA-256 of the whole secret.</summary>
    public required byte[] Hash { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The first token of the line that this one belongs to; its own id where it was made, not
    /// rotated.</summary>
    public required Guid LineageId { get; init; }

    public required Guid? RotatedFrom { get; init; }

    /// <summary>The owner's switch.</summary>
    public bool Active { get; private set; } = true;

    public DateTimeOffset? RevokedAt { get; private set; }
    public DateTimeOffset? RotatedAt { get; private set; }

    /// <summary>When a rotated token stops working; null where only its successor's first use ends it.</summary>
    public DateTimeOffset? OverlapEndsAt { get; private set; }

    /// <summary>Whether the successor's first use ends it; false again once it has.</summary>
    public bool EndsOnFirstUse { get; private set; }

    /// <summary>When it was last used although it had been rotated out, noted at most once a day.</summary>
    public DateTimeOffset? ReuseDetectedAt { get; private set; }

    /// <summary>How many days before its end its owner was last reminded; null where not yet.</summary>
    public int? RemindedDays { get; private set; }

    public DateTimeOffset? LastUsedAt { get; private set; }
    public string? LastUsedIp { get; private set; }

    public static PersonalAccessToken Create(
        Guid ownerId,
        string name,
        IEnumerable<string> scopes,
        string secret,
        DateTimeOffset now,
        DateTimeOffset? expiresAt
    )
    {
        var id = Guid.CreateVersion7(now);
        return New(id, id, null, ownerId, name, scopes, secret, now, expiresAt);
    }

    /// <summary>The successor: the same name and scopes, a new secret.</summary>
    public PersonalAccessToken Succeed(string secret, DateTimeOffset now, DateTimeOffset? expiresAt)
    {
        var successor = New(Guid.CreateVersion7(now), LineageId, Id, OwnerId, Name, Scopes, secret, now, expiresAt);
        successor.Active = Active;
        return successor;
    }

    public void Switch(bool active) => Active = active;

    public void Revoke(DateTimeOffset now) => RevokedAt = now;

    /// <summary>True where a rotated token no longer works beside its successor.</summary>
    public bool IsRotatedOut(DateTimeOffset now) => RotatedAt is not null && (OverlapEndsAt is { } end ? end <= now : !EndsOnFirstUse);

    /// <summary>One of <see cref="TokenStates"/>; <see cref="PersonalAccessTokenQueries"/> says the same to the database.</summary>
    public string StateAt(DateTimeOffset now) =>
        RevokedAt is not null ? TokenStates.Revoked
        : RotatedAt is not null ? TokenStates.Rotated
        : ExpiresAt <= now ? TokenStates.Expired
        : Active ? TokenStates.Active
        : TokenStates.Inactive;

    /// <summary>Whether this actor's credential has all of the token's scopes, so that managing the token gives it
    /// nothing more.</summary>
    public bool IsWithin(Actor actor) => actor.HasFullAccess || Scopes.TrueForAll(actor.EffectivePermissions.Contains);

    public AuditTarget AsTarget() => new("token", Id.ToString(), $"{Name} ({Prefix})");

    public TokenSummary ToSummary(DateTimeOffset now) =>
        new()
        {
            Id = Id,
            Name = Name,
            Prefix = Prefix,
            Scopes = Scopes,
            State = StateAt(now),
            CreatedAt = CreatedAt,
            ExpiresAt = ExpiresAt,
            LastUsedAt = LastUsedAt,
            LastUsedIp = LastUsedIp,
            RevokedAt = RevokedAt,
            RotatedFrom = RotatedFrom,
            OverlapEndsAt = OverlapEndsAt,
            EndsOnFirstUse = EndsOnFirstUse,
            ReuseDetectedAt = ReuseDetectedAt,
        };

    private static PersonalAccessToken New(
        Guid id,
        Guid lineage,
        Guid? from,
        Guid owner,
        string name,
        IEnumerable<string> scopes,
        string secret,
        DateTimeOffset now,
        DateTimeOffset? expiresAt
    ) =>
        new()
        {
            Id = id,
            LineageId = lineage,
            RotatedFrom = from,
            OwnerId = owner,
            Name = name,
            Scopes = [.. scopes.Distinct().Order(StringComparer.Ordinal)],
            Prefix = secret[..Secret.TokenPrefixLength],
            Hash = Secret.Hash(secret),
            CreatedAt = now,
            ExpiresAt = expiresAt,
        };
}
