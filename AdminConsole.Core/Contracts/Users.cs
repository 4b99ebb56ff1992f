using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace AdminConsole.Core.Contracts;

/// <summary>A reference to a user: the id, and the name at the time it was recorded.</summary>
public sealed record PersonRef(Guid? Id, string Name);

/// <summary>A reference to a user: the id and the current names.</summary>
/// <param name="Id">The user's id.</param>
/// <param name="Email">The email; null for an account without one.</param>
/// <param name="UserName">The username, which also works for signing in. Often equal to the email.</param>
public sealed record UserRef(Guid Id, string? Email, string UserName)
{
    /// <summary>The email, or the username of an account without one.</summary>
    [JsonIgnore]
    public string SignInName => Email ?? UserName;

    /// <summary>The name that pages display; null if the reference comes from an API response.</summary>
    [JsonIgnore]
    public string? DisplayName { get; init; }
}

/// <summary>A user in the API and in the user list.</summary>
public sealed record UserDetails
{
    public required Guid Id { get; init; }

    /// <summary>The email; null for an account without one, which signs in with the username and receives no
    /// emails.</summary>
    public required string? Email { get; init; }

    /// <summary>The username, which also works for signing in. Often equal to the email.</summary>
    public required string UserName { get; init; }

    /// <summary>The email, or the username of an account without one.</summary>
    [JsonIgnore]
    public string SignInName => Email ?? UserName;

    public required string DisplayName { get; init; }
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>True if an older account has the same email in a different spelling. This email cannot be used to sign
    /// in until it is changed.</summary>
    public bool EmailConflict { get; init; }

    /// <summary>True if an older account has the same username in a different spelling. This username cannot be used to
    /// sign in until it is changed.</summary>
    public bool UserNameConflict { get; init; }

    /// <summary>False while the user is deactivated.</summary>
    public required bool Active { get; init; }

    /// <summary>The status of the user: <c>active</c>, <c>invited</c>, <c>no_password</c>,
    /// <c>password_change_required</c>, <c>locked</c>, <c>deactivated</c> or <c>locked_down</c>.</summary>
    public string Status { get; init; } = UserStatuses.Active;

    /// <summary>When the lockout after too many failed sign-ins ends; null if the account is not locked.</summary>
    public DateTimeOffset? LockedOutUntil { get; init; }

    /// <summary>True while the user can only view their own account, change the password and sign out.</summary>
    public required bool MustChangePassword { get; init; }

    /// <summary>False if the user cannot sign in with a password.</summary>
    public required bool HasPassword { get; init; }

    /// <summary>The name of the linked identity provider, or the first by name of several; <c>local</c> if there is
    /// none.</summary>
    public string Source { get; init; } = UserSources.Local;

    /// <summary>True if the user may sign in without an identity provider even if a role requires one.</summary>
    public bool BreakGlass { get; init; }

    /// <summary>True if a second factor is set up.</summary>
    public required bool MfaEnabled { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When the user last signed in; null if never.</summary>
    public DateTimeOffset? LastSignInAt { get; init; }

    /// <summary>When the user was deactivated; null, like the user and the reason below, while the user is
    /// active.</summary>
    public DateTimeOffset? DeactivatedAt { get; init; }

    public PersonRef? DeactivatedBy { get; init; }
    public string? DeactivatedReason { get; init; }

    /// <summary>When the user is reactivated automatically; null if never.</summary>
    public DateTimeOffset? DeactivatedUntil { get; init; }

    /// <summary>When the user was locked down; null again once the user is reactivated.</summary>
    [JsonIgnore]
    public DateTimeOffset? LockedDownAt { get; init; }

    /// <summary>When the open invitation expires; null if there is none.</summary>
    [JsonIgnore]
    public DateTimeOffset? InvitedUntil { get; init; }
}

/// <summary>Creates a user with a password, with an invitation to choose one, or without a way to sign in
/// yet.</summary>
public sealed record CreateUserRequest
{
    /// <summary>A deliverable email address. Different spellings of the domain count as the same email. If omitted or
    /// null, the account has no email: it then requires a <c>userName</c> and receives no emails.</summary>
    [StringLength(Limits.Email)]
    public string? Email { get; init; }

    /// <summary>Defaults to the email. Only letters and digits of any script, <c>.</c>, <c>-</c>, <c>_</c> and
    /// <c>+</c>; must not be a valid id.</summary>
    [StringLength(Limits.UserName)]
    public string? UserName { get; init; }

    /// <summary>Defaults to the part of the email before the @, or to the username of an account without an
    /// email.</summary>
    [StringLength(Limits.DisplayName)]
    public string? DisplayName { get; init; }

    /// <summary>Defaults to <c>["User"]</c>. Any other role also requires <c>roles.assign</c>.</summary>
    public IReadOnlyList<string>? Roles { get; init; }

    /// <summary>The password. If omitted, the user cannot sign in yet.</summary>
    public string? Password { get; init; }

    /// <summary>True requires the user to change the given password at the first sign-in.</summary>
    public bool MustChangePassword { get; init; }

    /// <summary>True emails a link for choosing a password, valid for 7 days. Cannot be combined with a password, and
    /// requires an email.</summary>
    public bool Invite { get; init; }
}

/// <summary>Changes the given fields of a user. Fields that are omitted or null are unchanged.</summary>
public sealed record UpdateUserRequest
{
    [StringLength(Limits.DisplayName)]
    public string? DisplayName { get; init; }

    [StringLength(Limits.UserName)]
    public string? UserName { get; init; }

    /// <summary>A new email, also for an account that had none.</summary>
    [StringLength(Limits.Email)]
    public string? Email { get; init; }

    public bool? Active { get; init; }

    /// <summary>The complete list of the user's new roles. Requires <c>roles.assign</c>.</summary>
    public IReadOnlyList<string>? Roles { get; init; }
}

/// <summary>The reason for deactivating a user, and the end of the deactivation.</summary>
public sealed record DeactivateRequest
{
    [StringLength(Limits.Reason)]
    public string? Reason { get; init; }

    /// <summary>When the user is reactivated automatically; must be in the future. If omitted, an administrator has to
    /// reactivate the user.</summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>The reason for locking a user down.</summary>
public sealed record LockdownRequest
{
    [StringLength(Limits.Reason)]
    public string? Reason { get; init; }
}

/// <summary>Filters and order of a list of users.</summary>
public sealed record UserQuery
{
    /// <summary>Matches any part of the email, username or display name. Two characters match only the start of one of
    /// them. A single character matches only the start of the email, or of the username of an account without an
    /// email.</summary>
    public string? Search { get; init; }

    /// <summary>Only the user who signs in with exactly this email or username.</summary>
    public string? Login { get; init; }

    /// <summary>Only users with this role.</summary>
    public string? Role { get; init; }

    public bool? Active { get; init; }

    /// <summary>Only users with this status: <c>active</c>, <c>invited</c>, <c>no_password</c>,
    /// <c>password_change_required</c>, <c>locked</c>, <c>deactivated</c> or <c>locked_down</c>.</summary>
    public string? Status { get; init; }

    /// <summary>Only users of this source: <c>local</c>, or the name or id of an identity provider that they are linked
    /// to.</summary>
    public string? Source { get; init; }

    /// <summary>True selects users with an authenticator app, false users without one.</summary>
    public bool? Mfa { get; init; }

    /// <summary>True selects users who never signed in, false users who did.</summary>
    public bool? NeverSignedIn { get; init; }

    /// <summary>Only users who have not signed in for this number of days, or never.</summary>
    public int? InactiveDays { get; init; }

    /// <summary><c>email</c>, <c>userName</c>, <c>displayName</c>, <c>createdAt</c>, <c>updatedAt</c> or
    /// <c>lastSignInAt</c>, with a leading <c>-</c> for descending.</summary>
    public string? Sort { get; init; }

    /// <summary>The <c>next</c> value of the previous page.</summary>
    public string? Cursor { get; init; }

    /// <summary>The page size, 1 to 200.</summary>
    public int Limit { get; init; } = Limits.PageSize;

    /// <summary>The number of entries to skip, at most 10,000. For numbered pages; programs should use the
    /// cursor.</summary>
    public int Skip { get; init; }
}
