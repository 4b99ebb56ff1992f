using AdminConsole.Core.Audit;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Roles;

/// <summary>Who holds which role.</summary>
public sealed class RoleAssignments(AppDbContext db, Administrators administrators, TimeProvider clock)
{
    /// <summary>Gives a role. Holding it already is no error. Refused as <c>above_you</c> where it holds a right the actor lacks.</summary>
    public Task<Result<UserDetails>> AddAsync(Actor actor, Guid userId, string role, CancellationToken ct) =>
        ChangeAsync(actor, userId, held => held.Contains(role, StringComparer.OrdinalIgnoreCase) ? held : [.. held, role], ct);

    /// <summary>Takes a role away. Not holding it is no error. Refused as <c>last_admin</c> for the last administrator.</summary>
    public Task<Result<UserDetails>> RemoveAsync(Actor actor, Guid userId, string role, CancellationToken ct) =>
        ChangeAsync(actor, userId, held => [.. held.Where(name => !string.Equals(name, role, StringComparison.OrdinalIgnoreCase))], ct, mentions: role);

    /// <summary>Why the actor may not assign roles now, noted down where they lack the right; null when they may.</summary>
    internal async Task<Refusal?> RefusedAsync(Actor actor, CancellationToken ct)
    {
        if (actor.Refused(Permissions.RolesAssign) is not { } lacks)
        {
            return actor.RefusedUnlessFresh(clock.Now());
        }

        await db.RecordDenialAsync(actor, Permissions.RolesAssign, lacks, ct);
        return lacks;
    }

    /// <summary>Makes these the user's roles, inside a change that checked the actor's right to assign. Null when done.</summary>
    internal async Task<Refusal?> ReplaceAsync(Change change, AppUser user, IReadOnlyCollection<string> names, CancellationToken ct, string? mentions = null)
    {
        var roles = await db.Roles.AsNoTracking().ToListAsync(ct);
        var wanted = new List<AppRole>();
        foreach (var name in mentions is null ? names : [.. names, mentions])
        {
            if (roles.Find(role => role.NormalizedName == AppUser.Normalize(name)) is not { } role)
            {
                return Refusal.Invalid("unknown_role", $"There is no role '{name}'.");
            }

            if (names.Contains(name) && !wanted.Contains(role))
            {
                wanted.Add(role);
            }
        }

        var held = await db.UserRoles.Where(row => row.UserId == user.Id).ToListAsync(ct);
        foreach (var role in roles)
        {
            var has = held.Find(row => row.RoleId == role.Id);
            var shall = wanted.Contains(role);
            if (shall == has is not null)
            {
                continue;
            }

            if (!role.Effective.All(change.Actor.Held.Contains))
            {
                return Refusals.AboveYou;
            }

            if (shall)
            {
                db.Add(new IdentityUserRole<Guid> { UserId = user.Id, RoleId = role.Id });
            }
            else
            {
                db.Remove(has!);
            }

            user.Touch(change.At);
            change.Record(shall ? AuditActions.UserRoleAdded : AuditActions.UserRoleRemoved, user.AsTarget(), new { role = role.Name });
        }

        return null;
    }

    private async Task<Result<UserDetails>> ChangeAsync(
        Actor actor, Guid userId, Func<List<string>, IReadOnlyCollection<string>> edit, CancellationToken ct, string? mentions = null) =>
        actor.RefusedUnlessFresh(clock.Now()) ?? await db.ChangeAsync<UserDetails>(actor, Permissions.RolesAssign, async change =>
        {
            if (await db.Users.FindAsync([userId], ct) is not { } user)
            {
                return Refusal.NotFound("No such user.");
            }

            if (await Standing.IsAboveAsync(db, user.Id, actor, ct))
            {
                return Refusals.AboveYou;
            }

            var held = await db.UserRoles.Where(row => row.UserId == userId).Join(db.Roles, row => row.RoleId, role => role.Id, (_, role) => role.Name!).ToListAsync(ct);
            if (await ReplaceAsync(change, user, edit(held), ct, mentions) is { } refused)
            {
                return refused;
            }

            return await administrators.OneRemainsAsync(change, ct) ? await db.UserDetailsAsync(userId, change.At, ct) : Administrators.LastOne;
        }, ct, ChangeLock.Administrators);
}
