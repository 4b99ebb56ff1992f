using AdminConsole.Core.Contracts;

namespace AdminConsole.Core.Identity;

/// <summary>A link that works once, for a password or to confirm an email. Only the hash of its secret is
/// kept.</summary>
public sealed class SingleUseLink
{
    public required Guid Id { get; init; }
    public required Guid UserId { get; init; }

    /// <summary>One of the purposes of <see cref="SingleUseTokens"/>.</summary>
    public required string Purpose { get; init; }

    /// <summary>
    /// What the link was made for, and works with only: the email, or the username of an account without one. For a new
    /// email, that
    /// email. Null in rows of earlier versions, which end with a change of the address.
    /// </summary>
    public string? Name { get; init; }

    public required byte[] SecretHash { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? UsedAt { get; init; }

    // The previous version writes and reads these in place of the purpose. It may run beside this one, so both are kept
    // for a release.
    internal bool IsInvitation { get; init; }
    internal bool IsSelfMade { get; init; }

    /// <summary>When a link that is made at this time expires; an invitation lives longer.</summary>
    internal static DateTimeOffset EndOf(DateTimeOffset at, SystemSettings settings) => at.AddMinutes(settings.PasswordResetMinutes);
}
