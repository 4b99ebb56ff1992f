using AdminConsole.Core.Data;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Users;

/// <summary>Who may act on whom: nobody acts on a person who holds a right they lack.</summary>
internal static class RoleHierarchy
{
    public static async Task<bool> OutranksActorAsync(AppDbContext db, Guid userId, Actor actor, CancellationToken ct) =>
        !(await GrantedPermissionsAsync(db, userId, ct)).All(actor.RolePermissions.Contains);

    /// <summary>Whether these roles include a permission that the actor lacks.</summary>
    public static bool OutranksActor(IEnumerable<AppRole> roles, Actor actor) =>
        !roles.SelectMany(role => role.Effective).All(actor.RolePermissions.Contains);

    /// <summary>Whether these roles exceed the actor's credential. Granting them, or taking over an account that has
    /// them, would give the credential more than its scopes.</summary>
    public static bool ExceedsCredential(IEnumerable<AppRole> roles, Actor actor) =>
        !actor.Covers(roles.SelectMany(role => role.Effective));

    /// <summary>The roles of several users at once.</summary>
    public static async Task<ILookup<Guid, AppRole>> RolesOfAsync(AppDbContext db, IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
        (
            await db
                .UserRoles.Where(held => ids.Contains(held.UserId))
                .Join(db.Roles, held => held.RoleId, role => role.Id, (held, role) => new { held.UserId, Role = role })
                .AsNoTracking()
                .ToListAsync(ct)
        ).ToLookup(row => row.UserId, row => row.Role);

    /// <summary>What a user holds by all roles together.</summary>
    public static async Task<HashSet<string>> GrantedPermissionsAsync(AppDbContext db, Guid userId, CancellationToken ct) =>
        GrantedPermissions(await RolesOf(db, userId).AsNoTracking().ToListAsync(ct));

    /// <summary>The permissions of a user with these roles: those of every account, and the union of the
    /// roles'.</summary>
    public static HashSet<string> GrantedPermissions(IEnumerable<AppRole> roles) =>
        [.. Permissions.Own, .. roles.SelectMany(role => role.Effective)];

    /// <summary>
    /// From when a role requires a second factor that is missing; null where none does. A requirement without a date,
    /// of an earlier version, is in force. A passkey is two factors, but
    /// only for the session that it began.
    /// </summary>
    public static DateTimeOffset? EnrolBy(bool hasFactor, string method, IEnumerable<AppRole> roles, Contracts.SystemSettings settings) =>
        hasFactor || method == AdminConsole.Core.Authentication.PasskeySignIn.Method || settings.SecondFactorRoles.Count == 0
            ? null
            : roles
                .Where(role => settings.SecondFactorRoles.Contains(role.Name!))
                .Select(role => (DateTimeOffset?)settings.SecondFactorRequiredFrom.GetValueOrDefault(role.Name!))
                .Min();

    /// <summary>The same for people: without the date that no requirement has.</summary>
    public static DateTimeOffset? Shown(DateTimeOffset? enrolBy) => enrolBy == default(DateTimeOffset) ? null : enrolBy;

    public static IQueryable<AppRole> RolesOf(AppDbContext db, Guid userId) =>
        db.UserRoles.Where(held => held.UserId == userId).Join(db.Roles, held => held.RoleId, role => role.Id, (_, role) => role);
}
