using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace AdminConsole.Core.Contracts;

/// <summary>A person, by id and name as it was when noted down.</summary>
public sealed record PersonRef(Guid? Id, string Name);

/// <summary>A user, by id and names.</summary>
/// <param name="Id">The user's id.</param>
/// <param name="Email">The address; null for an account without one.</param>
/// <param name="UserName">The other name to sign in with; often the address.</param>
public sealed record UserRef(Guid Id, string? Email, string UserName)
{
    /// <summary>The email, or the username of an account without one.</summary>
    [JsonIgnore]
    public string SignInName => Email ?? UserName;

    /// <summary>How the console names the person; null where it comes from elsewhere.</summary>
    [JsonIgnore]
    public string? DisplayName { get; init; }
}

/// <summary>A user as the API and the grid show it.</summary>
public sealed record UserDetails
{
    public required Guid Id { get; init; }

    /// <summary>Null for an account without an email, which signs in with the username and gets no mail.</summary>
    public required string? Email { get; init; }

    /// <summary>The other name to sign in with; often the address.</summary>
    public required string UserName { get; init; }

    /// <summary>The email, or the username of an account without one.</summary>
    [JsonIgnore]
    public string SignInName => Email ?? UserName;

    public required string DisplayName { get; init; }
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>True where an older account has the same email in another spelling; nobody can sign in with this one
    /// until it's changed.</summary>
    public bool EmailConflict { get; init; }

    /// <summary>The same for the username.</summary>
    public bool UserNameConflict { get; init; }

    /// <summary>False while the user is kept out.</summary>
    public required bool Active { get; init; }

    /// <summary>
    /// <c>active </c>, <c>invited </c>, <c>no_password </c>, <c>password_change_required </c>, <c>locked </c>,
    /// <c>deactivated </c> or
    /// <c>locked_down</c>: what people see as the status.
    /// </summary>
    public string Status { get; init; } = UserStatuses.Active;

    /// <summary>Set while too many wrong passwords keep the account from signing in.</summary>
    public DateTimeOffset? LockedOutUntil { get; init; }

    /// <summary>True while only looking at oneself, changing the password and signing out work.</summary>
    public required bool MustChangePassword { get; init; }

    /// <summary>False where the user cannot sign in with a password.</summary>
    public required bool HasPassword { get; init; }

    /// <summary>True where a second factor is set.</summary>
    public required bool MfaEnabled { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Null where the user never signed in.</summary>
    public DateTimeOffset? LastSignInAt { get; init; }

    /// <summary>Set, like who did it and why, while the user is not active.</summary>
    public DateTimeOffset? DeactivatedAt { get; init; }

    public PersonRef? DeactivatedBy { get; init; }
    public string? DeactivatedReason { get; init; }

    /// <summary>When the user becomes active again without an administrator; null where never.</summary>
    public DateTimeOffset? DeactivatedUntil { get; init; }

    /// <summary>Set from a lockdown until the user is activated again.</summary>
    [JsonIgnore]
    public DateTimeOffset? LockedDownAt { get; init; }

    /// <summary>Until when the open invitation works; null where there is none.</summary>
    [JsonIgnore]
    public DateTimeOffset? InvitedUntil { get; init; }
}

/// <summary>Creates a user, with a password, with an invitation to choose one, or without a way to sign in
/// yet.</summary>
public sealed record CreateUserRequest
{
    /// <summary>
    /// An address that mail can reach. However its domain is written, one mailbox is one account. Left out or null, the
    /// account has no
    /// email: it needs a <c>userName</c>, and gets no mail.
    /// </summary>
    [StringLength(Limits.Email)]
    public string? Email { get; init; }

    /// <summary>Defaults to the email. Letters and digits of any script and . - _ + only, and nothing that parses as an
    /// id.</summary>
    [StringLength(Limits.UserName)]
    public string? UserName { get; init; }

    /// <summary>Defaults to the part of the address before the @, or to the username of an account without an
    /// email.</summary>
    [StringLength(Limits.DisplayName)]
    public string? DisplayName { get; init; }

    /// <summary>Defaults to <c>["User"]</c>; any other also needs roles.assign.</summary>
    public IReadOnlyList<string>? Roles { get; init; }

    /// <summary>Left out, the user cannot sign in yet.</summary>
    public string? Password { get; init; }

    /// <summary>True where the user has to replace the given password at the first sign-in.</summary>
    public bool MustChangePassword { get; init; }

    /// <summary>
    /// Mails a link with which the user chooses a password within 7 days; not together with a password, nor without an
    /// email.
    /// </summary>
    public bool Invite { get; init; }
}

/// <summary>Changes some of a user; what is left out stays.</summary>
public sealed record UpdateUserRequest
{
    [StringLength(Limits.DisplayName)]
    public string? DisplayName { get; init; }

    [StringLength(Limits.UserName)]
    public string? UserName { get; init; }

    /// <summary>Another address, or the first one of an account without an email.</summary>
    [StringLength(Limits.Email)]
    public string? Email { get; init; }

    public bool? Active { get; init; }

    /// <summary>The roles the user shall have from now on; needs roles.assign.</summary>
    public IReadOnlyList<string>? Roles { get; init; }
}

/// <summary>Why a user is deactivated, and for how long.</summary>
public sealed record DeactivateRequest
{
    [StringLength(Limits.Reason)]
    public string? Reason { get; init; }

    /// <summary>
    /// When the user becomes active again automatically, in the future. Without it, an administrator has to activate
    /// the user.
    /// </summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>Why a user is locked down.</summary>
public sealed record LockdownRequest
{
    [StringLength(Limits.Reason)]
    public string? Reason { get; init; }
}

/// <summary>Which users to list, in which order.</summary>
public sealed record UserQuery
{
    /// <summary>
    /// Part of the email, username or name. Two characters match the beginning of one of them; a single one the
    /// beginning of the email, or
    /// of the username of an account without an email.
    /// </summary>
    public string? Search { get; init; }

    /// <summary>Only the user who signs in with exactly this: the whole email, or the whole username.</summary>
    public string? Login { get; init; }

    /// <summary>Only users with this role.</summary>
    public string? Role { get; init; }

    public bool? Active { get; init; }

    /// <summary>
    /// One of <c>active </c>, <c>invited </c>, <c>no_password </c>, <c>password_change_required </c>, <c>locked </c>,
    /// <c>deactivated </c> and
    /// <c>locked_down</c>.
    /// </summary>
    public string? Status { get; init; }

    /// <summary>Only users with an authenticator app, or only those without.</summary>
    public bool? Mfa { get; init; }

    /// <summary>True: only users who never signed in. False: only those who did.</summary>
    public bool? NeverSignedIn { get; init; }

    /// <summary>Only users who did not sign in for so many days, or never.</summary>
    public int? InactiveDays { get; init; }

    /// <summary> <c>email </c>, <c>userName </c>, <c>displayName </c>, <c>createdAt </c>, <c>updatedAt </c> or
    /// <c>lastSignInAt </c>, with a leading - for descending.</summary>
    public string? Sort { get; init; }

    /// <summary>The <c>next</c> of the page before.</summary>
    public string? Cursor { get; init; }

    /// <summary>1 to 200.</summary>
    public int Limit { get; init; } = Limits.PageSize;

    /// <summary>How many to pass over, 10,000 at most; for the grid's pager, programs use the cursor.</summary>
    public int Skip { get; init; }
}
