using AdminConsole.Core.Contracts;

namespace AdminConsole.Core.OAuth;

/// <summary>What has become of a request to connect a device.</summary>
public enum DeviceRequestState
{
    Pending,
    Approved,
    Denied,
    Redeemed,
}

/// <summary>A device that waits to be connected: by a code that it shows and a person approves, or by one that the
/// person was given first.</summary>
public sealed class DeviceRequest
{
    public required Guid Id { get; init; }

    /// <summary>Hash of what the device redeems: the device code, or the person's code.</summary>
    public required byte[] CodeHash { get; init; }

    /// <summary>Hash of the letters that the device shows; null where the person was given theirs first.</summary>
    public byte[]? UserCodeHash { get; init; }

    /// <summary>Which program it says it is; null until the person's code is redeemed.</summary>
    public string? ClientId { get; init; }

    public required string Name { get; init; }
    public required List<string> Scopes { get; init; }

    /// <summary>True where no scope was asked for, so that the scopes limit nothing.</summary>
    public required bool FullAccess { get; init; }

    public required DateTimeOffset RequestedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public string? Ip { get; init; }
    public DateTimeOffset? LastPolledAt { get; init; }
    public required DeviceRequestState State { get; init; }

    /// <summary>Who approved or denied it, when they last proved who they are, and how.</summary>
    public Guid? DecidedById { get; init; }

    public DateTimeOffset? AuthenticatedAt { get; init; }
    public string? Method { get; init; }

    internal DeviceAccess Access => new(Scopes, FullAccess);

    public AuditTarget AsTarget() => new("device", Id.ToString(), Name);
}
