using AdminConsole.Core.Contracts;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;

namespace AdminConsole.Components.Pages.Users;

/// <summary>Why something would be refused, so that it is not offered. Core decides; these say it first.</summary>
public static class UserRules
{
    /// <summary>Null where the viewer may manage the user.</summary>
    public static string? WhyNotManage(UserDetails user, Actor actor, IReadOnlyList<RoleChoice> roles) =>
        HeldBy(user, roles).SelectMany(role => role.Permissions).All(actor.RolePermissions.Contains) ? null : Refusals.AboveYou.Message;

    /// <summary>The same for what nobody does to their own account.</summary>
    /// <param name="user">The user.</param>
    /// <param name="actor">The viewer.</param>
    /// <param name="roles">All roles.</param>
    /// <param name="verb">Such as "deactivate".</param>
    public static string? WhyNotManageOther(UserDetails user, Actor actor, IReadOnlyList<RoleChoice> roles, string verb) =>
        user.Id == actor.UserId ? $"You can't {verb} your own account." : WhyNotManage(user, actor, roles);

    /// <summary>Null where the viewer may assign and remove the role.</summary>
    public static string? WhyNotAssign(RoleChoice role, Actor actor) =>
        actor.Covers(role.Permissions) ? null : "You can't assign this role: it has permissions you don't have.";

    /// <summary>True where the user can change other accounts, roles or settings.</summary>
    public static bool IsPrivileged(UserDetails user, IReadOnlyList<RoleChoice> roles) =>
        HeldBy(user, roles).Any(role => role.IsPrivileged);

    /// <summary>The roles of a user.</summary>
    public static IEnumerable<RoleChoice> HeldBy(UserDetails user, IReadOnlyList<RoleChoice> roles) =>
        roles.Where(role => user.Roles.Contains(role.Name));
}
