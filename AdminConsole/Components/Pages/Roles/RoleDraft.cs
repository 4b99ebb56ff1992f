using AdminConsole.Core.Contracts;

namespace AdminConsole.Components.Pages.Roles;

/// <summary>The unsaved state of a role on its page.</summary>
public sealed class RoleDraft
{
    public string Name { get; set; } = "";

    public string Description { get; set; } = "";

    public HashSet<string> Permissions { get; init; } = [];

    public static RoleDraft Of(RoleSummary role) =>
        new()
        {
            Name = role.Name,
            Description = role.Description,
            Permissions = [.. role.Permissions],
        };

    /// <summary>Returns the number of fields and permissions that differ from the role.</summary>
    public int ChangesTo(RoleSummary role) =>
        (Name == role.Name ? 0 : 1)
        + (Description == role.Description ? 0 : 1)
        + Permissions.Count(permission => !role.Permissions.Contains(permission))
        + role.Permissions.Count(permission => !Permissions.Contains(permission));

    public void Toggle(string permission)
    {
        if (!Permissions.Remove(permission))
        {
            Permissions.Add(permission);
        }
    }

    public RoleRequest ToRequest() =>
        new()
        {
            Name = Name,
            Description = Description,
            Permissions = [.. Permissions],
        };
}
