using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace AdminConsole.Core.Contracts;

/// <summary>Whether the first administrator still has to be created.</summary>
public sealed record SetupState(bool SetupRequired);

/// <summary>Creates the first administrator.</summary>
public sealed record SetupRequest
{
    [Required, StringLength(Limits.Email)]
    public string Email { get; init; } = "";

    [StringLength(Limits.UserName)]
    public string? UserName { get; init; }

    [StringLength(Limits.DisplayName)]
    public string? DisplayName { get; init; }

    [Required]
    public string Password { get; init; } = "";

    /// <summary>The code that the program printed at start; needed unless the request comes from the machine itself or
    /// in development.</summary>
    [StringLength(100)]
    public string? SetupCode { get; init; }
}

/// <summary>Signs in with a password, and a second factor where one is set.</summary>
public sealed record LoginRequest
{
    /// <summary>Email or username.</summary>
    [Required, StringLength(Limits.Email)]
    public string Login { get; init; } = "";

    [Required]
    public string Password { get; init; } = "";

    /// <summary>30 days, not sliding, instead of 8 hours, sliding.</summary>
    public bool Remember { get; init; }

    /// <summary>The six digits of the authenticator app; asked for by <c>mfa_required</c>. Each works once.</summary>
    [StringLength(Limits.Code)]
    public string? Code { get; init; }

    /// <summary>One of the recovery codes, in its place. Each works once.</summary>
    [StringLength(Limits.Code)]
    public string? RecoveryCode { get; init; }
}

/// <summary>Who the caller is and what it may do now.</summary>
/// <param name="Id">The user's id.</param>
/// <param name="Email">The address; null for an account without one.</param>
/// <param name="UserName">The other name to sign in with; often the address.</param>
/// <param name="DisplayName">The name to show.</param>
/// <param name="Roles">The names of the roles held now.</param>
/// <param name="Permissions">What all roles together allow now; nothing but signing out works while
/// <c>mustChangePassword </c>. </param>
/// <param name="AuthMethod">How this request proved who it comes from.</param>
/// <param name="MustChangePassword">True while only looking at oneself, changing the password and signing out
/// work.</param>
/// <param name="MfaEnabled">True where a second factor is set.</param>
public sealed record Me(
    Guid Id,
    string? Email,
    string UserName,
    string DisplayName,
    IReadOnlyList<string> Roles,
    IReadOnlyList<string> Permissions,
    string AuthMethod,
    bool MustChangePassword,
    bool MfaEnabled
)
{
    /// <summary>From when a role requires a second factor that is missing; null where none does. From then on only
    /// setting it up works (<c>mfa_enrolment_required</c>).</summary>
    public DateTimeOffset? MfaRequiredFrom { get; init; }

    /// <summary>The email, or the username of an account without one.</summary>
    [JsonIgnore]
    public string SignInName => Email ?? UserName;
}

/// <summary>Changes one's own password.</summary>
public sealed record ChangePasswordRequest
{
    /// <summary>A wrong one counts as a failed sign-in.</summary>
    [Required]
    public string CurrentPassword { get; init; } = "";

    [Required]
    public string NewPassword { get; init; } = "";
}

/// <summary>Proves again who one is, so that sensitive acts are allowed for 15 minutes.</summary>
public sealed record ReauthenticateRequest
{
    public string? Password { get; init; }

    /// <summary>The six digits of the authenticator app, where the account has one.</summary>
    [StringLength(Limits.Code)]
    public string? Code { get; init; }

    /// <summary>One of the recovery codes, in its place.</summary>
    [StringLength(Limits.Code)]
    public string? RecoveryCode { get; init; }
}

/// <summary>An authenticator app to set up. Nothing is stored until a code confirms it.</summary>
/// <param name="Secret">The secret in base32, to type in.</param>
/// <param name="OtpauthUri">The same as an otpauth URI, for a QR code.</param>
/// <param name="Enrolment">Send it back with the first code, within 10 minutes.</param>
public sealed record TotpOffer(string Secret, string OtpauthUri, string Enrolment);

/// <summary>Confirms an authenticator app with the first code that it shows.</summary>
public sealed record ConfirmTotpRequest
{
    /// <summary>The <c>enrolment</c> of the answer that gave the secret.</summary>
    [Required, StringLength(1000)]
    public string Enrolment { get; init; } = "";

    /// <summary>The six digits that the app shows now.</summary>
    [Required, StringLength(Limits.Code)]
    public string Code { get; init; } = "";
}

/// <summary>Ten codes that sign in once each in place of the authenticator app. They are in this answer and never
/// again.</summary>
public sealed record RecoveryCodes(IReadOnlyList<string> Codes);

/// <summary>Asks for a mail with a link to set a new password.</summary>
public sealed record ForgotPasswordRequest
{
    /// <summary>The address of the account, to which the mail goes.</summary>
    [Required, StringLength(Limits.Email)]
    public string Email { get; init; } = "";
}

/// <summary>Asks for another email of one's own account.</summary>
public sealed record ChangeEmailRequest
{
    /// <summary>The new address, to which the link goes that confirms it.</summary>
    [Required, StringLength(Limits.Email)]
    public string Email { get; init; } = "";
}

/// <summary>Uses the link that confirms an email.</summary>
public sealed record ConfirmEmailRequest
{
    /// <summary>The <c>email</c> of the link: the new address.</summary>
    [Required, StringLength(Limits.Email)]
    public string Email { get; init; } = "";

    /// <summary>The secret of the link; works once.</summary>
    [Required, StringLength(200)]
    public string Token { get; init; } = "";
}

/// <summary>Uses the link that a password reset gave.</summary>
public sealed record ResetPasswordRequest
{
    /// <summary>The <c>email </c> of the link: the address of the account, or the username of an account without
    /// one.</summary>
    [Required, StringLength(Limits.Email)]
    public string Email { get; init; } = "";

    /// <summary>The secret of the link; works once.</summary>
    [Required, StringLength(200)]
    public string Token { get; init; } = "";

    [Required]
    public string NewPassword { get; init; } = "";
}

/// <summary>A way to set a new password, once, within the hour.</summary>
/// <param name="ResetToken">The secret; it is in this answer and never again.</param>
/// <param name="ResetUrl">The page to open with it.</param>
/// <param name="EmailSent">
/// True where the link was mailed to the user. False without a mail server, and for an account without an email: hand
/// it over then.
/// </param>
public sealed record PasswordResetLink(string ResetToken, string ResetUrl, bool EmailSent);

/// <summary>A link to choose the first password, which signs the user in. It works once, for 7 days, and is returned
/// only once.</summary>
/// <param name="Token">The secret in the link.</param>
/// <param name="Url">The link itself.</param>
public sealed record InvitationLink(string Token, string Url);

/// <summary>Gives a user a password that must be changed at once.</summary>
public sealed record SetPasswordRequest
{
    [Required]
    public string Password { get; init; } = "";
}
