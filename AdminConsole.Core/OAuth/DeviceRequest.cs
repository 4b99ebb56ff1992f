using AdminConsole.Core.Contracts;

namespace AdminConsole.Core.OAuth;

/// <summary>The states of a request to connect a device.</summary>
public enum DeviceRequestState
{
    Pending,
    Approved,
    Denied,
    Redeemed,
}

/// <summary>A request to connect a device. It is made either with a code that the device shows and a user approves, or
/// with a CLI code that a user got first.</summary>
public sealed class DeviceRequest
{
    public required Guid Id { get; init; }

    /// <summary>The hash of the code that the device redeems: the device code or the CLI code.</summary>
    public required byte[] CodeHash { get; init; }

    /// <summary>The hash of the user code that the device shows; null for a CLI code.</summary>
    public byte[]? UserCodeHash { get; init; }

    /// <summary>The client id (unverified); null for a CLI code, which is not issued to a specific client.</summary>
    public string? ClientId { get; init; }

    public required string Name { get; init; }
    public required List<string> Scopes { get; init; }

    /// <summary>True if no scope was requested, so that <see cref="Scopes"/> does not limit the device.</summary>
    public required bool FullAccess { get; init; }

    public required DateTimeOffset RequestedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public string? Ip { get; init; }
    public DateTimeOffset? LastPolledAt { get; init; }
    public required DeviceRequestState State { get; init; }

    /// <summary>The user who approved or denied the request. The next two properties are when and how that user
    /// authenticated.</summary>
    public Guid? DecidedById { get; init; }

    public DateTimeOffset? AuthenticatedAt { get; init; }
    public string? Method { get; init; }

    internal DeviceAccess Access => new(Scopes, FullAccess);

    public AuditTarget AsTarget() => new(AuditTargetTypes.Device, Id.ToString(), Name);
}
