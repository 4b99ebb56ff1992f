using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;

namespace AdminConsole.Core.Users;

/// <summary>Determines the status of users. The first that applies is used: locked down, deactivated, locked after
/// failed sign-ins, password change required, active (has a password or an identity provider), invited, no password.</summary>
public static class UserStatusRules
{
    /// <summary>Returns the status of a user that was just read.</summary>
    public static string GetStatus(UserDetails user) =>
        !user.Active
            ? user.LockedDownAt is null
                ? UserStatuses.Deactivated
                : UserStatuses.LockedDown
            : user.LockedOutUntil is not null
                ? UserStatuses.Locked
                : user.MustChangePassword
                    ? UserStatuses.PasswordChange
                    : user.HasPassword || user.Source != UserSources.Local
                        ? UserStatuses.Active
                        : user.InvitedUntil is not null
                            ? UserStatuses.Invited
                            : UserStatuses.NoPassword;

    /// <summary>True for the statuses of deactivated users.</summary>
    internal static bool IsInactive(string status) => status is UserStatuses.Deactivated or UserStatuses.LockedDown;

    internal static IQueryable<AppUser> InStatus(this IQueryable<AppUser> users, string status, AppDbContext db, DateTimeOffset now)
    {
        var open = users.Where(user => user.Active && (user.LockoutEnd == null || user.LockoutEnd <= now));
        var ready = open.Where(user => !user.MustChangePassword);
        var withoutPassword = ready.Where(user => user.PasswordHash == null && !db.UserLogins.Any(login => login.UserId == user.Id));
        var invitations = db.SingleUseLinks.Where(link => link.IsInvitation && link.UsedAt == null && link.ExpiresAt > now);
        return status switch
        {
            UserStatuses.LockedDown => users.Where(user => !user.Active && user.LockedDownAt != null),
            UserStatuses.Deactivated => users.Where(user => !user.Active && user.LockedDownAt == null),
            UserStatuses.Locked => users.Where(user => user.Active && user.LockoutEnd > now),
            UserStatuses.PasswordChange => open.Where(user => user.MustChangePassword),
            UserStatuses.Active => ready.Where(user => user.PasswordHash != null || db.UserLogins.Any(login => login.UserId == user.Id)),
            UserStatuses.Invited => withoutPassword.Where(user => invitations.Any(link => link.UserId == user.Id)),
            _ => withoutPassword.Where(user => !invitations.Any(link => link.UserId == user.Id)),
        };
    }
}
