using AdminConsole.Core.Data;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Users;

/// <summary>Who may act on whom: nobody acts on a person who holds a right they lack.</summary>
internal static class Standing
{
    public static async Task<bool> IsAboveAsync(AppDbContext db, Guid userId, Actor actor, CancellationToken ct) =>
        !(await HeldAsync(db, userId, ct)).All(actor.Held.Contains);

    /// <summary>Whether somebody with these roles holds a right that the actor lacks.</summary>
    public static bool IsAbove(IEnumerable<AppRole> roles, Actor actor) => !roles.SelectMany(role => role.Effective).All(actor.Held.Contains);

    /// <summary>The roles of several users at once.</summary>
    public static async Task<ILookup<Guid, AppRole>> RolesOfAsync(AppDbContext db, IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
        (await db.UserRoles.Where(held => ids.Contains(held.UserId))
            .Join(db.Roles, held => held.RoleId, role => role.Id, (held, role) => new { held.UserId, Role = role })
            .AsNoTracking().ToListAsync(ct)).ToLookup(row => row.UserId, row => row.Role);

    /// <summary>What a user holds by all roles together.</summary>
    public static async Task<HashSet<string>> HeldAsync(AppDbContext db, Guid userId, CancellationToken ct) =>
        Held(await RolesOf(db, userId).AsNoTracking().ToListAsync(ct));

    /// <summary>What somebody with these roles holds: everybody's rights, and the union of theirs.</summary>
    public static HashSet<string> Held(IEnumerable<AppRole> roles) => [.. Permissions.Own, .. roles.SelectMany(role => role.Effective)];

    /// <summary>Whether a role asks for a second factor that is not there. A passkey is two factors, but only for who signed in with it.</summary>
    public static bool MustEnrol(bool hasFactor, string method, IEnumerable<AppRole> roles, Contracts.SystemSettings settings) =>
        !hasFactor && method != Passkeys.PasskeySignIn.Method && roles.Any(role => settings.SecondFactorRoles.Contains(role.Name!));

    public static IQueryable<AppRole> RolesOf(AppDbContext db, Guid userId) =>
        db.UserRoles.Where(held => held.UserId == userId).Join(db.Roles, held => held.RoleId, role => role.Id, (_, role) => role);
}
