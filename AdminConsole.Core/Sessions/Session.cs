using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace AdminConsole.Core.Sessions;

/// <summary>A signed-in browser. The cookie holds a random key, and this row its hash. A cookie without a row is
/// invalid.</summary>
public sealed class Session
{
    public required Guid Id { get; init; }
    public required Guid UserId { get; init; }

    /// <summary>The SHA-256 hash of the key in the cookie.</summary>
    public required byte[] KeyHash { get; init; }

    /// <summary>The sign-in method, such as <c>password</c>.</summary>
    public required string Method { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset LastSeenAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When the user last authenticated in this session.</summary>
    public required DateTimeOffset AuthenticatedAt { get; init; }

    /// <summary>True if the session expires a fixed number of days after the sign-in. Otherwise it expires some hours
    /// after its last use. The settings define both.</summary>
    public required bool Remember { get; init; }

    /// <summary>The number of unknown device codes entered in this session.</summary>
    public int WrongCodes { get; init; }

    /// <summary>The identity provider that the user signed in with; null for another way.</summary>
    public Guid? ProviderId { get; init; }

    /// <summary>The provider's id of its own session (<c>sid</c>), for its back-channel logout; null if it sent
    /// none.</summary>
    public string? ProviderSessionId { get; init; }

    public string? Ip { get; init; }
    public string? UserAgent { get; init; }

    public static Session Start(
        Guid userId,
        string key,
        string method,
        bool remember,
        Actor caller,
        SystemSettings settings,
        DateTimeOffset now,
        ProviderSession? provider = null
    ) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            UserId = userId,
            KeyHash = Secret.Hash(key),
            Method = method,
            CreatedAt = now,
            LastSeenAt = now,
            AuthenticatedAt = provider?.AuthenticatedAt < now ? provider.AuthenticatedAt.Value : now,
            ExpiresAt = remember ? now.AddDays(settings.SessionRememberedDays) : now.AddHours(settings.SessionSlidingHours),
            Remember = remember,
            ProviderId = provider?.ProviderId,
            ProviderSessionId = provider?.SessionId,
            Ip = caller.Ip,
            UserAgent = caller.UserAgent,
        };

    public AuditTarget AsTarget() => new(AuditTargetTypes.Session, Id.ToString(), UserAgent);

    public SessionSummary ToSummary(Guid? current) =>
        new(Id, Id == current, Method, CreatedAt, LastSeenAt, ExpiresAt, Remember, Ip, UserAgent);
}

/// <summary>The session at an identity provider that a session here was started with.</summary>
/// <param name="ProviderId">The provider.</param>
/// <param name="SessionId">The provider's id of its session (<c>sid</c>), if it sent one.</param>
/// <param name="AuthenticatedAt">When the user authenticated there (<c>auth_time</c>), if the provider sent it.</param>
public sealed record ProviderSession(Guid ProviderId, string? SessionId, DateTimeOffset? AuthenticatedAt);

internal sealed class SessionConfiguration : IEntityTypeConfiguration<Session>
{
    public void Configure(EntityTypeBuilder<Session> builder)
    {
        builder.HasIndex(session => session.KeyHash).IsUnique();
        builder.HasIndex(session => session.ExpiresAt);
        builder.Property(session => session.ProviderSessionId).HasMaxLength(255);
        // For back-channel logout. Most sessions have no provider.
        builder.HasIndex(session => new { session.ProviderId, session.ProviderSessionId }).HasFilter("\"ProviderId\" IS NOT NULL");
        builder.HasOne<AppUser>().WithMany().HasForeignKey(session => session.UserId);
    }
}
