using AdminConsole.Core.Contracts;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;

namespace AdminConsole.Components.Pages.Users;

/// <summary>Explains why an operation would be refused, so that pages don't offer it. Core makes the
/// decision.</summary>
public static class UserRules
{
    /// <summary>Returns why the actor can't manage the user; null if they can.</summary>
    public static string? WhyNotManage(UserDetails user, Actor actor, IReadOnlyList<RoleChoice> roles) =>
        HeldBy(user, roles).SelectMany(role => role.Permissions).All(actor.RolePermissions.Contains)
            ? null
            : Refusals.OutranksActor.Message;

    /// <summary>Returns why the actor can't manage the user, who must not be the actor; null if they can.</summary>
    /// <param name="user">The user.</param>
    /// <param name="actor">The actor.</param>
    /// <param name="roles">All roles.</param>
    /// <param name="verb">The verb of the message, such as "deactivate".</param>
    public static string? WhyNotManageOther(UserDetails user, Actor actor, IReadOnlyList<RoleChoice> roles, string verb) =>
        user.Id == actor.UserId ? $"You can't {verb} your own account." : WhyNotManage(user, actor, roles);

    /// <summary>Returns why the actor can't assign and remove the role; null if they can.</summary>
    public static string? WhyNotAssign(RoleChoice role, Actor actor) =>
        actor.Covers(role.Permissions) ? null : "You can't assign this role: it has permissions you don't have.";

    /// <summary>True if the user can change other accounts, roles or settings.</summary>
    public static bool IsPrivileged(UserDetails user, IReadOnlyList<RoleChoice> roles) =>
        HeldBy(user, roles).Any(role => role.IsPrivileged);

    /// <summary>Returns the roles of a user.</summary>
    public static IEnumerable<RoleChoice> HeldBy(UserDetails user, IReadOnlyList<RoleChoice> roles) =>
        roles.Where(role => user.Roles.Contains(role.Name));
}
