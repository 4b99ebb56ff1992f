using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Users;

/// <summary>Reads users as <see cref="UserDetails"/>, roles included.</summary>
internal static class UserProjection
{
    public static async Task<List<UserDetails>> ToDetailsAsync(this IQueryable<AppUser> users, AppDbContext db, DateTimeOffset now, CancellationToken ct)
    {
        // Two queries: joined into one, SQLite reads everybody's roles before the page's users.
        var rows = await users.AsNoTracking().ToListAsync(ct);
        var ids = rows.ConvertAll(user => user.Id);
        var held = await db.UserRoles.Where(row => EF.Parameter(ids).Contains(row.UserId))
            .Join(db.Roles, row => row.RoleId, role => role.Id, (row, role) => new { row.UserId, Name = role.Name! }).ToListAsync(ct);
        var roles = held.ToLookup(row => row.UserId, row => row.Name);
        return rows.ConvertAll(user => user.ToDetails([.. roles[user.Id].Order(StringComparer.Ordinal)], now));
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
        // Mostly the same, and open pages keep it: one text then.
        UserName = user.UserName == user.Email ? user.Email! : user.UserName!,
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
