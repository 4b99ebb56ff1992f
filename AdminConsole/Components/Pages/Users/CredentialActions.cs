using AdminConsole.Authorization;
using AdminConsole.Components.Controls;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Sessions;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace AdminConsole.Components.Pages.Users;

/// <summary>Actions on a user's credentials, ways to sign in and sessions, and on their personal data in the audit
/// log.</summary>
public sealed class CredentialActions(
    Scoped<UserCredentials> credentials,
    Scoped<BreakGlassAccounts> breakGlass,
    Scoped<SessionDirectory> sessions,
    Scoped<RevocableCredentials> access,
    ConsoleDialogs dialogs,
    OperationRunner operations
)
{
    /// <summary>Opens the dialog that creates an invitation link, or a reset link for a user with a
    /// password.</summary>
    public Task OpenLinkAsync(UserDetails user) =>
        OpenAsync<LinkDialog>(
            user.HasPassword ? $"Reset link for {user.DisplayName}" : $"Invitation link for {user.DisplayName}",
            user,
            ConsoleDialogs.Medium
        );

    public Task OpenSetPasswordAsync(UserDetails user) =>
        OpenAsync<SetPasswordDialog>($"Set temporary password for {user.DisplayName}", user, ConsoleDialogs.Small);

    public Task OpenEraseAsync(UserDetails user) =>
        OpenAsync<EraseDialog>($"Erase personal data of {user.DisplayName}?", user, ConsoleDialogs.Small);

    public async Task RequirePasswordChangeAsync(UserDetails user) =>
        await operations.TryAsync(
            () => credentials.RunAsync((others, actor) => others.RequirePasswordChangeAsync(actor, user.Id, default)),
            $"{user.DisplayName} must change the password at next sign-in."
        );

    public async Task ResetMfaAsync(UserDetails user)
    {
        var question = new Question(
            $"Reset two-factor authentication of {user.DisplayName}?",
            "The authenticator app, recovery codes and passkeys stop working, and identity providers are unlinked. "
                + (
                    user.HasPassword
                        ? "The user signs in with the password alone."
                        : "The user can't sign in until you send a link to set a password."
                ),
            "Reset 2FA"
        );
        if (await dialogs.ConfirmAsync(question))
        {
            await operations.TryAsync(
                () => credentials.RunAsync((others, actor) => others.ResetMfaAsync(actor, user.Id, default)),
                $"Two-factor authentication of {user.DisplayName} reset."
            );
        }
    }

    /// <summary>Exempts a user from signing in with an identity provider, or ends the exemption.</summary>
    public async Task SetBreakGlassAsync(UserDetails user, bool isExempt)
    {
        var question = isExempt
            ? new Question(
                $"Make {user.DisplayName} a break-glass account?",
                $"{user.DisplayName} can then sign in with a password or passkey even if a role requires an identity provider. "
                    + "Use this for one or two administrators.",
                "Make break-glass account"
            )
            : new Question(
                $"End the break-glass exemption of {user.DisplayName}?",
                $"{user.DisplayName} must then sign in with an identity provider if a role requires one.",
                "End exemption"
            );
        if (await dialogs.ConfirmAsync(question with { IsDestructive = !isExempt }))
        {
            await operations.TryAsync(
                () => breakGlass.RunAsync((accounts, actor) => accounts.SetAsync(actor, user.Id, isExempt, default)),
                isExempt ? $"{user.DisplayName} is a break-glass account." : $"Break-glass exemption of {user.DisplayName} ended."
            );
        }
    }

    public async Task EndSessionsAsync(UserDetails user)
    {
        var counts = await access.OfAsync(user.Id);
        var question = new Question(
            $"Sign out {user.DisplayName} everywhere?",
            $"{user.DisplayName} ({user.SignInName}): {AccessText.Stops(counts, withTokens: false)} The user can sign in again.",
            "Sign out everywhere"
        );
        if (await dialogs.ConfirmAsync(question))
        {
            await operations.TryAsync(
                () => sessions.RunAsync((directory, actor) => directory.EndAllAsync(actor, user.Id, default)),
                $"{user.DisplayName} signed out everywhere."
            );
        }
    }

    private async Task OpenAsync<TDialog>(string title, UserDetails user, DialogOptions size)
        where TDialog : ComponentBase => await dialogs.ShowAsync<TDialog>(title, new DialogParameters { ["User"] = user }, size);
}
