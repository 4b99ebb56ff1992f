using AdminConsole.Authorization;
using AdminConsole.Components.Pages.Users;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;

namespace AdminConsole.Components.Layout;

/// <summary>Lists the actions that the command palette offers for a user: those of the user menu that aren't
/// refused.</summary>
public sealed class PaletteActions(Scoped<UserDirectory> directory, Scoped<RoleCatalog> catalog, UserMenu menu)
{
    private const string Group = "Actions";
    private const int MaxUsers = 3;
    private const int MinCharacters = 3;

    // The texts of the menu's entries. Only input that starts with one of them causes a search for users and their
    // actions.
    internal static readonly IReadOnlyList<string> Texts =
    [
        "Edit",
        "Unlock",
        "Reactivate",
        "Deactivate",
        "Deactivate with reason",
        "Create reset link",
        "Create invitation link",
        "Set temporary password",
        "Require password change",
        "Reset two-factor authentication",
        "Make break-glass account",
        "End break-glass exemption",
        "Sign out everywhere",
        "Lock down",
        "Activity on this account",
        "Activity by this user",
        "Erase from the audit log",
        "Delete",
    ];

    /// <summary>Returns all actions for a user.</summary>
    public async Task<IReadOnlyList<PaletteHit>> OfAsync(Guid userId, Actor actor)
    {
        var found = await directory.RunAsync((users, by) => users.FindAsync(by, userId, default));
        var roles = await RolesAsync();
        return found.Match(user => [.. Of(user, actor, roles)], _ => new List<PaletteHit>());
    }

    /// <summary>Returns the actions for input of an action and a name, such as "deactivate ana".</summary>
    public async Task<IReadOnlyList<PaletteHit>> FindAsync(string typed, Actor actor)
    {
        var words = typed.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var count = words.Length - 1; count > 0; count--)
        {
            var action = string.Join(' ', words[..count]);
            if (action.Length >= MinCharacters && Texts.Any(text => IsNamed(text, action)))
            {
                return await FindAsync(action, string.Join(' ', words[count..]), actor);
            }
        }

        return [];
    }

    private async Task<IReadOnlyList<PaletteHit>> FindAsync(string action, string name, Actor actor)
    {
        var query = new UserQuery { Search = name, Limit = MaxUsers };
        var users = await directory.RunAsync((all, by) => all.ListAsync(by, query, default));
        var roles = await RolesAsync();
        return users.Match(
            page => [.. page.Items.SelectMany(user => Of(user, actor, roles)).Where(hit => IsNamed(hit.Name, action))],
            _ => new List<PaletteHit>()
        );
    }

    private static bool IsNamed(string text, string action) => text.StartsWith(action, StringComparison.OrdinalIgnoreCase);

    private IEnumerable<PaletteHit> Of(UserDetails user, Actor actor, IReadOnlyList<RoleChoice> roles) =>
        from entry in menu.For(user, actor, roles)
        where entry.Why is null
        select new PaletteHit(Group, entry.Text, $"{user.DisplayName} · {user.SignInName}", entry.Icon, "") { Run = entry.Run };

    private async Task<IReadOnlyList<RoleChoice>> RolesAsync() =>
        (await catalog.RunAsync((all, actor) => all.ChoicesAsync(actor, default))).Match(choices => choices, _ => []);
}
