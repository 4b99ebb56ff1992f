using AdminConsole.Core.Audit;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Users;

// Updates of existing users.
internal sealed partial class UserImporter
{
    private Refusal? Update(UserRow row, AppUser user, List<IdentityUserRole<Guid>> held)
    {
        var wanted = RolesOf(row.Roles ?? []);
        if (wanted.Refusal is { } unknown)
        {
            return unknown;
        }

        var (userName, displayName, active) = (
            row.UserName ?? user.UserName!,
            row.DisplayName ?? user.DisplayName,
            row.Active is null ? user.Active : bool.Parse(row.Active)
        );
        var changes = FieldChange.Between(new("userName", user.UserName, userName), new("displayName", user.DisplayName, displayName));
        var has = roles.Where(role => held.Exists(one => one.RoleId == role.Id)).ToList();
        var given = row.Roles is null ? [] : wanted.Value.Except(has).ToList();
        var taken = row.Roles is null ? [] : has.Except(wanted.Value).ToList();
        if (changes.Length == 0 && given.Count == 0 && taken.Count == 0 && active == user.Active)
        {
            Unchanged++;
            return null;
        }

        if (RefusedOn(user, has, given, taken, active) is { } refused)
        {
            return refused;
        }

        if (userName != user.UserName && RefusedToRename(user, has) is { } unentitled)
        {
            return unentitled;
        }

        if (changes.Length > 0)
        {
            change.Record(AuditActions.UserUpdated, user.AsTarget(), new { changes });
            UserNameValidation.Rename(change, user, user.Email, userName, displayName);
        }

        Assign(user, held, given, taken);
        Switch(user, active);
        if (has.Exists(IsAdmin) && (!active || taken.Exists(IsAdmin)))
        {
            demotedAdministrators.Add((row, user.Id));
        }

        if (active && (given.Exists(IsAdmin) || (has.Exists(IsAdmin) && !taken.Exists(IsAdmin))))
        {
            newAdministrators.Add(user.Id);
        }

        Updated++;
        return null;
    }

    private Refusal? RefusedOn(AppUser user, List<AppRole> has, List<AppRole> given, List<AppRole> taken, bool active) =>
        RoleHierarchy.OutranksActor(has, change.Actor) ? Refusals.AboveYou
        : user.Id == change.Actor.UserId && (!active || taken.Count > 0)
            ? Refusal.Conflict("self_forbidden", "You can't deactivate your own account or remove your own roles.")
        : given.Count + taken.Count > 0 ? RefusedToAssign([.. given, .. taken])
        : null;

    private Refusal? RefusedToRename(AppUser user, List<AppRole> has)
    {
        NeedsRecentSignIn = true;
        return UserRenaming.Refused(change.Actor, user, has);
    }

    private void Assign(AppUser user, List<IdentityUserRole<Guid>> held, List<AppRole> given, List<AppRole> taken)
    {
        foreach (var role in given)
        {
            db.Add(new IdentityUserRole<Guid> { UserId = user.Id, RoleId = role.Id });
            change.Record(AuditActions.UserRoleAdded, user.AsTarget(), new { role = role.Name });
        }

        foreach (var role in taken)
        {
            db.Remove(held.Find(one => one.RoleId == role.Id)!);
            change.Record(AuditActions.UserRoleRemoved, user.AsTarget(), new { role = role.Name });
        }

        user.Touch(change.At);
    }

    private void Switch(AppUser user, bool active)
    {
        if (active == user.Active)
        {
            return;
        }

        if (active)
        {
            user.Activate(change.At);
            change.Record(AuditActions.UserActivated, user.AsTarget());
        }
        else
        {
            user.Deactivate(change.Actor, change.At, reason: null, until: null);
            change.Record(AuditActions.UserDeactivated, user.AsTarget());
            deactivated.Add(user);
        }
    }

    private Result<List<AppRole>> RolesOf(IReadOnlyList<string> names)
    {
        var wanted = new List<AppRole>();
        foreach (var name in names)
        {
            if (roles.Find(role => role.NormalizedName == AppUser.Normalize(name)) is not { } role)
            {
                return Refusal.Invalid("unknown_role", $"The role '{name}' doesn't exist.");
            }

            if (!wanted.Contains(role))
            {
                wanted.Add(role);
            }
        }

        return wanted;
    }

    private Refusal? RefusedToAssign(List<AppRole> some)
    {
        NeedsRecentSignIn = true;
        return change.Actor.Require(Permissions.RolesAssign)
            ?? (RoleHierarchy.ExceedsCredential(some, change.Actor) ? Refusals.BeyondYou : null);
    }

    private static bool IsAdmin(AppRole role) => role is { BuiltIn: true, Name: AppRole.Admin };
}
