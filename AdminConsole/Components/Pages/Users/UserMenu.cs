using AdminConsole.Components.Pages.Audit;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace AdminConsole.Components.Pages.Users;

/// <summary>
/// Lists the actions that the actor can take on a user, for the menu of a row and the buttons of the panel. The status
/// of the user determines the actions. An action that would be refused is listed with the reason.
/// </summary>
public sealed class UserMenu(UserActions actions, CredentialActions credentials, NavigationManager navigation)
{
    /// <summary>The actions that the users page runs itself.</summary>
    public UserActions Actions => actions;

    public IEnumerable<Entry> For(UserDetails user, Actor actor, IReadOnlyList<RoleChoice> roles)
    {
        var groups = new[]
        {
            actor.Can(Permissions.UsersWrite) ? Account(user, actor, roles) : [],
            actor.Can(Permissions.UsersCredentials) ? Credentials(user, actor, roles) : [],
            actor.Can(Permissions.DirectoryWrite) ? BreakGlass(user, actor, roles) : [],
            actor.Can(Permissions.SessionsEnd) ? Sessions(user, actor, roles) : [],
            actor.Can(Permissions.AuditRead) ? Activity(user) : [],
            actor.Can(Permissions.UsersWrite) ? Danger(user, actor, roles) : [],
        };
        return groups
            .Where(group => group.Any())
            .SelectMany((group, index) => group.Select((entry, at) => entry with { IsFirst = at == 0 && index > 0 }));
    }

    /// <summary>Returns the main action for the user's status; null if the actor can't take it.</summary>
    public Entry? Primary(UserDetails user, Actor actor, IReadOnlyList<RoleChoice> roles)
    {
        var wanted = UserStatusRules.GetStatus(user) switch
        {
            UserStatuses.Deactivated or UserStatuses.LockedDown => "reactivate",
            UserStatuses.Locked => "unlock",
            UserStatuses.Invited or UserStatuses.NoPassword => "link",
            _ => "edit",
        };
        return For(user, actor, roles).FirstOrDefault(entry => entry.Name == wanted);
    }

    private IEnumerable<Entry> Account(UserDetails user, Actor actor, IReadOnlyList<RoleChoice> roles)
    {
        var why = UserRules.WhyNotManage(user, actor, roles);
        yield return new("edit", "Edit…", Icons.Material.Rounded.Edit, () => actions.EditAsync(user, actor)) { Why = why };
        if (user.LockedOutUntil is not null)
        {
            yield return new("unlock", "Unlock", Icons.Material.Rounded.LockOpen, () => actions.UnlockAsync(user)) { Why = why };
        }

        if (!user.Active)
        {
            yield return new("reactivate", "Reactivate", Icons.Material.Rounded.PlayCircle, () => actions.ActivateAsync(user))
            {
                Why = why,
            };
            yield break;
        }

        var whyNotOther = UserRules.WhyNotManageOther(user, actor, roles, "deactivate");
        var asks = UserRules.IsPrivileged(user, roles);
        if (!asks)
        {
            yield return new("deactivate", "Deactivate", Icons.Material.Rounded.PauseCircle, () => actions.DeactivateAsync(user))
            {
                Why = whyNotOther,
            };
        }

        yield return new(
            "deactivate-with-reason",
            asks ? "Deactivate…" : "Deactivate with reason…",
            Icons.Material.Rounded.EditNote,
            () => actions.DeactivateWithReasonAsync(user)
        )
        {
            Why = whyNotOther,
        };
    }

    private IEnumerable<Entry> Credentials(UserDetails user, Actor actor, IReadOnlyList<RoleChoice> roles)
    {
        var why = UserRules.WhyNotManage(user, actor, roles);
        yield return new(
            "link",
            user.HasPassword ? "Create reset link…" : "Create invitation link…",
            Icons.Material.Rounded.Link,
            () => credentials.OpenLinkAsync(user)
        )
        {
            Why = why,
        };
        yield return new("password", "Set temporary password…", Icons.Material.Rounded.Key, () => credentials.OpenSetPasswordAsync(user))
        {
            Why = why,
        };
        if (user is { HasPassword: true, MustChangePassword: false })
        {
            yield return new(
                "require",
                "Require password change",
                Icons.Material.Rounded.Password,
                () => credentials.RequirePasswordChangeAsync(user)
            )
            {
                Why = why,
            };
        }

        yield return new(
            "mfa",
            "Reset two-factor authentication…",
            Icons.Material.Rounded.PhonelinkErase,
            () => credentials.ResetMfaAsync(user)
        )
        {
            Why = why,
        };
    }

    private IEnumerable<Entry> BreakGlass(UserDetails user, Actor actor, IReadOnlyList<RoleChoice> roles)
    {
        yield return new(
            "break-glass",
            user.BreakGlass ? "End break-glass exemption…" : "Make break-glass account…",
            Icons.Material.Rounded.VpnKey,
            () => credentials.SetBreakGlassAsync(user, !user.BreakGlass)
        )
        {
            Why = UserRules.WhyNotManage(user, actor, roles),
        };
    }

    private IEnumerable<Entry> Sessions(UserDetails user, Actor actor, IReadOnlyList<RoleChoice> roles)
    {
        yield return new("sign-out", "Sign out everywhere…", Icons.Material.Rounded.Logout, () => credentials.EndSessionsAsync(user))
        {
            Why = UserRules.WhyNotManage(user, actor, roles),
        };
    }

    private IEnumerable<Entry> Activity(UserDetails user)
    {
        yield return new(
            "about",
            "Activity on this account",
            Icons.Material.Rounded.ReceiptLong,
            () => GoTo(AuditPageState.UrlOf(new AuditQuery { Target = user.Id.ToString() }))
        );
        yield return new(
            "by",
            "Activity by this user",
            Icons.Material.Rounded.History,
            () => GoTo(AuditPageState.UrlOf(new AuditQuery { Actor = user.Id.ToString() }))
        );
    }

    private IEnumerable<Entry> Danger(UserDetails user, Actor actor, IReadOnlyList<RoleChoice> roles)
    {
        yield return new("lockdown", "Lock down…", Icons.Material.Rounded.GppBad, () => actions.LockDownAsync(user))
        {
            IsDangerous = true,
            Why = UserRules.WhyNotManageOther(user, actor, roles, "lock down"),
            Hint = "For a compromised account. Deactivates it, ends all sessions and devices, revokes tokens and reset links.",
        };
        if (actor.Can(Permissions.SettingsWrite))
        {
            yield return new(
                "erase",
                "Erase from the audit log…",
                Icons.Material.Rounded.AutoFixOff,
                () => credentials.OpenEraseAsync(user)
            )
            {
                IsDangerous = true,
                Why = UserRules.WhyNotManageOther(user, actor, roles, "erase"),
                Hint = "Removes names, emails and details from all events so far.",
            };
        }

        yield return new("delete", "Delete…", Icons.Material.Rounded.Delete, () => actions.DeleteAsync(user))
        {
            IsDangerous = true,
            Why = UserRules.WhyNotManageOther(user, actor, roles, "delete"),
            Hint = "Removes the account, its sessions and tokens. This can't be undone.",
        };
    }

    private Task GoTo(string url)
    {
        navigation.NavigateTo(url);
        return Task.CompletedTask;
    }

    /// <summary>An action of the menu.</summary>
    /// <param name="Name">The unique name of the action.</param>
    /// <param name="Text">The label.</param>
    /// <param name="Icon">A constant of <c>MudBlazor.Icons</c>.</param>
    /// <param name="Run">Runs the action.</param>
    public sealed record Entry(string Name, string Text, string Icon, Func<Task> Run)
    {
        public bool IsDangerous { get; init; }

        /// <summary>The reason why the action would be refused; null if it is available.</summary>
        public string? Why { get; init; }

        /// <summary>The effect of the action, in one or two sentences.</summary>
        public string? Hint { get; init; }

        /// <summary>True for the first action of every group but the first.</summary>
        public bool IsFirst { get; init; }
    }
}
