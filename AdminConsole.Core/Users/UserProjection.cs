using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Users;

/// <summary>Reads users as <see cref="UserDetails"/>, roles included, in one query.</summary>
internal static class UserProjection
{
    public static async Task<List<UserDetails>> ToDetailsAsync(this IQueryable<AppUser> users, AppDbContext db, DateTimeOffset now, CancellationToken ct)
    {
        var rows = await users
            .Select(user => new
            {
                User = user,
                Roles = db.UserRoles.Where(held => held.UserId == user.Id)
                    .Join(db.Roles, held => held.RoleId, role => role.Id, (_, role) => role.Name!)
                    .OrderBy(name => name).ToList(),
            })
            .AsNoTracking().ToListAsync(ct);
        return rows.ConvertAll(row => row.User.ToDetails(row.Roles, now));
    }

    /// <summary>One user as the change under way left it.</summary>
    public static async Task<UserDetails> UserDetailsAsync(this AppDbContext db, Guid id, DateTimeOffset now, CancellationToken ct)
    {
        await db.SaveChangesAsync(ct);
        return (await db.Users.Where(user => user.Id == id).ToDetailsAsync(db, now, ct))[0];
    }

    public static UserDetails ToDetails(this AppUser user, IReadOnlyList<string> roles, DateTimeOffset now) => new()
    {
        Id = user.Id,
        Email = user.Email!,
        UserName = user.UserName!,
        DisplayName = user.DisplayName,
        Roles = roles,
        Active = user.Active,
        LockedOutUntil = user.LockoutEnd > now ? user.LockoutEnd : null,
        MustChangePassword = user.MustChangePassword,
        HasPassword = user.PasswordHash is not null,
        MfaEnabled = user.TwoFactorEnabled,
        CreatedAt = user.CreatedAt,
        UpdatedAt = user.UpdatedAt,
        LastSignInAt = user.LastSignInAt,
        DeactivatedAt = user.DeactivatedAt,
        DeactivatedBy = user.DeactivatedByName is { } name ? new PersonRef(user.DeactivatedById, name) : null,
        DeactivatedReason = user.DeactivatedReason,
        DeactivatedUntil = user.DeactivatedUntil,
    };
}
