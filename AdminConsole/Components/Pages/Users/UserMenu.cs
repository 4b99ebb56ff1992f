using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace AdminConsole.Components.Pages.Users;

/// <summary>Everything the viewer may do with a user, as the menu of a row and the buttons of the panel.</summary>
public sealed class UserMenu(UserActions actions, CredentialActions credentials, NavigationManager navigation)
{
    /// <summary>What the page itself does with a user.</summary>
    public UserActions Actions => actions;

    public IEnumerable<Entry> For(UserDetails user, Actor actor)
    {
        if (actor.Can(Permissions.UsersWrite))
        {
            yield return new("Edit…", Icons.Material.Rounded.Edit, () => actions.EditAsync(user, actor));
            if (user.LockedOutUntil is not null)
            {
                yield return new("Unlock", Icons.Material.Rounded.LockOpen, () => actions.UnlockAsync(user));
            }
        }

        if (actor.Can(Permissions.UsersCredentials))
        {
            yield return new("Password reset link…", Icons.Material.Rounded.Link, () => credentials.OpenResetLinkAsync(user));
            yield return new("Set a password…", Icons.Material.Rounded.Key, () => credentials.OpenSetPasswordAsync(user));
            yield return new("Require a new password", Icons.Material.Rounded.Password, () => credentials.RequirePasswordChangeAsync(user));
            yield return new("Clear second factors…", Icons.Material.Rounded.PhonelinkErase, () => credentials.ResetMfaAsync(user));
        }

        if (actor.Can(Permissions.SessionsEnd))
        {
            yield return new("End all sessions…", Icons.Material.Rounded.Logout, () => credentials.EndSessionsAsync(user));
        }

        if (actor.Can(Permissions.AuditRead))
        {
            yield return new("What happened to them", Icons.Material.Rounded.ReceiptLong, () => GoTo($"{Urls.Audit}?target={user.Id}"));
            yield return new("What they did", Icons.Material.Rounded.History, () => GoTo($"{Urls.Audit}?actor={user.Id}"));
        }

        if (actor.Can(Permissions.UsersWrite))
        {
            yield return new("Lock down…", Icons.Material.Rounded.GppBad, () => actions.LockDownAsync(user), IsDangerous: true);
            if (actor.Can(Permissions.SettingsWrite))
            {
                yield return new("Erase from the audit log…", Icons.Material.Rounded.AutoFixOff, () => credentials.OpenEraseAsync(user), IsDangerous: true);
            }

            yield return new("Delete…", Icons.Material.Rounded.Delete, () => actions.DeleteAsync(user), IsDangerous: true);
        }
    }

    private Task GoTo(string url)
    {
        navigation.NavigateTo(url);
        return Task.CompletedTask;
    }

    /// <summary>One thing that can be done.</summary>
    public sealed record Entry(string Text, string Icon, Func<Task> Act, bool IsDangerous = false);
}
