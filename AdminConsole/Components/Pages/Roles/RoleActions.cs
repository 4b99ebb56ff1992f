using AdminConsole.Components.Controls;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using MudBlazor;

namespace AdminConsole.Components.Pages.Roles;

/// <summary>Creates and deletes roles from the pages about them, and tells why one can't.</summary>
public sealed class RoleActions(ConsoleDialogs dialogs)
{
    private const string Above = "This role has permissions you don't have.";

    /// <summary>Null where the actor can duplicate the role.</summary>
    public static string? WhyNotDuplicated(RoleSummary role, Actor actor) => actor.Covers(role.Permissions) ? null : Above;

    /// <summary>Null where the actor can change the role.</summary>
    public static string? WhyNotChanged(RoleSummary role, Actor actor) =>
        role.BuiltIn ? "Built-in roles can't be changed. Duplicate this role to adjust its permissions."
        : !actor.Can(Permissions.RolesWrite) ? "You don't have permission to edit roles."
        : actor.Covers(role.Permissions) ? null
        : "You can't edit this role: it has permissions you don't have.";

    /// <summary>Null where the actor can delete the role.</summary>
    public static string? WhyNotDeleted(RoleSummary role, Actor actor) =>
        !actor.Covers(role.Permissions) ? Above
        : role.Users > 0 && !actor.Can(Permissions.RolesAssign)
            ? "Its users need another role, and you don't have permission to assign roles."
        : null;

    /// <summary>True for what the pages about roles show: a change of a role, or of who has it.</summary>
    public static bool Affects(ChangeNotice notice) =>
        notice.TargetType is "role" || notice.Action.StartsWith("user.role_", StringComparison.Ordinal);

    /// <summary>The list of the role's users.</summary>
    public static string UsersUrl(RoleSummary role) => $"{Urls.Users}?role={Uri.EscapeDataString(role.Name)}";

    /// <summary>"1 user", "1,204 users".</summary>
    public static string Count(int users) => users == 1 ? "1 user" : $"{users:N0} users";

    /// <summary>The name of the new role; null if it was cancelled.</summary>
    /// <param name="like">The role whose permissions it starts with; null to start without any.</param>
    public async Task<string?> CreateAsync(RoleSummary? like) =>
        await dialogs.ShowAsync<NewRoleDialog>(
            like is null ? "New role" : $"Duplicate {like.Name}",
            new DialogParameters { [nameof(NewRoleDialog.Like)] = like },
            ConsoleDialogs.Small
        ) as string;

    /// <summary>True when it was deleted.</summary>
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
