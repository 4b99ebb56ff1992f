using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace AdminConsole.Core.Contracts;

/// <summary>True if the first administrator still has to be created.</summary>
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

    /// <summary>The code that the server prints at startup. Required unless the request comes from the server's own
    /// machine, or in development.</summary>
    [StringLength(100)]
    public string? SetupCode { get; init; }
}

/// <summary>Signs in with a password, and with a second factor if one is set up.</summary>
public sealed record LoginRequest
{
    /// <summary>The user's email or username.</summary>
    [Required, StringLength(Limits.Email)]
    public string Login { get; init; } = "";

    [Required]
    public string Password { get; init; } = "";

    /// <summary>True for a session of fixed length (30 days by default). False for one that expires when idle (after 8
    /// hours by default).</summary>
    public bool Remember { get; init; }

    /// <summary>The six-digit code of the authenticator app. Required after <c>mfa_required</c>. Each code works
    /// once.</summary>
    [StringLength(Limits.Code)]
    public string? Code { get; init; }

    /// <summary>A recovery code, instead of <c>code</c>. Each recovery code works once.</summary>
    [StringLength(Limits.Code)]
    public string? RecoveryCode { get; init; }
}

/// <summary>The authenticated user, with the current permissions of the request.</summary>
/// <param name="Id">The user's id.</param>
/// <param name="Email">The email; null for an account without one.</param>
/// <param name="UserName">The username, which also works for signing in. Often equal to the email.</param>
/// <param name="DisplayName">The name to display.</param>
/// <param name="Roles">The names of the user's current roles.</param>
/// <param name="Permissions">The permissions of all roles, limited to the scopes of the token or device. None can be
/// used while <c>mustChangePassword</c> is true.</param>
/// <param name="AuthMethod">The authentication method of this request: <c>session</c>, <c>token</c> or
/// <c>jwt</c>.</param>
/// <param name="MustChangePassword">True while the user can only view their own account, change the password and sign
/// out.</param>
/// <param name="MfaEnabled">True if a second factor is set up.</param>
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
    /// <summary>When a role starts to require a second factor that is missing; null if no role does. From then on, the
    /// user can only set one up (<c>mfa_enrolment_required</c>).</summary>
    public DateTimeOffset? MfaRequiredFrom { get; init; }

    /// <summary>The email, or the username of an account without one.</summary>
    [JsonIgnore]
    public string SignInName => Email ?? UserName;
}

/// <summary>Changes the caller's own password.</summary>
public sealed record ChangePasswordRequest
{
    /// <summary>The current password. A wrong one counts as a failed sign-in.</summary>
    [Required]
    public string CurrentPassword { get; init; } = "";

    [Required]
    public string NewPassword { get; init; } = "";
}

/// <summary>Re-authenticates the user, so that sensitive operations are allowed for the next 15 minutes (by
/// default).</summary>
public sealed record ReauthenticateRequest
{
    public string? Password { get; init; }

    /// <summary>The six-digit code of the authenticator app. Required if the account has one.</summary>
    [StringLength(Limits.Code)]
    public string? Code { get; init; }

    /// <summary>A recovery code, instead of <c>code</c>.</summary>
    [StringLength(Limits.Code)]
    public string? RecoveryCode { get; init; }
}

/// <summary>An authenticator app to set up. Nothing is stored until a code confirms it.</summary>
/// <param name="Secret">The secret in base32, for manual entry.</param>
/// <param name="OtpauthUri">The secret as an <c>otpauth</c> URI, for a QR code.</param>
/// <param name="Enrolment">State to send back with the first code, within 10 minutes.</param>
public sealed record TotpOffer(string Secret, string OtpauthUri, string Enrolment);

/// <summary>Confirms an authenticator app with its first code.</summary>
public sealed record ConfirmTotpRequest
{
    /// <summary>The <c>enrolment</c> value returned with the secret.</summary>
    [Required, StringLength(1000)]
    public string Enrolment { get; init; } = "";

    /// <summary>The six-digit code that the app currently shows.</summary>
    [Required, StringLength(Limits.Code)]
    public string Code { get; init; } = "";
}

/// <summary>Ten recovery codes. Each signs in once, instead of a code of the app. They are returned only
/// once.</summary>
public sealed record RecoveryCodes(IReadOnlyList<string> Codes);

/// <summary>Requests an email with a link for setting a new password.</summary>
public sealed record ForgotPasswordRequest
{
    /// <summary>The email of the account. The link is sent to it.</summary>
    [Required, StringLength(Limits.Email)]
    public string Email { get; init; } = "";
}

/// <summary>Requests a change of the caller's own email.</summary>
public sealed record ChangeEmailRequest
{
    /// <summary>The new email. The confirmation link is sent to it.</summary>
    [Required, StringLength(Limits.Email)]
    public string Email { get; init; } = "";
}

/// <summary>Redeems a link that confirms an email.</summary>
public sealed record ConfirmEmailRequest
{
    /// <summary>The <c>email</c> parameter of the link: the new email.</summary>
    [Required, StringLength(Limits.Email)]
    public string Email { get; init; } = "";

    /// <summary>The secret of the link. It works once.</summary>
    [Required, StringLength(200)]
    public string Token { get; init; } = "";
}

/// <summary>Redeems a link for setting a new password.</summary>
public sealed record ResetPasswordRequest
{
    /// <summary>The <c>email</c> parameter of the link: the email of the account, or the username of an account without
    /// one.</summary>
    [Required, StringLength(Limits.Email)]
    public string Email { get; init; } = "";

    /// <summary>The secret of the link. It works once.</summary>
    [Required, StringLength(200)]
    public string Token { get; init; } = "";

    [Required]
    public string NewPassword { get; init; } = "";
}

/// <summary>A single-use link for setting a new password, valid for an hour (by default).</summary>
/// <param name="ResetToken">The secret of the link. It is returned only once.</param>
/// <param name="ResetUrl">The link.</param>
/// <param name="EmailSent">True if the link was emailed to the user. False without a mail server or for an account
/// without an email; then the caller has to deliver the link.</param>
public sealed record PasswordResetLink(string ResetToken, string ResetUrl, bool EmailSent);

/// <summary>A single-use link for choosing the first password, which also signs the user in. It is valid for 7 days and
/// returned only once.</summary>
/// <param name="Token">The secret of the link.</param>
/// <param name="Url">The link.</param>
public sealed record InvitationLink(string Token, string Url);

/// <summary>Sets a password that the user must change at the next sign-in.</summary>
public sealed record SetPasswordRequest
{
    [Required]
    public string Password { get; init; } = "";
}
