using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Users;

/// <summary>The credentials that an operation on some users would revoke, for confirmation dialogs.</summary>
/// <param name="Sessions">Signed-in browsers.</param>
/// <param name="Devices">Connected command lines and apps.</param>
/// <param name="Tokens">Personal access tokens that are neither revoked nor expired.</param>
public sealed record AccessCounts(int Sessions, int Devices, int Tokens);

/// <summary>Counts the credentials that an operation would revoke.</summary>
public sealed class RevocableCredentials(AppDbContext db, TimeProvider clock)
{
    /// <summary>Returns the totals over the given users. Requires users.read.</summary>
    public async Task<Result<AccessCounts>> CountAsync(Actor actor, IReadOnlyCollection<Guid> ids, CancellationToken ct)
    {
        if (actor.Require(Permissions.UsersRead) is { } refused)
        {
            return refused;
        }

        var now = clock.Now();
        var sessions = await db.Sessions.CountAsync(session => EF.Parameter(ids).Contains(session.UserId) && session.ExpiresAt > now, ct);
        var devices = await db.ConnectedDevices.CountAsync(
            device => EF.Parameter(ids).Contains(device.UserId) && device.EndedAt == null && device.ExpiresAt > now,
            ct
        );
        var tokens = await db
            .PersonalAccessTokens.Where(token => EF.Parameter(ids).Contains(token.OwnerId) && token.RevokedAt == null)
            .CountAsync(token => token.ExpiresAt == null || token.ExpiresAt > now, ct);
        return new AccessCounts(sessions, devices, tokens);
    }
}
