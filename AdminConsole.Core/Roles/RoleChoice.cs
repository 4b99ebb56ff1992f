using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Roles;

/// <summary>A role as a page offers it for assignment.</summary>
/// <param name="Name">The name.</param>
/// <param name="Description">What the role is for.</param>
/// <param name="Permissions">What the role allows.</param>
public sealed record RoleChoice(string Name, string Description, IReadOnlyList<string> Permissions)
{
    /// <summary>True where it has a permission of <see cref="Security.Permissions.Privileged"/>.</summary>
    public bool IsPrivileged { get; } = Permissions.Any(Security.Permissions.Privileged.Contains);
}

internal static class RoleChoices
{
    /// <summary>All roles, built-in ones first. Open pages keep them, so that permissions are the constants, not
    /// copies.</summary>
    public static async Task<IReadOnlyList<RoleChoice>> ChoicesAsync(this IQueryable<AppRole> roles, CancellationToken ct)
    {
        var all = await roles.AsNoTracking().OrderByDescending(role => role.BuiltIn).ThenBy(role => role.NormalizedName).ToListAsync(ct);
        return all.ConvertAll(role => new RoleChoice(role.Name!, role.Description, [.. role.Effective.Select(string.Intern)]));
    }
}
