using AdminConsole.Core.Security;

namespace AdminConsole.Components.Pages.Roles;

/// <summary>Groups the permissions by resource.</summary>
public static class PermissionGroups
{
    private static readonly Dictionary<string, string> Titles = new()
    {
        ["users"] = "Users",
        ["roles"] = "Roles",
        ["sessions"] = "Sessions",
        ["tokens"] = "Access tokens",
        ["audit"] = "Audit log",
        ["settings"] = "Settings",
        ["directory"] = "Identity providers",
        ["profile"] = "Own account",
    };

    /// <summary>The title and permissions of each resource, in the order of
    /// <see cref="Permissions.Descriptions"/>.</summary>
    public static IReadOnlyList<(string Title, IReadOnlyList<KeyValuePair<string, string>> Permissions)> All { get; } =
    [
        .. Permissions
            .Descriptions.GroupBy(permission => permission.Key.Split('.')[0])
            .Select(group => (Titles.GetValueOrDefault(group.Key, group.Key), (IReadOnlyList<KeyValuePair<string, string>>)[.. group])),
    ];
}
