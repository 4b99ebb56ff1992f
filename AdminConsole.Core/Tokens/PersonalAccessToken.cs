using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminConsole.Core.Tokens;

/// <summary>The states of personal access tokens, as the API names them.</summary>
public static class TokenStates
{
    public const string Active = "active";
    public const string Inactive = "inactive";
    public const string Expired = "expired";
    public const string Revoked = "revoked";
    public const string Rotated = "rotated";

    public static readonly IReadOnlyList<string> All = [Active, Inactive, Expired, Revoked, Rotated];
}

/// <summary>A personal access token, with which a program acts for its owner. Only the hash is stored; the secret is
/// shown once.</summary>
public sealed class PersonalAccessToken
{
    public required Guid Id { get; init; }
    public required Guid OwnerId { get; init; }
    public required string Name { get; set; }
    public required List<string> Scopes { get; init; }

    /// <summary>The public first characters of the secret.</summary>
    public required string Prefix { get; init; }

    /// <summary>SHA-256 of the complete secret.</summary>
    public required byte[] Hash { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The id of the first token in this chain of rotations. Equal to <see cref="Id"/> unless the token is a
    /// successor.</summary>
    public required Guid LineageId { get; init; }

    public required Guid? RotatedFrom { get; init; }

    /// <summary>False while the owner has suspended the token.</summary>
    public bool Active { get; private set; } = true;

    public DateTimeOffset? RevokedAt { get; private set; }
    public DateTimeOffset? RotatedAt { get; private set; }

    /// <summary>When the grace period of a rotated token ends; null if only its successor's first use ends
    /// it.</summary>
    public DateTimeOffset? OverlapEndsAt { get; private set; }

    /// <summary>True until the successor's first use ends this token.</summary>
    public bool EndsOnFirstUse { get; private set; }

    /// <summary>When use of the token after it was rotated out was last recorded, at most once a day.</summary>
    public DateTimeOffset? ReuseDetectedAt { get; private set; }

    /// <summary>The number of days before expiry of the latest reminder to the owner; null if none was sent.</summary>
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

    /// <summary>Creates the successor, with the same name and scopes and a new secret.</summary>
    public PersonalAccessToken CreateSuccessor(string secret, DateTimeOffset now, DateTimeOffset? expiresAt)
    {
        var successor = New(Guid.CreateVersion7(now), LineageId, Id, OwnerId, Name, Scopes, secret, now, expiresAt);
        successor.Active = Active;
        return successor;
    }

    public void SetActive(bool active) => Active = active;

    public void Revoke(DateTimeOffset now) => RevokedAt = now;

    /// <summary>Returns true if the token was rotated and its grace period has ended.</summary>
    public bool IsRotatedOut(DateTimeOffset now) => RotatedAt is not null && (OverlapEndsAt is { } end ? end <= now : !EndsOnFirstUse);

    /// <summary>Returns one of <see cref="TokenStates"/>. <see cref="PersonalAccessTokenQueries"/> contains the same
    /// rules as queries.</summary>
    public string StateAt(DateTimeOffset now) =>
        RevokedAt is not null ? TokenStates.Revoked
        : RotatedAt is not null ? TokenStates.Rotated
        : ExpiresAt <= now ? TokenStates.Expired
        : Active ? TokenStates.Active
        : TokenStates.Inactive;

    /// <summary>Returns true if the actor's credential has all scopes of this token. Managing the token then grants it
    /// nothing more.</summary>
    public bool IsWithin(Actor actor) => actor.HasFullAccess || Scopes.TrueForAll(actor.EffectivePermissions.Contains);

    public AuditTarget AsTarget() => new(AuditTargetTypes.Token, Id.ToString(), $"{Name} ({Prefix})");

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

internal sealed class PersonalAccessTokenConfiguration : IEntityTypeConfiguration<PersonalAccessToken>
{
    public void Configure(EntityTypeBuilder<PersonalAccessToken> builder)
    {
        builder.Property(token => token.Name).HasMaxLength(Limits.TokenName);
        builder.Property(token => token.Scopes).IsJsonList();
        // Looked up by the public prefix. The hash is then compared in constant time, not by the database.
        builder.HasIndex(token => token.Prefix);
        builder.HasIndex(token => token.LineageId);
        builder.HasIndex(token => token.ExpiresAt);
        builder.HasOne<AppUser>().WithMany().HasForeignKey(token => token.OwnerId);
    }
}
