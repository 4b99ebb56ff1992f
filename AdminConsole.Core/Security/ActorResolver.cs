using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Security;

/// <summary>Where a request comes from, for the audit log; and the key that its browser kept from an earlier
/// sign-in.</summary>
public sealed record ClientInfo(string? Ip, string? UserAgent, string? RequestId, string? BrowserKey = null);

/// <summary>Finds out who asks and what they may do, from data of this moment.</summary>
public sealed class ActorResolver(AppDbContext db, TimeProvider clock)
{
    /// <summary>Who holds the key of a live session of an active user; null where there is none.</summary>
    public Task<Actor?> BySessionKeyAsync(string key, ClientInfo origin, CancellationToken ct)
    {
        var hash = Secret.Hash(key);
        return FindAsync(db.Sessions.Where(session => session.KeyHash == hash), origin, ct);
    }

    /// <summary>The same by the session's id, for a circuit that came with it.</summary>
    public Task<Actor?> BySessionAsync(Guid id, ClientInfo origin, CancellationToken ct) =>
        FindAsync(db.Sessions.Where(session => session.Id == id), origin, ct);

    /// <summary>Whether who began something long may still use the permission: session not ended, token still good,
    /// user active, right still held.</summary>
    public async Task<bool> StillAuthorizedAsync(Actor actor, string permission, CancellationToken ct) =>
        actor.SessionId is { } session
            ? await BySessionAsync(session, new ClientInfo(actor.Ip, actor.UserAgent, actor.RequestId), ct) is { } now
                && now.Can(permission)
            : await db.StillHoldsAsync(actor, permission, ct);

    private async Task<Actor?> FindAsync(IQueryable<Sessions.Session> sessions, ClientInfo origin, CancellationToken ct)
    {
        var now = clock.Now();
        // A row for each role, by left joins only: of a list within the row SQLite makes a table of everybody's roles
        // first.
        var rows = await (
            from session in sessions
            where session.ExpiresAt > now
            join user in db.Users on session.UserId equals user.Id
            where user.Active
            from held in db.UserRoles.Where(held => held.UserId == user.Id).DefaultIfEmpty()
            from role in db.Roles.Where(role => role.Id == held!.RoleId).DefaultIfEmpty()
            select new
            {
                SessionId = session.Id,
                session.AuthenticatedAt,
                session.Method,
                UserId = user.Id,
                Name = user.Email ?? user.UserName,
                user.MustChangePassword,
                user.TwoFactorEnabled,
                Role = role,
            }
        )
            .AsNoTracking()
            .ToListAsync(ct);
        if (rows.Count == 0)
        {
            return null;
        }

        var (found, roles) = (rows[0], rows.Select(row => row.Role).OfType<AppRole>().ToList());
        var rights = RoleHierarchy.GrantedPermissions(roles);
        var settings = await db.SettingsAsync(ct);
        var enrolBy = RoleHierarchy.EnrolBy(found.TwoFactorEnabled, found.Method, roles, settings);
        return new Actor
        {
            UserId = found.UserId,
            Name = found.Name!,
            Via = AuthenticationMethod.Session,
            SessionId = found.SessionId,
            Roles = [.. roles.Select(role => role.Name!).Order(StringComparer.Ordinal)],
            RolePermissions = rights,
            EffectivePermissions = rights,
            AuthenticatedAt = found.AuthenticatedAt,
            RecentFor = TimeSpan.FromMinutes(settings.FreshSignInMinutes),
            MustChangePassword = found.MustChangePassword,
            MustEnrol = enrolBy <= now,
            EnrolBy = enrolBy,
            Ip = origin.Ip,
            UserAgent = origin.UserAgent,
            RequestId = origin.RequestId,
            BrowserKey = origin.BrowserKey,
        };
    }
}
