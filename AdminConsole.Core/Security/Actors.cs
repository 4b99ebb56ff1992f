using AdminConsole.Core.Data;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Security;

/// <summary>Where a request comes from, for the audit log; and the key that its browser kept from an earlier sign-in.</summary>
public sealed record Origin(string? Ip, string? UserAgent, string? RequestId, string? BrowserKey = null);

/// <summary>Finds out who asks and what they may do, from data of this moment.</summary>
public sealed class Actors(AppDbContext db, TimeProvider clock)
{
    /// <summary>Who holds the key of a live session of an active user; null where there is none.</summary>
    public Task<Actor?> BySessionKeyAsync(string key, Origin origin, CancellationToken ct)
    {
        var hash = Secret.Hash(key);
        return FindAsync(db.Sessions.Where(session => session.KeyHash == hash), origin, ct);
    }

    /// <summary>The same by the session's id, for a circuit that came with it.</summary>
    public Task<Actor?> BySessionAsync(Guid id, Origin origin, CancellationToken ct) =>
        FindAsync(db.Sessions.Where(session => session.Id == id), origin, ct);

    /// <summary>Whether who began something long may still use the permission: session not ended, token still good, user active, right still held.</summary>
    public async Task<bool> MayStillAsync(Actor actor, string permission, CancellationToken ct) =>
        actor.SessionId is { } session
            ? await BySessionAsync(session, new Origin(actor.Ip, actor.UserAgent, actor.RequestId), ct) is { } now && now.Can(permission)
            : await db.StillHoldsAsync(actor, permission, ct);

    private async Task<Actor?> FindAsync(IQueryable<Sessions.Session> sessions, Origin origin, CancellationToken ct)
    {
        var now = clock.Now();
        var found = await sessions.Where(session => session.ExpiresAt > now)
            .Join(db.Users.Where(user => user.Active), session => session.UserId, user => user.Id, (session, user) => new
            {
                SessionId = session.Id,
                session.AuthenticatedAt,
                session.Method,
                UserId = user.Id,
                user.Email,
                user.MustChangePassword,
                user.TwoFactorEnabled,
                Roles = db.UserRoles.Where(held => held.UserId == user.Id).Join(db.Roles, held => held.RoleId, role => role.Id, (_, role) => role).ToList(),
            })
            .AsNoTracking().SingleOrDefaultAsync(ct);
        if (found is null)
        {
            return null;
        }

        var held = Standing.Held(found.Roles);
        var settings = await db.SettingsAsync(ct);
        return new Actor
        {
            UserId = found.UserId,
            Name = found.Email!,
            Via = Via.Session,
            SessionId = found.SessionId,
            Held = held,
            Permissions = held,
            AuthenticatedAt = found.AuthenticatedAt,
            FreshFor = TimeSpan.FromMinutes(settings.FreshSignInMinutes),
            MustChangePassword = found.MustChangePassword,
            MustEnrol = Standing.MustEnrol(found.TwoFactorEnabled, found.Method, found.Roles, settings),
            Ip = origin.Ip,
            UserAgent = origin.UserAgent,
            RequestId = origin.RequestId,
            BrowserKey = origin.BrowserKey,
        };
    }
}
