using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Users;

// Updates of existing users.
internal sealed partial class UserImporter
{
    private Refusal? Update(UserRow row, AppUser user, List<IdentityUserRole<Guid>> assignments)
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
        var current = roles.Where(role => assignments.Exists(assignment => assignment.RoleId == role.Id)).ToList();
        var added = row.Roles is null ? [] : wanted.Value.Except(current).ToList();
        var removed = row.Roles is null ? [] : current.Except(wanted.Value).ToList();
        if (changes.Length == 0 && added.Count + removed.Count == 0 && active == user.Active)
        {
            Unchanged++;
            return null;
        }

        if (RefusedOn(user, current, added, removed, active) is { } refused)
        {
            return refused;
        }

        if (userName != user.UserName && RefusedToRename(user, current) is { } denied)
        {
            return denied;
        }

        if (changes.Length > 0)
        {
            change.Record(AuditActions.UserUpdated, user.AsTarget(), new { changes });
            UserNameValidation.Rename(change, user, user.Email, userName, displayName);
        }

        Assign(user, assignments, added, removed);
        Switch(user, active);
        var (wasAdmin, losesAdmin) = (current.Exists(role => role.IsAdmin), removed.Exists(role => role.IsAdmin));
        if (wasAdmin && (!active || losesAdmin))
        {
            demotedAdministrators.Add((row, user.Id));
        }

        var isAdmin = added.Exists(role => role.IsAdmin) || (wasAdmin && !losesAdmin);
        if (active && isAdmin)
        {
            newAdministrators.Add(user.Id);
        }

        Updated++;
        return null;
    }

    private Refusal? RefusedOn(AppUser user, List<AppRole> current, List<AppRole> added, List<AppRole> removed, bool active) =>
        RoleHierarchy.OutranksActor(current, change.Actor) ? Refusals.OutranksActor
        : user.Id == change.Actor.UserId && (!active || removed.Count > 0)
            ? Refusal.Conflict("self_forbidden", "You can't deactivate your own account or remove your own roles.")
        : added.Count + removed.Count > 0 ? RefusedToAssign([.. added, .. removed])
        : null;

    private Refusal? RefusedToRename(AppUser user, List<AppRole> current)
    {
        NeedsRecentSignIn = true;
        return UserRenaming.CheckAllowed(change.Actor, user, current);
    }

    private void Assign(AppUser user, List<IdentityUserRole<Guid>> assignments, List<AppRole> added, List<AppRole> removed)
    {
        foreach (var role in added)
        {
            db.Add(new IdentityUserRole<Guid> { UserId = user.Id, RoleId = role.Id });
            change.Record(AuditActions.UserRoleAdded, user.AsTarget(), new { role = role.Name });
        }

        foreach (var role in removed)
        {
            db.Remove(assignments.Find(assignment => assignment.RoleId == role.Id)!);
            change.Record(AuditActions.UserRoleRemoved, user.AsTarget(), new { role = role.Name });
        }

        user.MarkChanged(change.At);
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

    private Refusal? RefusedToAssign(List<AppRole> changed)
    {
        NeedsRecentSignIn = true;
        return change.Actor.Require(Permissions.RolesAssign)
            ?? (RoleHierarchy.ExceedsCredential(changed, change.Actor) ? Refusals.ExceedsActorPermissions : null);
    }
}
