using AdminConsole.Core.Audit;
using AdminConsole.Core.Common;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using AdminConsole.Core.Tokens;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Data;

public abstract partial class AppDbContext
{
    /// <summary>Whether the actor has the permission on current data; the request may be older than a demotion of its
    /// user.</summary>
    internal async Task<bool> StillHoldsAsync(Actor actor, string permission, CancellationToken ct) =>
        await CurrentAsync(actor, ct) is { } now && now.EffectivePermissions.Contains(permission);

    /// <summary>The actor with the permissions of this moment; null where the user, or the credential, can no longer
    /// act.</summary>
    internal async Task<Actor?> CurrentAsync(Actor actor, CancellationToken ct)
    {
        if (actor.IsSystem)
        {
            return actor;
        }

        if (actor.TokenId is { } token && !await PersonalAccessTokens.Accepted(tools.Clock.Now()).AnyAsync(row => row.Id == token, ct))
        {
            return null;
        }

        if (actor.DeviceId is { } device && !await ConnectedDevices.AnyAsync(row => row.Id == device, ct))
        {
            return null;
        }

        var rows = await (
            from user in Users
            where user.Id == actor.UserId && user.Active && !user.MustChangePassword
            from assigned in UserRoles.Where(assigned => assigned.UserId == user.Id).DefaultIfEmpty()
            from role in Roles.Where(role => role.Id == assigned!.RoleId).DefaultIfEmpty()
            select new { user.Id, Role = role }
        )
            .AsNoTracking()
            .ToListAsync(ct);
        if (rows.Count == 0)
        {
            return null;
        }

        var held = RoleHierarchy.GrantedPermissions(rows.Select(row => row.Role).OfType<AppRole>());
        return actor with
        {
            RolePermissions = held,
            EffectivePermissions = actor.HasFullAccess ? held : actor.EffectivePermissions.Where(held.Contains).ToHashSet(),
        };
    }

    /// <summary>
    /// False where the actor's session has ended since the request was authenticated. Ask inside a change that locked
    /// the user's row.
    /// </summary>
    internal async Task<bool> HasSessionAsync(Actor actor, CancellationToken ct) =>
        actor.SessionId is not { } session || await Sessions.AnyAsync(row => row.Id == session, ct);

    /// <summary>Records a denial for lack of a permission or scope, at most once per user, permission and
    /// hour.</summary>
    internal async Task RecordDenialAsync(Actor actor, string door, Refusal denied, CancellationToken ct)
    {
        door = denied.Permission ?? door;
        if (denied.IsMissingPermission && tools.Denials.IsNew(actor, door))
        {
            await ChangeAsync<Unit>(
                actor,
                null,
                change =>
                {
                    change.Record(AuditActions.AccessDenied, null, new { door, code = denied.Code });
                    return Task.FromResult<Result<Unit>>(default(Unit));
                },
                ct
            );
        }
    }
}
