using System.Security.Cryptography;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Core.OAuth;

/// <summary>The states of connected devices, as the API names them.</summary>
public static class DeviceStates
{
    public const string Active = "active";
    public const string Expired = "expired";
    public const string Ended = "ended";

    public static readonly IReadOnlyList<string> All = [Active, Expired, Ended];
}

/// <summary>A client that a user signed in, with the hash of its only valid refresh token. Once the device has ended or
/// its row is deleted, all its tokens are invalid.</summary>
public sealed class ConnectedDevice
{
    public required Guid Id { get; init; }
    public required Guid UserId { get; init; }
    public required string Name { get; init; }
    public required string ClientId { get; init; }
    public required List<string> Scopes { get; init; }

    /// <summary>True if the device requested no scope, so that <see cref="Scopes"/> does not limit it.</summary>
    public required bool FullAccess { get; init; }

    /// <summary>How the user who connected the device had signed in, such as <c>password</c>.</summary>
    public required string Method { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the user who connected the device had last authenticated.</summary>
    public required DateTimeOffset AuthenticatedAt { get; init; }

    public required DateTimeOffset LastUsedAt { get; init; }
    public string? Ip { get; init; }

    /// <summary>When the device is signed out unless it is used before; never after <see cref="EndsAt"/>.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>The number of refresh tokens used so far.</summary>
    public required int Generation { get; init; }

    /// <summary>SHA-256 of the valid refresh token.</summary>
    public required byte[] TokenHash { get; init; }

    /// <summary>When the previous refresh token was used; null if there was none.</summary>
    public DateTimeOffset? SpentAt { get; init; }

    /// <summary>When the device was signed out; null while it is connected. An ended device is excluded by a query
    /// filter; lists include it with <c>IgnoreQueryFilters</c>.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    internal DeviceAccess Access => new(Scopes, FullAccess);

    public AuditTarget AsTarget() => new(AuditTargetTypes.Device, Id.ToString(), Name);

    public string StateAt(DateTimeOffset now) =>
        EndedAt is not null ? DeviceStates.Ended
        : ExpiresAt <= now ? DeviceStates.Expired
        : DeviceStates.Active;

    public DeviceSummary ToSummary(Guid? current, DateTimeOffset now) =>
        new(Id, Id == current, Name, ClientId, Scopes, FullAccess, CreatedAt, LastUsedAt, ExpiresAt, Ip, StateAt(now), EndedAt);

    internal bool Matches(RefreshToken token) =>
        Generation == token.Generation && CryptographicOperations.FixedTimeEquals(TokenHash, token.Hash());
}
