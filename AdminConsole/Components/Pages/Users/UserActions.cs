using AdminConsole.Components.Parts;
using AdminConsole.Core;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using AdminConsole.Security;
using Radzen;

namespace AdminConsole.Components.Pages.Users;

/// <summary>What can be done with a user from the grid, with its questions before and its notices after.</summary>
public sealed class UserActions(Scoped<UserLifecycle> users, Scoped<RoleAssignments> roles, DialogService dialogs, Acts acts)
{
    internal static readonly DialogOptions Narrow = new() { Width = "30rem", CloseDialogOnEsc = true };

    public async Task<bool> CreateAsync(IReadOnlyList<string> roleNames) =>
        await dialogs.OpenAsync<UserForm>("New user", new Dictionary<string, object?> { [nameof(UserForm.Roles)] = roleNames }, Narrow) is true;

    public async Task ImportAsync() => await dialogs.OpenAsync<ImportDialog>("Import users", options: new DialogOptions { Width = "40rem", CloseDialogOnEsc = true });

    public async Task<Result<UserDetails>?> ToggleRoleAsync(UserDetails user, string role) => await acts.TryAsync(() => roles.RunAsync((assignments, actor) => user.Roles.Contains(role)
        ? assignments.RemoveAsync(actor, user.Id, role, default)
        : assignments.AddAsync(actor, user.Id, role, default)));

    /// <summary>Null when the person thought better of it.</summary>
    public async Task<Result<UserDetails>?> ToggleActiveAsync(UserDetails user)
    {
        if (!user.Active)
        {
            return await acts.TryAsync(() => users.RunAsync((lifecycle, actor) => lifecycle.ActivateAsync(actor, user.Id, default)), $"{user.SignInName} can sign in again.");
        }

        return await dialogs.OpenAsync<DeactivateDialog>($"Deactivate {user.SignInName}?", options: Narrow) is DeactivateRequest request
            ? await acts.TryAsync(
                () => users.RunAsync((lifecycle, actor) => lifecycle.DeactivateAsync(actor, user.Id, request, default)),
                $"{user.SignInName} is deactivated and signed out everywhere.")
            : null;
    }

    public Task OpenPanelAsync(Guid id, Actor actor) => dialogs.OpenSideAsync<UserPanel>(
        "User", new Dictionary<string, object?> { [nameof(UserPanel.Id)] = id, [nameof(UserPanel.Actor)] = actor },
        new SideDialogOptions { Width = "min(30rem, 100vw)", ShowMask = false });

    public async Task UnlockAsync(UserDetails user) =>
        await acts.TryAsync(() => users.RunAsync((lifecycle, actor) => lifecycle.UnlockAsync(actor, user.Id, default)), $"{user.SignInName} may try again.");

    public async Task EditAsync(UserDetails user, Actor actor) =>
        await dialogs.OpenAsync<UserForm>($"Edit {user.SignInName}", new Dictionary<string, object?> { [nameof(UserForm.User)] = user, [nameof(UserForm.IsNameKept)] = !actor.Can(Permissions.UsersCredentials) }, Narrow);

    public async Task LockDownAsync(UserDetails user)
    {
        if (await dialogs.OpenAsync<LockdownDialog>($"Lock down {user.SignInName}?", options: Narrow) is string reason)
        {
            await acts.TryAsync(
                () => users.RunAsync((lifecycle, actor) => lifecycle.LockDownAsync(actor, user.Id, new LockdownRequest { Reason = reason }, default)),
                $"{user.SignInName} is locked down: out everywhere, with no way back in.");
        }
    }

    public async Task DeleteAsync(UserDetails user)
    {
        if (await dialogs.Confirm($"Their sessions end now and nothing of theirs can be brought back. The audit log keeps the name.",
            $"Delete {user.SignInName}?", new ConfirmOptions { OkButtonText = "Delete", CancelButtonText = "Cancel", Width = "30rem", CloseDialogOnEsc = true }) == true)
        {
            await acts.TryAsync(() => users.RunAsync((lifecycle, actor) => lifecycle.DeleteAsync(actor, user.Id, default)), $"{user.SignInName} is deleted.");
        }
    }
}
