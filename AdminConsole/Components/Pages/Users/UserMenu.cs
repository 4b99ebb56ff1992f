using AdminConsole.Components.Parts;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Passwords;
using AdminConsole.Core.Security;
using AdminConsole.Security;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Radzen;

namespace AdminConsole.Components.Pages.Users;

/// <summary>The menu of a user: what the viewer may do with them.</summary>
public sealed class UserMenu(UserActions actions, Scoped<UserCredentials> credentials, ContextMenuService menus, NavigationManager navigation, Acts acts)
{
    public void Open(MouseEventArgs click, UserDetails user, Actor actor) => menus.Open(click, Items(user, actor), chosen =>
    {
        menus.Close();
        _ = (chosen.Value as Func<Task>)?.Invoke();
    });

    private List<ContextMenuItem> Items(UserDetails user, Actor actor)
    {
        List<ContextMenuItem> items = [];
        if (actor.Can(Permissions.UsersWrite))
        {
            items.Add(Item("Edit…", "edit", () => actions.EditAsync(user)));
            if (user.LockedOutUntil is not null)
            {
                items.Add(Item("Unlock", "lock_open", () => actions.UnlockAsync(user)));
            }
        }

        if (actor.Can(Permissions.UsersCredentials))
        {
            items.Add(Item("Password reset link…", "link", () => actions.OpenResetLinkAsync(user)));
            items.Add(Item("Require a new password", "password", () => RequirePasswordChangeAsync(user)));
        }

        if (actor.Can(Permissions.AuditRead))
        {
            items.Add(Item("What happened to them", "receipt_long", () => GoTo($"{Urls.Audit}?target={user.Id}")));
            items.Add(Item("What they did", "history", () => GoTo($"{Urls.Audit}?actor={user.Id}")));
        }

        if (actor.Can(Permissions.UsersWrite))
        {
            items.Add(Item("Delete…", "delete", () => actions.DeleteAsync(user)));
        }

        return items;
    }

    private async Task RequirePasswordChangeAsync(UserDetails user) => await acts.TryAsync(
        () => credentials.RunAsync((others, actor) => others.RequirePasswordChangeAsync(actor, user.Id, default)),
        $"{user.Email} must choose a new password before anything else.");

    private Task GoTo(string url)
    {
        navigation.NavigateTo(url);
        return Task.CompletedTask;
    }

    private static ContextMenuItem Item(string text, string icon, Func<Task> act) => new() { Text = text, Icon = icon, Value = act };
}
