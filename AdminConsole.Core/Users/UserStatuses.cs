using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;

namespace AdminConsole.Core.Users;

/// <summary>The statuses of users. Each user has exactly one; the first that applies, in this order: deactivated, locked, a password
/// change that is required, no password, active.</summary>
public static class UserStatuses
{
    public const string Active = "active";
    public const string Invited = "invited";
    public const string NoPassword = "no_password";
    public const string PasswordChange = "password_change";
    public const string Locked = "locked";
    public const string Deactivated = "deactivated";

    /// <summary>How many days back <see cref="UserQuery.InactiveDays"/> may look.</summary>
    public const int MostDays = 3650;

    /// <summary>All of them, in the order people see them.</summary>
    public static readonly IReadOnlyList<string> All = [Active, Invited, NoPassword, PasswordChange, Locked, Deactivated];

    /// <summary>The status of a user as just read.</summary>
    public static string Of(UserDetails user) =>
        !user.Active ? Deactivated
        : user.LockedOutUntil is not null ? Locked
        : user.MustChangePassword ? PasswordChange
        : user.HasPassword ? Active
        : user.InvitedUntil is not null ? Invited
        : NoPassword;

    internal static IQueryable<AppUser> InStatus(this IQueryable<AppUser> users, string status, AppDbContext db, DateTimeOffset now)
    {
        if (status == Deactivated)
        {
            return users.Where(user => !user.Active);
        }

        var active = users.Where(user => user.Active);
        if (status == Locked)
        {
            return active.Where(user => user.LockoutEnd > now);
        }

        var open = active.Where(user => user.LockoutEnd == null || user.LockoutEnd <= now);
        return status switch
        {
            PasswordChange => open.Where(user => user.MustChangePassword),
            Active => open.Where(user => !user.MustChangePassword && user.PasswordHash != null),
            Invited => open.Where(user => !user.MustChangePassword && user.PasswordHash == null && db.PasswordResets.Any(
                reset => reset.UserId == user.Id && reset.IsInvitation && reset.UsedAt == null && reset.ExpiresAt > now)),
            _ => open.Where(user => !user.MustChangePassword && user.PasswordHash == null && !db.PasswordResets.Any(
                reset => reset.UserId == user.Id && reset.IsInvitation && reset.UsedAt == null && reset.ExpiresAt > now)),
        };
    }
}
