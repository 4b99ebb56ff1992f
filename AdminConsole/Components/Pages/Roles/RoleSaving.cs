using AdminConsole.Authorization;
using AdminConsole.Components.Controls;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using MudBlazor;

namespace AdminConsole.Components.Pages.Roles;

/// <summary>Saves a role, after a question if privileged permissions of users change.</summary>
public sealed class RoleSaving(Scoped<CustomRoles> roles, ConsoleDialogs dialogs, OperationRunner operations)
{
    /// <summary>Describes for the save bar which users a change of the role affects.</summary>
    public static string Effect(RoleSummary role, Actor actor) =>
        $"affects {(role.Users == 0 ? "no users yet" : RoleActions.Count(role.Users))}"
        + (actor.Roles.Contains(role.Name) ? ", including you" : "");

    /// <summary>Asks for confirmation if users gain or lose a privileged permission. Returns true to proceed.</summary>
    public async Task<bool> ConfirmAsync(RoleSummary role, RoleDraft draft)
    {
        var added = Listed(draft.Permissions.Except(role.Permissions));
        var removed = Listed(role.Permissions.Except(draft.Permissions));
        if (role.Users == 0 || added.Length + removed.Length == 0)
        {
            return true;
        }

        var (users, verb) = (RoleActions.Count(role.Users), role.Users == 1 ? "s" : "");
        var text = string.Join(
            ' ',
            new[]
            {
                added.Length > 0 ? $"{users} gain{verb} {added}." : "",
                removed.Length > 0 ? $"{users} lose{verb} {removed}." : "",
            }.Where(part => part.Length > 0)
        );
        var question = new Question($"Change privileged permissions of {role.Name}?", text, "Save changes")
        {
            IsDestructive = removed.Length > 0,
        };
        return await dialogs.ConfirmAsync(question);
    }

    public async Task<Result<RoleSummary>> SaveAsync(RoleSummary role, RoleDraft draft)
    {
        var saved = await operations.AskAsync(() =>
            roles.RunAsync((custom, actor) => custom.UpdateAsync(actor, role.Name, draft.ToRequest(), default))
        );
        if (saved.Refusal is null)
        {
            operations.Notify(Severity.Success, $"Role {saved.Value.Name} saved.");
        }

        return saved;
    }

    private static string Listed(IEnumerable<string> permissions) =>
        string.Join(
            ", ",
            permissions
                .Where(Permissions.Privileged.Contains)
                .Order(StringComparer.Ordinal)
                .Select(name => $"“{Permissions.Descriptions[name]}”")
        );
}
