using System.ComponentModel.DataAnnotations;

namespace AdminConsole.Core.Contracts;

/// <summary>Renames a device.</summary>
public sealed record RenameDeviceRequest
{
    [Required]
    [StringLength(Limits.DeviceName)]
    public required string Name { get; init; }
}

/// <summary>A connected device: a command line or app that a user signed in and that renews its own access
/// tokens.</summary>
/// <param name="Id">The device's id; the <c>sid</c> claim of its access tokens.</param>
/// <param name="Current">True for the device that sent this request.</param>
/// <param name="Name">The name that the device sent, or that its user gave it.</param>
/// <param name="Client">The client id that the device sent (unverified).</param>
/// <param name="Scopes">The granted scopes. At each request, they are limited to the user's current
/// permissions.</param>
/// <param name="FullAccess">True if the device requested no scope. It then has all permissions of its user, and can
/// manage the user's own credentials.</param>
/// <param name="CreatedAt">When the device was connected.</param>
/// <param name="LastUsedAt">When the device last requested an access token. Access tokens are valid for 15
/// minutes.</param>
/// <param name="ExpiresAt">When the device is signed out unless it is used before.</param>
/// <param name="Ip">The IP address of the last token request.</param>
/// <param name="State"><c>active</c>, <c>expired</c>, or <c>ended</c> once signed out. Ended and expired devices are
/// listed for 30 days.</param>
/// <param name="EndedAt">When the device was signed out; null otherwise.</param>
public sealed record DeviceSummary(
    Guid Id,
    bool Current,
    string Name,
    string Client,
    IReadOnlyList<string> Scopes,
    bool FullAccess,
    DateTimeOffset CreatedAt,
    DateTimeOffset LastUsedAt,
    DateTimeOffset ExpiresAt,
    string? Ip,
    string State,
    DateTimeOffset? EndedAt
);
