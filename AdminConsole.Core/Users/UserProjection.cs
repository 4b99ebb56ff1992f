using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Users;

/// <summary>Reads users as <see cref="UserDetails"/>, including their roles.</summary>
internal static class UserProjection
{
    private static readonly IReadOnlyList<string> NoRoles = [];

    public static async Task<List<UserDetails>> ToDetailsAsync(
        this IQueryable<AppUser> users,
        AppDbContext db,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        // Two queries: joined into one, SQLite would read the roles of all users before filtering. Selects only the
        // displayed columns, which is a third less to read.
        var read = await users
            .Select(user => new UserDetails
            {
                Id = user.Id,
                Email = user.Email,
                UserName = user.UserName!,
                DisplayName = user.DisplayName,
                EmailConflict = user.Email != null && user.NormalizedEmail!.Contains(AppUser.DuplicateMark),
                UserNameConflict = user.NormalizedUserName!.Contains(AppUser.DuplicateMark),
                Roles = NoRoles,
                Active = user.Active,
                LockedOutUntil = user.LockoutEnd,
                MustChangePassword = user.MustChangePassword,
                HasPassword = user.PasswordHash != null,
                Source = db
                    .UserLogins.Where(login => login.UserId == user.Id)
                    .Min(login => login.ProviderDisplayName ?? login.LoginProvider)!,
                BreakGlass = user.BreakGlass,
                MfaEnabled = user.TwoFactorEnabled,
                CreatedAt = user.CreatedAt,
                UpdatedAt = user.UpdatedAt,
                LastSignInAt = user.LastSignInAt,
                DeactivatedAt = user.DeactivatedAt,
                DeactivatedBy = user.DeactivatedByName == null ? null : new PersonRef(user.DeactivatedById, user.DeactivatedByName),
                DeactivatedReason = user.DeactivatedReason,
                DeactivatedUntil = user.DeactivatedUntil,
                LockedDownAt = user.LockedDownAt,
            })
            .ToListAsync(ct);
        var ids = read.ConvertAll(user => user.Id);
        var assignments = await db
            .UserRoles.Where(row => EF.Parameter(ids).Contains(row.UserId))
            .Join(db.Roles, row => row.RoleId, role => role.Id, (row, role) => new { row.UserId, Name = role.Name! })
            .ToListAsync(ct);
        var roles = assignments.ToLookup(row => row.UserId, row => row.Name);
        var invited = await InvitedAsync(read.Where(user => !user.HasPassword).Select(user => user.Id).ToList(), db, now, ct);
        return read.ConvertAll(user =>
                user with
                {
                    Source = user.Source ?? UserSources.Local,
                    // The names are usually equal, and open pages keep them in memory; share one string.
                    UserName = user.UserName == user.Email ? user.Email : user.UserName,
                    Roles = [.. roles[user.Id].Order(StringComparer.Ordinal)],
                    LockedOutUntil = user.LockedOutUntil > now ? user.LockedOutUntil : null,
                    InvitedUntil = invited.TryGetValue(user.Id, out var until) ? until : null,
                }
            )
            .ConvertAll(user => user with { Status = UserStatusRules.GetStatus(user) });
    }

    private static async Task<Dictionary<Guid, DateTimeOffset>> InvitedAsync(
        List<Guid> ids,
        AppDbContext db,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        if (ids.Count == 0)
        {
            return [];
        }

        var open = await db
            .SingleUseLinks.Where(link => EF.Parameter(ids).Contains(link.UserId) && link.IsInvitation)
            .Where(link => link.UsedAt == null && link.ExpiresAt > now)
            .Select(link => new { link.UserId, link.ExpiresAt })
            .ToListAsync(ct);
        return open.GroupBy(link => link.UserId).ToDictionary(links => links.Key, links => links.Max(link => link.ExpiresAt));
    }

    /// <summary>Reads one user after saving the current change.</summary>
    public static async Task<UserDetails> UserDetailsAsync(this AppDbContext db, Guid id, DateTimeOffset now, CancellationToken ct)
    {
        await db.SaveChangesAsync(ct);
        return (await db.Users.Where(user => user.Id == id).ToDetailsAsync(db, now, ct))[0];
    }
}
