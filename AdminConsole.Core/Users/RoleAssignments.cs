using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Users;

/// <summary>Assigns roles to users and removes them.</summary>
public sealed class RoleAssignments(AppDbContext db, UserOperationRunner runner, AppUserManager users)
{
    /// <summary>Assigns a role. Succeeds if the user already has it. Refused as <c>above_you</c> if the role has
    /// permissions that the actor lacks.</summary>
    public Task<Result<UserDetails>> AddAsync(Actor actor, Guid userId, string role, CancellationToken ct) =>
        runner.RunAsync(actor, userId, Add(role), ct);

    /// <summary>Removes a role. Succeeds if the user doesn't have it. Refused as <c>last_admin</c> for the last
    /// administrator.</summary>
    public Task<Result<UserDetails>> RemoveAsync(Actor actor, Guid userId, string role, CancellationToken ct) =>
        runner.RunAsync(actor, userId, Remove(role), ct);

    internal UserOperation Add(string role) => Edit(current => current.Exists(name => IsSame(name, role)) ? current : [.. current, role]);

    internal UserOperation Remove(string role) => Edit(current => [.. current.Where(name => !IsSame(name, role))], mentions: role);

    /// <summary>Returns null if the role exists, otherwise a refusal.</summary>
    internal async Task<Refusal?> CheckExistsAsync(string role, CancellationToken ct)
    {
        var name = AppUser.Normalize(role);
        return await db.Roles.AnyAsync(known => known.NormalizedName == name, ct) ? null : Unknown(role);
    }

    /// <summary>Returns why the actor may not assign roles now, or null. Records a denial if the permission is
    /// missing.</summary>
    internal async Task<Refusal?> CheckAllowedAsync(Actor actor, CancellationToken ct)
    {
        var refusal = runner.CheckAllowed(actor, Edit(current => current));
        if (refusal is not null)
        {
            await db.RecordDenialAsync(actor, Permissions.RolesAssign, refusal, ct);
        }

        return refusal;
    }

    /// <summary>Sets the user's roles inside a change that has checked roles.assign. Returns null on success.</summary>
    /// <param name="change">The current change. Records an event for each added or removed role, except for a user that
    /// it creates.</param>
    /// <param name="user">The user.</param>
    /// <param name="names">All roles that the user will have.</param>
    /// <param name="mentions">A role that must exist even if it is not in <paramref name="names"/>.</param>
    internal async Task<Refusal?> ReplaceAsync(
        ChangeContext change,
        AppUser user,
        IReadOnlyCollection<string> names,
        string? mentions = null
    )
    {
        var roles = await users.RolesAsync();
        var wanted = new List<AppRole>();
        foreach (var name in mentions is null ? names : [.. names, mentions])
        {
            if (roles.Find(role => role.NormalizedName == AppUser.Normalize(name)) is not { } role)
            {
                return Unknown(name);
            }

            if (names.Contains(name) && !wanted.Contains(role))
            {
                wanted.Add(role);
            }
        }

        var current = await users.GetRolesAsync(user);
        var (added, removed) = (
            wanted.FindAll(role => !current.Contains(role.Name!)),
            roles.FindAll(role => current.Contains(role.Name!) && !wanted.Contains(role))
        );
        if (!added.Concat(removed).All(role => change.Actor.Covers(role.Effective)))
        {
            return Refusals.ExceedsActorPermissions;
        }

        if (db.Entry(user).State != EntityState.Added)
        {
            foreach (var role in roles.Where(role => added.Contains(role) || removed.Contains(role)))
            {
                change.Record(
                    added.Contains(role) ? AuditActions.UserRoleAdded : AuditActions.UserRoleRemoved,
                    user.AsTarget(),
                    new { role = role.Name }
                );
            }
        }

        return (removed.Count == 0 ? null : (await users.RemoveFromRolesAsync(user, removed.Select(role => role.Name!))).ToRefusal("roles"))
            ?? (added.Count == 0 ? null : (await users.AddToRolesAsync(user, added.Select(role => role.Name!))).ToRefusal("roles"));
    }

    private UserOperation Edit(Func<List<string>, IReadOnlyCollection<string>> edit, string? mentions = null) =>
        new(
            Permissions.RolesAssign,
            async (change, user, _) =>
            {
                var current = await users.GetRolesAsync(user);
                return await ReplaceAsync(change, user, edit([.. current]), mentions);
            }
        )
        {
            IsSensitive = true,
        };

    private static bool IsSame(string name, string other) => AppUser.Normalize(name) == AppUser.Normalize(other);

    private static Refusal Unknown(string role) => Refusal.Invalid("unknown_role", $"The role '{role}' doesn't exist.");
}
