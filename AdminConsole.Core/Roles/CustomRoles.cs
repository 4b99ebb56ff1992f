using System.Globalization;
using System.Text;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Names;
using AdminConsole.Core.Providers;
using AdminConsole.Core.Security;
using AdminConsole.Core.Settings;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Roles;

/// <summary>Creates, changes and deletes custom roles. A role with permissions that the actor lacks is refused as
/// <c>above_you</c>, a built-in role as <c>built_in</c>.</summary>
public sealed class CustomRoles(AppDbContext db, RoleManager<AppRole> roles, LastAdministratorRule administrators, TimeProvider clock)
{
    private static readonly Refusal NoSuchRole = Refusal.NotFound("No such role.");

    private static readonly Refusal BuiltIn = Refusal.Conflict("built_in", "Built-in roles can't be changed or deleted.");

    /// <summary>Creates a role. Refused as <c>duplicate_role</c>, <c>unknown_permission</c> or
    /// <c>above_you</c>.</summary>
    public async Task<Result<RoleSummary>> CreateAsync(Actor actor, RoleRequest request, CancellationToken ct) =>
        Check(actor, request)
        ?? await db.ChangeAsync<RoleSummary>(
            actor,
            Permissions.RolesWrite,
            async change =>
            {
                if (!change.Actor.Covers(request.Permissions))
                {
                    return Refusals.ExceedsActorPermissions;
                }

                var role = AppRole.Create(
                    UnicodeText.Compose(request.Name.Trim()),
                    request.Description?.Trim() ?? "",
                    request.Permissions.Distinct(),
                    builtIn: false,
                    change.At
                );
                if ((await roles.CreateAsync(role)).ToRefusal("name") is { } refused)
                {
                    return refused;
                }

                change.Record(
                    AuditActions.RoleCreated,
                    role.AsTarget(),
                    new
                    {
                        role.Name,
                        role.Description,
                        role.Permissions,
                    }
                );
                return role.ToSummary(users: 0);
            },
            ct
        );

    /// <summary>Replaces the name, description and permissions. Applies to all users with the role
    /// immediately.</summary>
    public async Task<Result<RoleSummary>> UpdateAsync(Actor actor, string name, RoleRequest request, CancellationToken ct) =>
        Check(actor, request)
        ?? await db.ChangeAsync<RoleSummary>(
            actor,
            Permissions.RolesWrite,
            async change =>
            {
                var found = await FindAsync(change.Actor, name, ct);
                if (found.Refusal is { } missing)
                {
                    return missing;
                }

                if (!change.Actor.Covers(request.Permissions))
                {
                    return Refusals.ExceedsActorPermissions;
                }

                var role = found.Value;
                var (oldName, oldDescription, oldPermissions) = (
                    role.Name,
                    role.Description,
                    string.Join(' ', role.Permissions.Order(StringComparer.Ordinal))
                );
                role.Change(UnicodeText.Compose(request.Name.Trim()), request.Description?.Trim() ?? "", request.Permissions.Distinct());
                if ((await roles.UpdateAsync(role)).ToRefusal("name") is { } refused)
                {
                    return refused;
                }

                var changes = FieldChange.Between(
                    new("name", oldName, role.Name),
                    new("description", oldDescription, role.Description),
                    new("permissions", oldPermissions, string.Join(' ', role.Permissions.Order(StringComparer.Ordinal)))
                );
                var users = await db.UserRoles.CountAsync(assignment => assignment.RoleId == role.Id, ct);
                if (changes.Length > 0)
                {
                    await SettingsStore.UpdateRoleNameAsync(db, change, oldName!, role.Name, ct);
                    change.Record(AuditActions.RoleUpdated, role.AsTarget(), new { changes, users });
                }

                return role.ToSummary(users);
            },
            ct
        );

    /// <summary>Deletes a role. If users have the role, the caller must name a replacement role and needs roles.assign;
    /// otherwise it is refused as <c>role_in_use</c>. Records one event for each of these users, linked by a batch
    /// id.</summary>
    public async Task<Result<Unit>> DeleteAsync(Actor actor, string name, string? moveTo, CancellationToken ct) =>
        actor.RequireRecentSignIn(clock.Now())
        ?? await db.ChangeAsync<Unit>(
            actor,
            Permissions.RolesWrite,
            async change =>
            {
                var found = await FindAsync(change.Actor, name, ct);
                if (found.Refusal is { } missing)
                {
                    return missing;
                }

                var role = found.Value;
                change.BatchId = Guid.CreateVersion7(change.At);
                await GroupRoleRule.RecordRoleDeletedAsync(db, change, role, ct);
                var users = await db.UserRoles.CountAsync(assignment => assignment.RoleId == role.Id, ct);
                if (users > 0 && await MoveAsync(change, role, users, moveTo, ct) is { } notMoved)
                {
                    return notMoved;
                }

                if ((await roles.DeleteAsync(role)).ToRefusal("name") is { } refused)
                {
                    return refused;
                }

                await SettingsStore.UpdateRoleNameAsync(db, change, role.Name!, newName: null, ct);
                change.Record(
                    AuditActions.RoleDeleted,
                    role.AsTarget(),
                    new
                    {
                        role.Description,
                        role.Permissions,
                        users,
                        movedTo = users > 0 ? moveTo : null,
                    }
                );
                return await administrators.HoldsAsync(change, ct) ? default(Unit) : LastAdministratorRule.Violated;
            },
            ct,
            ChangeLock.Administrators
        );

    private Refusal? Check(Actor actor, RoleRequest request)
    {
        if ((actor.Require(Permissions.RolesWrite) ?? actor.RequireRecentSignIn(clock.Now()) ?? Validation.Check(request)) is { } refused)
        {
            return refused;
        }

        var name = UnicodeText.Compose(request.Name.Trim());
        return NameText.Check("name", name)
            ?? NameText.CheckText("description", request.Description)
            ?? (
                !name.EnumerateRunes().Any(Rune.IsLetterOrDigit)
                || !name.EnumerateRunes()
                    .All(rune =>
                        NameText.IsWordCharacter(rune) || (rune.IsAscii && " .-_".Contains((char)rune.Value, StringComparison.Ordinal))
                    )
                    ? Refusal.InvalidField("name", "Use letters, digits, spaces and . - _ in the name.")
                : request.Permissions.FirstOrDefault(permission => !Permissions.All.Contains(permission)) is { } unknown
                    ? Refusal.Invalid("unknown_permission", $"The permission '{unknown}' doesn't exist.")
                : null
            );
    }

    // Returns the role if the actor may change it.
    private async Task<Result<AppRole>> FindAsync(Actor actor, string name, CancellationToken ct)
    {
        var normalized = AppUser.Normalize(name);
        return await db.Roles.SingleOrDefaultAsync(row => row.NormalizedName == normalized, ct) is not { } role ? NoSuchRole
            : role.BuiltIn ? BuiltIn
            : actor.Covers(role.Effective) ? role
            : Refusals.ExceedsActorPermissions;
    }

    private async Task<Refusal?> MoveAsync(ChangeContext change, AppRole role, int users, string? moveTo, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(moveTo))
        {
            var holders = users == 1 ? "1 user has" : string.Create(CultureInfo.InvariantCulture, $"{users:N0} users have");
            return Refusal.Conflict("role_in_use", $"{holders} the role '{role.Name}'. Choose the role they get instead.");
        }

        var normalized = AppUser.Normalize(moveTo);
        if (
            await db.Roles.AsNoTracking().SingleOrDefaultAsync(row => row.NormalizedName == normalized && row.Id != role.Id, ct)
            is not { } target
        )
        {
            return Refusal.Invalid("unknown_role", $"The role '{moveTo}' doesn't exist.");
        }

        if (change.Actor.Require(Permissions.RolesAssign) is { } denied)
        {
            return denied;
        }

        var actor = change.Actor;
        var exceeding = (await db.Roles.AsNoTracking().ToListAsync(ct))
            .Where(row => !actor.Covers(row.Effective))
            .Select(row => row.Id)
            .ToList();
        var moved = db.UserRoles.Where(assignment => assignment.RoleId == role.Id);
        if (
            exceeding.Contains(target.Id)
            || await db.UserRoles.AnyAsync(
                assignment => exceeding.Contains(assignment.RoleId) && moved.Any(other => other.UserId == assignment.UserId),
                ct
            )
        )
        {
            return Refusals.ExceedsActorPermissions;
        }

        var alreadyAssigned = (
            await db
                .UserRoles.Where(assignment => assignment.RoleId == target.Id && moved.Any(other => other.UserId == assignment.UserId))
                .Select(assignment => assignment.UserId)
                .ToListAsync(ct)
        ).ToHashSet();
        db.RemoveRange(await moved.ToListAsync(ct));
        foreach (var user in await db.Users.Where(user => moved.Any(assignment => assignment.UserId == user.Id)).ToListAsync(ct))
        {
            user.MarkChanged(change.At);
            change.Record(AuditActions.UserRoleRemoved, user.AsTarget(), new { role = role.Name, movedTo = target.Name });
            if (!alreadyAssigned.Contains(user.Id))
            {
                db.Add(new IdentityUserRole<Guid> { UserId = user.Id, RoleId = target.Id });
            }
        }

        return null;
    }
}
