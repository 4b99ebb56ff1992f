using AdminConsole.Authorization;
using AdminConsole.Components.Controls;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using MudBlazor;

namespace AdminConsole.Components.Pages.Users;

/// <summary>The actions on a user, with their confirmations and notices.</summary>
public sealed class UserActions(
    Scoped<UserLifecycle> users,
    Scoped<RoleAssignments> roles,
    Scoped<RevocableCredentials> access,
    ConsoleDialogs dialogs,
    OperationRunner operations
)
{
    /// <summary>Opens the dialog. Returns the id of the created user if the actor wants to view them; otherwise
    /// null.</summary>
    public async Task<Guid?> CreateAsync(IReadOnlyList<RoleChoice> choices, Actor actor) =>
        await dialogs.ShowAsync<NewUserDialog>(
            "New user",
            new DialogParameters { [nameof(NewUserDialog.Roles)] = choices, [nameof(NewUserDialog.Actor)] = actor },
            ConsoleDialogs.Medium
        ) as Guid?;

    public async Task ImportAsync() => await dialogs.ShowAsync<ImportDialog>("Import users", options: ConsoleDialogs.Large);

    /// <summary>Returns the chosen columns; null if the dialog was canceled.</summary>
    public async Task<string?> ChooseColumnsAsync(string chosen) =>
        await dialogs.ShowAsync<ColumnsDialog>("Columns", new DialogParameters { [nameof(ColumnsDialog.Chosen)] = chosen }) as string;

    /// <summary>Assigns or removes a role and offers to undo it. Asks for confirmation of a privileged role; null if
    /// that was canceled.</summary>
    /// <param name="user">The user before the change.</param>
    /// <param name="role">The role.</param>
    /// <param name="begin">Called with the expected user when the change begins.</param>
    public async Task<Result<UserDetails>?> ToggleRoleAsync(UserDetails user, RoleChoice role, Func<UserDetails, Task> begin)
    {
        var assigns = !user.Roles.Contains(role.Name);
        if (role.IsPrivileged && !await dialogs.ConfirmAsync(await QuestionAsync(user, role, assigns)))
        {
            return null;
        }

        await begin(user with { Roles = assigns ? [.. user.Roles, role.Name] : [.. user.Roles.Where(name => name != role.Name)] });
        return await operations.TryAsync(
            () => ChangeRoleAsync(user, role.Name, assigns),
            assigns ? $"{role.Name} assigned to {user.DisplayName}." : $"{role.Name} removed from {user.DisplayName}.",
            async () => await operations.TryAsync(() => ChangeRoleAsync(user, role.Name, !assigns), "Undone.")
        );
    }

    /// <summary>Deactivates a user without confirmation, and offers to undo it.</summary>
    public Task DeactivateAsync(UserDetails user) => DeactivateAsync(user, new DeactivateRequest());

    /// <summary>Deactivates a user after asking for a reason and an end date.</summary>
    public async Task DeactivateWithReasonAsync(UserDetails user)
    {
        var parameters = new DialogParameters { [nameof(DeactivateDialog.Effect)] = await EffectAsync(user) };
        if (await dialogs.ShowAsync<DeactivateDialog>($"Deactivate {user.DisplayName}?", parameters) is DeactivateRequest request)
        {
            await DeactivateAsync(user, request);
        }
    }

    public async Task ActivateAsync(UserDetails user) =>
        await operations.TryAsync(
            () => users.RunAsync((lifecycle, actor) => lifecycle.ActivateAsync(actor, user.Id, default)),
            $"{user.DisplayName} reactivated."
        );

    public async Task UnlockAsync(UserDetails user) =>
        await operations.TryAsync(
            () => users.RunAsync((lifecycle, actor) => lifecycle.UnlockAsync(actor, user.Id, default)),
            $"{user.DisplayName} unlocked."
        );

    public async Task EditAsync(UserDetails user, Actor actor) =>
        await dialogs.ShowAsync<EditUserDialog>(
            $"Edit {user.DisplayName}",
            new DialogParameters
            {
                [nameof(EditUserDialog.User)] = user,
                [nameof(EditUserDialog.IsNameKept)] = !actor.Can(Permissions.UsersCredentials),
            }
        );

    public async Task LockDownAsync(UserDetails user)
    {
        var parameters = new DialogParameters { [nameof(LockdownDialog.Effect)] = await EffectAsync(user, withTokens: true) };
        if (await dialogs.ShowAsync<LockdownDialog>($"Lock down {user.DisplayName}?", parameters) is string reason)
        {
            await operations.TryAsync(
                () =>
                    users.RunAsync(
                        (lifecycle, actor) => lifecycle.LockDownAsync(actor, user.Id, new LockdownRequest { Reason = reason }, default)
                    ),
                $"{user.DisplayName} is locked down."
            );
        }
    }

    public async Task DeleteAsync(UserDetails user)
    {
        var question = new Question(
            $"Delete {user.DisplayName}?",
            $"{await EffectAsync(user, withTokens: true)} This can't be undone. The audit log keeps the name.",
            "Delete"
        )
        {
            TypedConfirmation = user.SignInName,
        };
        if (await dialogs.ConfirmAsync(question))
        {
            await operations.TryAsync(
                () => users.RunAsync((lifecycle, actor) => lifecycle.DeleteAsync(actor, user.Id, default)),
                $"{user.DisplayName} deleted."
            );
        }
    }

    private async Task DeactivateAsync(UserDetails user, DeactivateRequest request) =>
        await operations.TryAsync(
            () => users.RunAsync((lifecycle, actor) => lifecycle.DeactivateAsync(actor, user.Id, request, default)),
            $"{user.DisplayName} deactivated and signed out everywhere.",
            () => ActivateAsync(user)
        );

    private Task<Result<UserDetails>> ChangeRoleAsync(UserDetails user, string role, bool assigns) =>
        roles.RunAsync(
            (assignments, actor) =>
                assigns ? assignments.AddAsync(actor, user.Id, role, default) : assignments.RemoveAsync(actor, user.Id, role, default)
        );

    private async Task<Question> QuestionAsync(UserDetails user, RoleChoice role, bool assigns)
    {
        var name = $"{user.DisplayName} ({user.SignInName})";
        var permissions = AccessText.Count(role.Permissions.Count, "permission");
        var counts = await access.OfAsync(user.Id);
        return assigns
            ? new Question(
                $"Assign {role.Name} to {user.DisplayName}?",
                $"{name} gets {permissions} immediately{AccessText.Also(counts)}.",
                "Assign role"
            )
            {
                IsDestructive = false,
            }
            : new Question(
                $"Remove {role.Name} from {user.DisplayName}?",
                $"{name} loses {permissions} immediately{AccessText.Also(counts)}.",
                "Remove role"
            );
    }

    private async Task<string> EffectAsync(UserDetails user, bool withTokens = false) =>
        $"{user.DisplayName} ({user.SignInName}): {AccessText.Stops(await access.OfAsync(user.Id), withTokens)}";
}
