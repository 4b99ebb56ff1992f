using System.ComponentModel.DataAnnotations;

namespace AdminConsole.Core.Contracts;

/// <summary>Renames a device.</summary>
public sealed record RenameDeviceRequest
{
    [Required]
    [StringLength(Limits.DeviceName)]
    public required string Name { get; init; }
}

/// <summary>A program that was signed in by its user and keeps itself so: a command line on some machine, an
/// app.</summary>
/// <param name="Id">The device's id; the <c>sid</c> of its access tokens.</param>
/// <param name="Current">True for the one that this request came from.</param>
/// <param name="Name">What it calls itself, or its user called it.</param>
/// <param name="Client">Which program it is, as it says.</param>
/// <param name="Scopes">What it was given; it never does more than its user may at that moment.</param>
/// <param name="FullAccess">True where it asked for no scope: it may do everything that its user may, also to the
/// user's own credentials.</param>
/// <param name="CreatedAt">When it was connected.</param>
/// <param name="LastUsedAt">When it last asked for an access token, which lasts 15 minutes.</param>
/// <param name="ExpiresAt">When it is signed out if it is not used until then.</param>
/// <param name="Ip">The address it last asked from.</param>
/// <param name="State"><c>ended</c> once it is signed out; ended and expired ones stay in the list for 30 days.</param>
/// <param name="EndedAt">When it was signed out.</param>
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
