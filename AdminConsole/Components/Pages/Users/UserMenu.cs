using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Radzen;

namespace AdminConsole.Components.Pages.Users;

/// <summary>Everything the viewer may do with a user, as the menu of a row and the buttons of the panel.</summary>
public sealed class UserMenu(UserActions actions, CredentialActions credentials, ContextMenuService menus, NavigationManager navigation)
{
    /// <summary>What the page itself does with a user.</summary>
    public UserActions Actions => actions;

    public void Open(MouseEventArgs click, UserDetails user, Actor actor, Func<Task> details)
    {
        List<Entry> entries = [new("Details", "info", details), .. For(user, actor)];
        menus.Open(click, entries.ConvertAll(entry => new ContextMenuItem { Text = entry.Text, Icon = entry.Icon, Value = entry.Act }), chosen =>
        {
            menus.Close();
            _ = (chosen.Value as Func<Task>)?.Invoke();
        });
    }

    public IEnumerable<Entry> For(UserDetails user, Actor actor)
    {
        if (actor.Can(Permissions.UsersWrite))
        {
            yield return new("Edit…", "edit", () => actions.EditAsync(user, actor));
            if (user.LockedOutUntil is not null)
            {
                yield return new("Unlock", "lock_open", () => actions.UnlockAsync(user));
            }
        }

        if (actor.Can(Permissions.UsersCredentials))
        {
            yield return new("Password reset link…", "link", () => credentials.OpenResetLinkAsync(user));
            yield return new("Set a password…", "key", () => credentials.OpenSetPasswordAsync(user));
            yield return new("Require a new password", "password", () => credentials.RequirePasswordChangeAsync(user));
            yield return new("Clear second factors…", "phonelink_erase", () => credentials.ResetMfaAsync(user));
        }

        if (actor.Can(Permissions.SessionsEnd))
        {
            yield return new("End all sessions…", "logout", () => credentials.EndSessionsAsync(user));
        }

        if (actor.Can(Permissions.AuditRead))
        {
            yield return new("What happened to them", "receipt_long", () => GoTo($"{Urls.Audit}?target={user.Id}"));
            yield return new("What they did", "history", () => GoTo($"{Urls.Audit}?actor={user.Id}"));
        }

        if (actor.Can(Permissions.UsersWrite))
        {
            yield return new("Lock down…", "gpp_bad", () => actions.LockDownAsync(user), IsDangerous: true);
            if (actor.Can(Permissions.SettingsWrite))
            {
                yield return new("Erase from the audit log…", "ink_eraser", () => credentials.OpenEraseAsync(user), IsDangerous: true);
            }

            yield return new("Delete…", "delete", () => actions.DeleteAsync(user), IsDangerous: true);
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
