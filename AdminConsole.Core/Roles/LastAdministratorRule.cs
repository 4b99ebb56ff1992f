using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Settings;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Roles;

/// <summary>The rule that at least one active user has the Admin role and a way to sign in.</summary>
public sealed class LastAdministratorRule(AppDbContext db)
{
    public static readonly Refusal Violated = Refusal.Conflict(
        "last_admin",
        "At least one active administrator must be able to sign in. Add another administrator first."
    );

    /// <summary>Returns the assignments of the Admin role, including those of users who can't sign in now.</summary>
    internal static IQueryable<IdentityUserRole<Guid>> AdminAssignments(AppDbContext db) =>
        db.UserRoles.Where(assignment => db.Roles.Any(role => role.Id == assignment.RoleId && role.NormalizedName == "ADMIN"));

    /// <summary>Returns true if the rule holds. An identity provider doesn't count as a way to sign in, because it may be
    /// unavailable: while a role requires one, only break-glass accounts count. Call this after the write and inside its
    /// transaction, so that no other change can intervene. The change must hold
    /// <see cref="ChangeLock.Administrators"/>.</summary>
    public async Task<bool> HoldsAsync(ChangeContext change, CancellationToken ct)
    {
        if (change.Lock != ChangeLock.Administrators)
        {
            throw new InvalidOperationException("A change that may remove an administrator must hold ChangeLock.Administrators.");
        }

        await db.SaveChangesAsync(ct);
        // The settings are read with the administrators, because the change may have required the providers itself.
        var able = await AdministratorsAbleToSignIn(db)
            .Select(user => new { user.BreakGlass, Settings = db.StoredSettings.Select(row => row.Json).SingleOrDefault() })
            .Distinct()
            .ToListAsync(ct);
        return able.Exists(administrator => administrator.BreakGlass || !RequiresProvider(administrator.Settings));
    }

    /// <summary>Returns the administrators who can sign in with a password or passkey, if no role requires an identity
    /// provider. Starts from the role, because it has few holders among many users.</summary>
    internal static IQueryable<AppUser> AdministratorsAbleToSignIn(AppDbContext db) =>
        AdminAssignments(db)
            .Join(db.Users, assignment => assignment.UserId, user => user.Id, (_, user) => user)
            .Where(user => user.Active && user.DeactivatedUntil == null)
            .Where(user => user.PasswordHash != null || db.UserPasskeys.Any(passkey => passkey.UserId == user.Id));

    private static bool RequiresProvider(string? settings) =>
        settings is not null
        && CurrentSettings.Read(new StoredSettings { Id = StoredSettings.RowId, Json = settings }).ProviderRequiredRoles.Count > 0;
}
