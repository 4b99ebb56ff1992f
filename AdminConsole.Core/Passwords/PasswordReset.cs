using AdminConsole.Core.Contracts;

namespace AdminConsole.Core.Passwords;

/// <summary>A single-use way to set a new password; only the secret's hash is kept.</summary>
public sealed class PasswordReset
{
    public required Guid Id { get; init; }
    public required Guid UserId { get; init; }

    /// <summary>
    /// What the link was made for: the email, or the username of an account without one. It works with no other. Null in rows of
    /// earlier versions, which end with a change of the address.
    /// </summary>
    public string? SignInName { get; init; }

    public required byte[] SecretHash { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? UsedAt { get; init; }

    /// <summary>True where it is the first password of somebody who was invited, and so the way in to the account.</summary>
    public bool IsInvitation { get; init; }

    /// <summary>True where nobody but whoever knows the address asked for it.</summary>
    public bool IsSelfMade { get; init; }

    /// <summary>When a link that is made at this time expires; an invitation lives longer.</summary>
    internal static DateTimeOffset EndOf(DateTimeOffset at, SystemSettings settings) => at.AddMinutes(settings.PasswordResetMinutes);
}
