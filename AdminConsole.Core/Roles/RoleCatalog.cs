using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Roles;

/// <summary>Lists the roles.</summary>
public sealed class RoleCatalog(AppDbContext db)
{
    /// <summary>Returns the built-in roles.</summary>
    internal static IEnumerable<AppRole> BuiltIn(DateTimeOffset now) =>
        [
            AppRole.Create(AppRole.Admin, "Everything, including what later versions add", [], builtIn: true, now),
            AppRole.Create(
                AppRole.Operator,
                "Reads users, sessions, tokens and the audit log, and exports it",
                [Permissions.UsersRead, Permissions.SessionsRead, Permissions.TokensRead, Permissions.AuditRead, Permissions.AuditExport],
                builtIn: true,
                now
            ),
            AppRole.Create(AppRole.User, "Own account only", Permissions.Own, builtIn: true, now),
        ];

    /// <summary>Returns a page of roles: built-in roles first, then by name.</summary>
    public async Task<Result<Page<RoleSummary>>> ListAsync(Actor actor, PageQuery page, CancellationToken ct)
    {
        if (actor.Require(Permissions.RolesRead) is { } refused)
        {
            return refused;
        }

        var roles = await db
            .Roles.AsNoTracking()
            .Select(role => new { Role = role, Users = db.UserRoles.Count(assignment => assignment.RoleId == role.Id) })
            .ToListAsync(ct);
        var items = roles
            .OrderByDescending(row => row.Role.BuiltIn)
            .ThenBy(row => row.Role.Name, StringComparer.Ordinal)
            .Select(row => row.Role.ToSummary(row.Users))
            .ToList();
        return Paging.Page(items, page, role => role.Name);
    }

    public async Task<Result<RoleSummary>> FindAsync(Actor actor, string name, CancellationToken ct)
    {
        if (actor.Require(Permissions.RolesRead) is { } refused)
        {
            return refused;
        }

        var normalized = AppUser.Normalize(name);
        return await db.Roles.AsNoTracking().SingleOrDefaultAsync(role => role.NormalizedName == normalized, ct) is { } found
            ? found.ToSummary(await db.UserRoles.CountAsync(assignment => assignment.RoleId == found.Id, ct))
            : Refusal.NotFound("No such role.");
    }

    /// <summary>Returns the names of all roles, built-in roles first. Requires users.read.</summary>
    public async Task<Result<List<string>>> NamesAsync(Actor actor, CancellationToken ct) =>
        actor.Require(Permissions.UsersRead) is { } refused ? refused : await db.Roles.NamesAsync(ct);

    /// <summary>Returns all roles with their permissions, built-in roles first, for pages that assign them.</summary>
    public async Task<Result<IReadOnlyList<RoleChoice>>> ChoicesAsync(Actor actor, CancellationToken ct) =>
        actor.Require(Permissions.UsersRead) is { } refused ? refused : Result.Of(await db.Roles.ChoicesAsync(ct));
}

internal static class RoleNames
{
    /// <summary>Returns the names of all roles, built-in roles first.</summary>
    public static Task<List<string>> NamesAsync(this IQueryable<AppRole> roles, CancellationToken ct) =>
        roles.OrderByDescending(role => role.BuiltIn).ThenBy(role => role.NormalizedName).Select(role => role.Name!).ToListAsync(ct);
}
