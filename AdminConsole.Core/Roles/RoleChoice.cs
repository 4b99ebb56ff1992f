using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Roles;

/// <summary>A role that a page offers for assignment.</summary>
/// <param name="Name">The name.</param>
/// <param name="Description">The description.</param>
/// <param name="Permissions">The permissions that the role grants.</param>
public sealed record RoleChoice(string Name, string Description, IReadOnlyList<string> Permissions)
{
    /// <summary>True if the role has a permission listed in <see cref="Security.Permissions.Privileged"/>.</summary>
    public bool IsPrivileged { get; } = Permissions.Any(Security.Permissions.Privileged.Contains);
}

internal static class RoleChoices
{
    /// <summary>Returns all roles, built-in roles first. Open pages keep them in memory, so the permission strings are
    /// interned.</summary>
    public static async Task<IReadOnlyList<RoleChoice>> ChoicesAsync(this IQueryable<AppRole> roles, CancellationToken ct)
    {
        var all = await roles.AsNoTracking().OrderByDescending(role => role.BuiltIn).ThenBy(role => role.NormalizedName).ToListAsync(ct);
        return all.ConvertAll(role => new RoleChoice(role.Name!, role.Description, [.. role.Effective.Select(string.Intern)]));
    }
}
