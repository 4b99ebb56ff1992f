using AdminConsole.Core.Common;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Data;

/// <summary>The origin of a request, for the audit log, and the key that its browser stored at an earlier
/// sign-in.</summary>
public sealed record ClientInfo(string? Ip, string? UserAgent, string? RequestId, string? BrowserKey = null);

/// <summary>Resolves the caller and its permissions from current data.</summary>
public sealed class ActorResolver(AppDbContext db, TimeProvider clock)
{
    /// <summary>Returns the user of a live session with this key; null if there is none, or the user is
    /// deactivated.</summary>
    public Task<Actor?> BySessionKeyAsync(string key, ClientInfo origin, CancellationToken ct)
    {
        var hash = Secret.Hash(key);
        return FindAsync(db.Sessions.Where(session => session.KeyHash == hash), origin, ct);
    }

    /// <summary>Returns the user of a live session with this id; null if there is none. For circuits, which belong to a
    /// session.</summary>
    public Task<Actor?> BySessionAsync(Guid id, ClientInfo origin, CancellationToken ct) =>
        FindAsync(db.Sessions.Where(session => session.Id == id), origin, ct);

    /// <summary>Returns true if the caller of a long-running operation is still authorized. The session or token must
    /// still be valid, and the user active and in possession of the permission.</summary>
    public async Task<bool> StillAuthorizedAsync(Actor actor, string permission, CancellationToken ct) =>
        actor.SessionId is { } session
            ? await BySessionAsync(session, new ClientInfo(actor.Ip, actor.UserAgent, actor.RequestId), ct) is { } now
                && now.Can(permission)
            : await db.StillHasPermissionAsync(actor, permission, ct);

    private async Task<Actor?> FindAsync(IQueryable<Sessions.Session> sessions, ClientInfo origin, CancellationToken ct)
    {
        var now = clock.Now();
        // One row per role, with left joins only. For a list inside the row, SQLite would first materialize the roles
        // of all users.
        var rows = await (
            from session in sessions
            where session.ExpiresAt > now
            join user in db.Users on session.UserId equals user.Id
            where user.Active
            from assignment in db.UserRoles.Where(assignment => assignment.UserId == user.Id).DefaultIfEmpty()
            from role in db.Roles.Where(role => role.Id == assignment!.RoleId).DefaultIfEmpty()
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
        var permissions = RoleHierarchy.GrantedPermissions(roles);
        var settings = await db.SettingsAsync(ct);
        var enrolBy = RoleHierarchy.EnrolmentDeadline(found.TwoFactorEnabled, found.Method, roles, settings);
        return new Actor
        {
            UserId = found.UserId,
            Name = found.Name!,
            Via = AuthenticationMethod.Session,
            SessionId = found.SessionId,
            Roles = [.. roles.Select(role => role.Name!).Order(StringComparer.Ordinal)],
            RolePermissions = permissions,
            EffectivePermissions = permissions,
            AuthenticatedAt = found.AuthenticatedAt,
            RecentSignInMaxAge = TimeSpan.FromMinutes(settings.FreshSignInMinutes),
            MustChangePassword = found.MustChangePassword,
            MustEnrol = enrolBy <= now,
            EnrolmentDeadline = enrolBy,
            Ip = origin.Ip,
            UserAgent = origin.UserAgent,
            RequestId = origin.RequestId,
            BrowserKey = origin.BrowserKey,
        };
    }
}
