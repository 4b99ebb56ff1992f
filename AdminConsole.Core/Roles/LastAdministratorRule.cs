using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Roles;

/// <summary>The rule that at least one active user holds Admin and has a way to sign in.</summary>
public sealed class LastAdministratorRule(AppDbContext db)
{
    public static readonly Refusal Violated = Refusal.Conflict(
        "last_admin",
        "At least one active administrator must be able to sign in. Add another administrator first."
    );

    /// <summary>Who holds Admin, whether or not they can sign in now.</summary>
    internal static IQueryable<IdentityUserRole<Guid>> HoldersOf(AppDbContext db) =>
        db.UserRoles.Where(held => db.Roles.Any(role => role.Id == held.RoleId && role.NormalizedName == "ADMIN"));

    /// <summary>
    /// Asked after the write, inside its transaction, so that nothing can come between. The change must hold
    /// <see cref="ChangeLock.Administrators"/>.
    /// </summary>
    public async Task<bool> HoldsAsync(ChangeContext change, CancellationToken ct)
    {
        if (change.Lock != ChangeLock.Administrators)
        {
            throw new InvalidOperationException("A change that may remove an administrator takes the administrators' lock.");
        }

        await db.SaveChangesAsync(ct);
        return await AbleOf(db).AnyAsync(ct);
    }

    /// <summary>Administrators who can sign in. From the role's side: its holders are few, users are many.</summary>
    internal static IQueryable<AppUser> AbleOf(AppDbContext db) =>
        HoldersOf(db)
            .Join(db.Users, held => held.UserId, user => user.Id, (_, user) => user)
            .Where(user => user.Active && user.DeactivatedUntil == null)
            .Where(user => user.PasswordHash != null || db.UserPasskeys.Any(passkey => passkey.UserId == user.Id));
}
