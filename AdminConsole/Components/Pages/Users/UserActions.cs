using AdminConsole.Components.Controls;
using AdminConsole.Core;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using AdminConsole.Security;
using MudBlazor;

namespace AdminConsole.Components.Pages.Users;

/// <summary>What can be done with a user from the grid, with its questions before and its notices after.</summary>
public sealed class UserActions(Scoped<UserLifecycle> users, Scoped<RoleAssignments> roles, ConsoleDialogs dialogs, OperationRunner operations)
{
    public async Task<bool> CreateAsync(IReadOnlyList<string> roleNames) =>
        await dialogs.ShowAsync<UserForm>("New user", new DialogParameters { [nameof(UserForm.Roles)] = roleNames }) is true;

    public async Task ImportAsync() => await dialogs.ShowAsync<ImportDialog>("Import users", options: ConsoleDialogs.Large);

    public async Task<Result<UserDetails>?> ToggleRoleAsync(UserDetails user, string role) => await operations.TryAsync(() => roles.RunAsync((assignments, actor) => user.Roles.Contains(role)
        ? assignments.RemoveAsync(actor, user.Id, role, default)
        : assignments.AddAsync(actor, user.Id, role, default)));

    /// <summary>Null when the person thought better of it.</summary>
    public async Task<Result<UserDetails>?> ToggleActiveAsync(UserDetails user)
    {
        if (!user.Active)
        {
            return await operations.TryAsync(() => users.RunAsync((lifecycle, actor) => lifecycle.ActivateAsync(actor, user.Id, default)), $"{user.SignInName} can sign in again.");
        }

        return await dialogs.ShowAsync<DeactivateDialog>($"Deactivate {user.SignInName}?", options: ConsoleDialogs.Small) is DeactivateRequest request
            ? await operations.TryAsync(
                () => users.RunAsync((lifecycle, actor) => lifecycle.DeactivateAsync(actor, user.Id, request, default)),
                $"{user.SignInName} is deactivated and signed out everywhere.")
            : null;
    }

    public async Task UnlockAsync(UserDetails user) =>
        await operations.TryAsync(() => users.RunAsync((lifecycle, actor) => lifecycle.UnlockAsync(actor, user.Id, default)), $"{user.SignInName} may try again.");

    public async Task EditAsync(UserDetails user, Actor actor) =>
        await dialogs.ShowAsync<UserForm>($"Edit {user.SignInName}", new DialogParameters { [nameof(UserForm.User)] = user, [nameof(UserForm.IsNameKept)] = !actor.Can(Permissions.UsersCredentials) });

    public async Task LockDownAsync(UserDetails user)
    {
        if (await dialogs.ShowAsync<LockdownDialog>($"Lock down {user.SignInName}?", options: ConsoleDialogs.Small) is string reason)
        {
            await operations.TryAsync(
                () => users.RunAsync((lifecycle, actor) => lifecycle.LockDownAsync(actor, user.Id, new LockdownRequest { Reason = reason }, default)),
                $"{user.SignInName} is locked down: out everywhere, with no way back in.");
        }
    }

    public async Task DeleteAsync(UserDetails user)
    {
        if (await dialogs.ConfirmAsync(new Question($"Delete {user.SignInName}?", "Sessions and tokens end now. This can't be undone. The audit log keeps the name.", "Delete") { TypedConfirmation = user.SignInName }))
        {
            await operations.TryAsync(() => users.RunAsync((lifecycle, actor) => lifecycle.DeleteAsync(actor, user.Id, default)), $"{user.SignInName} is deleted.");
        }
    }
}
