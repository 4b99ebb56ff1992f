using AdminConsole.Core.Audit;
using AdminConsole.Core.Security;
using AdminConsole.Core.Tokens;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Data;

public abstract partial class AppDbContext
{
    // The request may be older than the demotion of the one who sent it.
    internal async Task<bool> StillHoldsAsync(Actor actor, string permission, CancellationToken ct)
    {
        if (actor.IsSystem)
        {
            return true;
        }

        if (actor.TokenId is { } token && !await PersonalAccessTokens.Accepted(tools.Clock.Now()).AnyAsync(row => row.Id == token, ct))
        {
            return false;
        }

        if (actor.DeviceId is { } device && !await ConnectedDevices.AnyAsync(row => row.Id == device, ct))
        {
            return false;
        }

        var roles = await Users.Where(user => user.Id == actor.UserId && user.Active && !user.MustChangePassword)
            .Join(UserRoles, user => user.Id, held => held.UserId, (_, held) => held.RoleId)
            .Join(Roles, id => id, role => role.Id, (_, role) => role)
            .AsNoTracking().ToListAsync(ct);
        return roles.Exists(role => role.Effective.Contains(permission));
    }

    /// <summary>Notes that somebody was refused for lack of a right; once per person, door and hour.</summary>
    internal async Task RecordDenialAsync(Actor actor, string door, Refusal denied, CancellationToken ct)
    {
        if (denied.IsLackOfRight && tools.Denials.IsNew(actor, door))
        {
            await ChangeAsync<Done>(actor, null, change =>
            {
                change.Record(AuditActions.AccessDenied, null, new { door, code = denied.Code });
                return Task.FromResult<Result<Done>>(default(Done));
            }, ct);
        }
    }
}
