using AdminConsole.Components.Parts;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Passwords;
using AdminConsole.Core.Sessions;
using AdminConsole.Security;
using Radzen;

namespace AdminConsole.Components.Pages.Users;

/// <summary>What can be done to a user's ways in, and to the traces they left.</summary>
public sealed class CredentialActions(Scoped<UserCredentials> credentials, Scoped<SessionDirectory> sessions, DialogService dialogs, Acts acts)
{
    public async Task OpenResetLinkAsync(UserDetails user) => await OpenAsync<ResetLinkDialog>("Password reset link", user);

    public async Task OpenSetPasswordAsync(UserDetails user) => await OpenAsync<SetPasswordDialog>($"Set a password for {user.SignInName}", user);

    public async Task OpenEraseAsync(UserDetails user) => await OpenAsync<EraseDialog>($"Erase {user.SignInName} from the audit log?", user);

    public async Task RequirePasswordChangeAsync(UserDetails user) => await acts.TryAsync(
        () => credentials.RunAsync((others, actor) => others.RequirePasswordChangeAsync(actor, user.Id, default)),
        $"{user.SignInName} must choose a new password before anything else.");

    public async Task ResetMfaAsync(UserDetails user)
    {
        if (await dialogs.Confirm("Their authenticator, recovery codes and passkeys stop working now; they sign in with the password alone and set up new ones.",
            $"Clear the second factors of {user.SignInName}?", Ask("Clear")) == true)
        {
            await acts.TryAsync(() => credentials.RunAsync((others, actor) => others.ResetMfaAsync(actor, user.Id, default)), $"The second factors of {user.SignInName} are cleared.");
        }
    }

    public async Task EndSessionsAsync(UserDetails user)
    {
        if (await dialogs.Confirm("Every browser they are signed in with is signed out now. They can sign in again.", $"End all sessions of {user.SignInName}?", Ask("End sessions")) == true)
        {
            await acts.TryAsync(() => sessions.RunAsync((directory, actor) => directory.EndAllAsync(actor, user.Id, default)), $"All sessions of {user.SignInName} are ended.");
        }
    }

    private async Task OpenAsync<TDialog>(string title, UserDetails user)
        where TDialog : Microsoft.AspNetCore.Components.ComponentBase =>
        await dialogs.OpenAsync<TDialog>(title, new Dictionary<string, object?> { ["User"] = user }, UserActions.Narrow);

    private static ConfirmOptions Ask(string verb) => new() { OkButtonText = verb, CancelButtonText = "Cancel", Width = "30rem", CloseDialogOnEsc = true };
}
