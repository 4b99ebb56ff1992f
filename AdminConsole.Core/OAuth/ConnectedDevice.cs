using System.Security.Cryptography;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Core.OAuth;

/// <summary>What has become of a device; the value stands in the API.</summary>
public static class DeviceStates
{
    public const string Active = "active";
    public const string Expired = "expired";
    public const string Ended = "ended";

    public static readonly IReadOnlyList<string> All = [Active, Expired, Ended];
}

/// <summary>A program that its user signed in, with the one refresh token of its family that is good. Without the row,
/// or once it has ended, no token of it is anything.</summary>
public sealed class ConnectedDevice
{
    public required Guid Id { get; init; }
    public required Guid UserId { get; init; }
    public required string Name { get; init; }
    public required string ClientId { get; init; }
    public required List<string> Scopes { get; init; }

    /// <summary>True where no scope was asked for, so that the scopes limit nothing.</summary>
    public required bool FullAccess { get; init; }

    /// <summary>How the person had signed in who connected it: <c>password</c>, …</summary>
    public required string Method { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When that person last proved who they are.</summary>
    public required DateTimeOffset AuthenticatedAt { get; init; }

    public required DateTimeOffset LastUsedAt { get; init; }
    public string? Ip { get; init; }

    /// <summary>When it ends unless it is used; never past <see cref="EndsAt"/>.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>How many refresh tokens were spent.</summary>
    public required int Generation { get; init; }

    /// <summary>SHA-256 of the one that is good.</summary>
    public required byte[] TokenHash { get; init; }

    /// <summary>When the one before was spent; null where there was none.</summary>
    public DateTimeOffset? SpentAt { get; init; }

    /// <summary>When it was signed out; null while it was not. An ended one is only listed: queries find it with
    /// <c>IgnoreQueryFilters </c>. </summary>
    public DateTimeOffset? EndedAt { get; init; }

    internal DeviceAccess Access => new(Scopes, FullAccess);

    public AuditTarget AsTarget() => new("device", Id.ToString(), Name);

    public string StateAt(DateTimeOffset now) =>
        EndedAt is not null ? DeviceStates.Ended
        : ExpiresAt <= now ? DeviceStates.Expired
        : DeviceStates.Active;

    public DeviceSummary ToSummary(Guid? current, DateTimeOffset now) =>
        new(Id, Id == current, Name, ClientId, Scopes, FullAccess, CreatedAt, LastUsedAt, ExpiresAt, Ip, StateAt(now), EndedAt);

    internal bool Holds(RefreshToken token) =>
        Generation == token.Generation && CryptographicOperations.FixedTimeEquals(TokenHash, token.Hash());
}
