using AdminConsole.Components.Controls;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using MudBlazor;

namespace AdminConsole.Components.Pages.Roles;

/// <summary>Creates and deletes roles, and explains why an action on a role isn't available.</summary>
public sealed class RoleActions(ConsoleDialogs dialogs)
{
    private const string MissingPermissions = "This role has permissions you don't have.";

    /// <summary>Returns why the actor can't duplicate the role; null if they can.</summary>
    public static string? WhyNotDuplicated(RoleSummary role, Actor actor) => actor.Covers(role.Permissions) ? null : MissingPermissions;

    /// <summary>Returns why the actor can't change the role; null if they can.</summary>
    public static string? WhyNotChanged(RoleSummary role, Actor actor) =>
        role.BuiltIn ? "Built-in roles can't be changed. Duplicate this role to adjust its permissions."
        : !actor.Can(Permissions.RolesWrite) ? "You don't have permission to edit roles."
        : actor.Covers(role.Permissions) ? null
        : "You can't edit this role: it has permissions you don't have.";

    /// <summary>Returns why the actor can't delete the role; null if they can.</summary>
    public static string? WhyNotDeleted(RoleSummary role, Actor actor) =>
        !actor.Covers(role.Permissions) ? MissingPermissions
        : role.Users > 0 && !actor.Can(Permissions.RolesAssign)
            ? "Its users need another role, and you don't have permission to assign roles."
        : null;

    /// <summary>True for changes shown on the pages about roles: of a role, or of its assignments.</summary>
    public static bool Affects(ChangeNotice notice) =>
        notice.TargetType is AuditTargetTypes.Role || notice.Action.StartsWith("user.role_", StringComparison.Ordinal);

    /// <summary>Returns the URL of the list of the role's users.</summary>
    public static string UsersUrl(RoleSummary role) => $"{Urls.Users}?role={Uri.EscapeDataString(role.Name)}";

    /// <summary>Formats a number of users: "1 user" or "1,204 users".</summary>
    public static string Count(int users) => users == 1 ? "1 user" : $"{users:N0} users";

    /// <summary>Opens the dialog and returns the name of the new role; null if it was canceled.</summary>
    /// <param name="like">The role whose permissions are copied; null to start without any.</param>
    public async Task<string?> CreateAsync(RoleSummary? like) =>
        await dialogs.ShowAsync<NewRoleDialog>(
            like is null ? "New role" : $"Duplicate {like.Name}",
            new DialogParameters { [nameof(NewRoleDialog.Like)] = like },
            ConsoleDialogs.Small
        ) as string;

    /// <summary>Opens the dialog. Returns true if the role was deleted.</summary>
    public async Task<bool> DeleteAsync(RoleSummary role, IEnumerable<RoleSummary> all) =>
        await dialogs.ShowAsync<DeleteRoleDialog>(
            $"Delete the role {role.Name}?",
            new DialogParameters
            {
                [nameof(DeleteRoleDialog.Role)] = role,
                [nameof(DeleteRoleDialog.Others)] = all.Where(other => other.Name != role.Name).Select(other => other.Name).ToList(),
            },
            ConsoleDialogs.Small
        )
            is true;
}
