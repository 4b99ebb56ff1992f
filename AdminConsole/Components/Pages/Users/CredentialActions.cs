using AdminConsole.Components.Controls;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Passwords;
using AdminConsole.Core.Sessions;
using AdminConsole.Security;
using MudBlazor;

namespace AdminConsole.Components.Pages.Users;

/// <summary>What can be done to a user's ways in, and to the traces they left.</summary>
public sealed class CredentialActions(Scoped<UserCredentials> credentials, Scoped<SessionDirectory> sessions, ConsoleDialogs dialogs, OperationRunner operations)
{
    public async Task OpenResetLinkAsync(UserDetails user) => await OpenAsync<ResetLinkDialog>("Password reset link", user);

    public async Task OpenSetPasswordAsync(UserDetails user) => await OpenAsync<SetPasswordDialog>($"Set a password for {user.SignInName}", user);

    public async Task OpenEraseAsync(UserDetails user) => await OpenAsync<EraseDialog>($"Erase {user.SignInName} from the audit log?", user);

    public async Task RequirePasswordChangeAsync(UserDetails user) => await operations.TryAsync(
        () => credentials.RunAsync((others, actor) => others.RequirePasswordChangeAsync(actor, user.Id, default)),
        $"{user.SignInName} must choose a new password before anything else.");

    public async Task ResetMfaAsync(UserDetails user)
    {
        if (await dialogs.ConfirmAsync(new Question($"Reset two-factor authentication of {user.SignInName}?",
            "The authenticator app, recovery codes and passkeys stop working. The user signs in with the password alone.", "Reset 2FA")))
        {
            await operations.TryAsync(() => credentials.RunAsync((others, actor) => others.ResetMfaAsync(actor, user.Id, default)), $"The second factors of {user.SignInName} are cleared.");
        }
    }

    public async Task EndSessionsAsync(UserDetails user)
    {
        if (await dialogs.ConfirmAsync(new Question($"Sign out {user.SignInName} everywhere?", "All browser sessions end now. The user can sign in again.", "Sign out everywhere")))
        {
            await operations.TryAsync(() => sessions.RunAsync((directory, actor) => directory.EndAllAsync(actor, user.Id, default)), $"All sessions of {user.SignInName} are ended.");
        }
    }

    private async Task OpenAsync<TDialog>(string title, UserDetails user)
        where TDialog : Microsoft.AspNetCore.Components.ComponentBase =>
        await dialogs.ShowAsync<TDialog>(title, new DialogParameters { ["User"] = user }, ConsoleDialogs.Small);

}
