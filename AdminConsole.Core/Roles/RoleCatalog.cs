using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Roles;

/// <summary>The roles there are.</summary>
public sealed class RoleCatalog(AppDbContext db)
{
    /// <summary>The roles that the product comes with.</summary>
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

    /// <summary>The built-in ones first, then by name.</summary>
    public async Task<Result<Page<RoleSummary>>> ListAsync(Actor actor, PageQuery page, CancellationToken ct)
    {
        if (actor.Require(Permissions.RolesRead) is { } refused)
        {
            return refused;
        }

        var roles = await db
            .Roles.AsNoTracking()
            .Select(role => new { Role = role, Users = db.UserRoles.Count(held => held.RoleId == role.Id) })
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
            ? found.ToSummary(await db.UserRoles.CountAsync(held => held.RoleId == found.Id, ct))
            : Refusal.NotFound("No such role.");
    }

    /// <summary>The names of all roles, built-in ones first, for actors who may read users.</summary>
    public async Task<Result<List<string>>> NamesAsync(Actor actor, CancellationToken ct) =>
        actor.Require(Permissions.UsersRead) is { } refused ? refused : await db.Roles.NamesAsync(ct);

    /// <summary>All roles with what they allow, built-in ones first, for pages that assign them.</summary>
    public async Task<Result<IReadOnlyList<RoleChoice>>> ChoicesAsync(Actor actor, CancellationToken ct) =>
        actor.Require(Permissions.UsersRead) is { } refused ? refused : Result.Of(await db.Roles.ChoicesAsync(ct));
}

internal static class RoleNames
{
    /// <summary>The names of all roles, built-in ones first.</summary>
    public static Task<List<string>> NamesAsync(this IQueryable<AppRole> roles, CancellationToken ct) =>
        roles.OrderByDescending(role => role.BuiltIn).ThenBy(role => role.NormalizedName).Select(role => role.Name!).ToListAsync(ct);
}
