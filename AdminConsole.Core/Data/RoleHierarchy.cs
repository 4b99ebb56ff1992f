using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Data;

/// <summary>The role hierarchy: an actor cannot manage a user who has permissions that the actor lacks.</summary>
internal static class RoleHierarchy
{
    public static async Task<bool> OutranksActorAsync(AppDbContext db, Guid userId, Actor actor, CancellationToken ct) =>
        !(await GrantedPermissionsAsync(db, userId, ct)).All(actor.RolePermissions.Contains);

    /// <summary>True when these roles include a permission that the actor lacks.</summary>
    public static bool OutranksActor(IEnumerable<AppRole> roles, Actor actor) =>
        !roles.SelectMany(role => role.Effective).All(actor.RolePermissions.Contains);

    /// <summary>True when these roles exceed the scopes of the actor's credential. Assigning them, or taking over an
    /// account that has them, would extend the credential beyond its scopes.</summary>
    public static bool ExceedsCredential(IEnumerable<AppRole> roles, Actor actor) =>
        !actor.Covers(roles.SelectMany(role => role.Effective));

    /// <summary>Returns the roles of several users in one query.</summary>
    public static async Task<ILookup<Guid, AppRole>> RolesOfAsync(AppDbContext db, IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
        (
            await db
                .UserRoles.Where(assignment => ids.Contains(assignment.UserId))
                .Join(
                    db.Roles,
                    assignment => assignment.RoleId,
                    role => role.Id,
                    (assignment, role) => new { assignment.UserId, Role = role }
                )
                .AsNoTracking()
                .ToListAsync(ct)
        ).ToLookup(row => row.UserId, row => row.Role);

    /// <summary>Returns the permissions that a user has through all roles.</summary>
    public static async Task<HashSet<string>> GrantedPermissionsAsync(AppDbContext db, Guid userId, CancellationToken ct) =>
        GrantedPermissions(await RolesOf(db, userId).AsNoTracking().ToListAsync(ct));

    /// <summary>Returns the permissions of a user with these roles: those of every account, and the union of the roles'
    /// permissions.</summary>
    public static HashSet<string> GrantedPermissions(IEnumerable<AppRole> roles) =>
        [.. Permissions.Own, .. roles.SelectMany(role => role.Effective)];

    /// <summary>Returns the date from which a role requires the missing second factor, or null if none does. A
    /// requirement without a date was set by an earlier version and is in force. A passkey counts as two factors, and
    /// so does an identity provider that verified a second one, but only for the session that it started.</summary>
    public static DateTimeOffset? EnrolmentDeadline(
        bool hasFactor,
        string method,
        IEnumerable<AppRole> roles,
        Contracts.SystemSettings settings
    ) =>
        hasFactor || method is SignInMethods.Passkey or SignInMethods.ExternalWithSecondFactor || settings.SecondFactorRoles.Count == 0
            ? null
            : roles
                .Where(role => settings.SecondFactorRoles.Contains(role.Name!))
                .Select(role => (DateTimeOffset?)settings.SecondFactorRequiredFrom.GetValueOrDefault(role.Name!))
                .Min();

    /// <summary>Returns the date for display: null for a requirement without a date.</summary>
    public static DateTimeOffset? ForDisplay(DateTimeOffset? enrolBy) => enrolBy == default(DateTimeOffset) ? null : enrolBy;

    public static IQueryable<AppRole> RolesOf(AppDbContext db, Guid userId) =>
        db
            .UserRoles.Where(assignment => assignment.UserId == userId)
            .Join(db.Roles, assignment => assignment.RoleId, role => role.Id, (_, role) => role);
}
