using AdminConsole.Core.Common;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Data;

public abstract partial class AppDbContext
{
    /// <summary>True when the actor has the permission on current data. The user may have been demoted since the
    /// request began.</summary>
    internal async Task<bool> StillHasPermissionAsync(Actor actor, string permission, CancellationToken ct) =>
        await CurrentAsync(actor, ct) is { } now && now.EffectivePermissions.Contains(permission);

    /// <summary>Returns the actor with its current permissions; null when the user or the credential is no longer
    /// valid.</summary>
    internal async Task<Actor?> CurrentAsync(Actor actor, CancellationToken ct)
    {
        if (actor.IsSystem)
        {
            return actor;
        }

        if (actor.TokenId is { } token && !await PersonalAccessTokens.Accepted(runner.Clock.Now()).AnyAsync(row => row.Id == token, ct))
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

        var granted = RoleHierarchy.GrantedPermissions(rows.Select(row => row.Role).OfType<AppRole>());
        return actor with
        {
            RolePermissions = granted,
            EffectivePermissions = actor.HasFullAccess ? granted : actor.EffectivePermissions.Where(granted.Contains).ToHashSet(),
        };
    }

    /// <summary>False when the actor's session ended after the request was authenticated. Call it inside a change that
    /// has locked the user's row.</summary>
    internal async Task<bool> HasSessionAsync(Actor actor, CancellationToken ct) =>
        actor.SessionId is not { } session || await Sessions.AnyAsync(row => row.Id == session, ct);
}
