using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Sessions;

/// <summary>Manages the active sessions. The rows are authoritative: a cookie without a row is invalid.</summary>
public sealed class SessionRegistry(AppDbContext db, UserCredentialRevoker access, TimeProvider clock)
{
    private static readonly TimeSpan TouchInterval = TimeSpan.FromMinutes(1);

    /// <summary>Returns the actor's own sessions, the latest sign-in first.</summary>
    public async Task<Result<Page<SessionSummary>>> ListOwnAsync(Actor actor, PageQuery page, CancellationToken ct)
    {
        if (actor.RequireFullAccess() is { } refused)
        {
            return refused;
        }

        var (userId, now) = (actor.UserId, clock.Now());
        return await db
            .Sessions.Where(session => session.UserId == userId && session.ExpiresAt > now)
            .PageAsync(page, session => session.ToSummary(actor.SessionId), ct);
    }

    /// <summary>Ends one of the actor's own sessions, which may be the current one.</summary>
    public async Task<Result<Unit>> EndOwnAsync(Actor actor, Guid id, CancellationToken ct) =>
        RefusedToEnd(actor)
        ?? await db.ChangeAsync<Unit>(
            actor,
            null,
            async change =>
            {
                if (
                    await db.Sessions.SingleOrDefaultAsync(session => session.Id == id && session.UserId == actor.UserId, ct)
                    is not { } session
                )
                {
                    return Refusal.NotFound("Session not found.");
                }

                db.Remove(session);
                change.Record(AuditActions.SessionEnded, session.AsTarget(), new { reason = "ended by its owner" });
                return default(Unit);
            },
            ct
        );

    /// <summary>Ends the actor's own sessions and devices except the current one, and open links and codes.</summary>
    public async Task<Result<Unit>> EndOwnOthersAsync(Actor actor, CancellationToken ct) =>
        RefusedToEnd(actor)
        ?? await db.ChangeAsync<Unit>(
            actor,
            null,
            async change =>
            {
                if (await db.Users.SingleOrDefaultAsync(user => user.Id == actor.UserId, ct) is not { } user)
                {
                    return Refusals.Unauthenticated;
                }

                (
                    await access.RevokeAsync(change, user, CredentialRevocation.EachSession("ended by its owner", actor.CredentialId), ct)
                ).RecordSessionsEnded(change, user);
                return default(Unit);
            },
            ct
        );

    /// <summary>Signs out by ending the session of the request. Succeeds if there is none.</summary>
    public async Task<Result<Unit>> SignOutAsync(Actor actor, CancellationToken ct) =>
        actor.SessionId is null
            ? default(Unit)
            : await db.ChangeAsync<Unit>(
                actor,
                null,
                async change =>
                {
                    if (await db.Sessions.Where(session => session.Id == actor.SessionId).ExecuteDeleteAsync(ct) == 1)
                    {
                        change.Record(
                            AuditActions.SignedOut,
                            new AuditTarget(AuditTargetTypes.Session, actor.SessionId.ToString(), actor.UserAgent)
                        );
                    }

                    return default(Unit);
                },
                ct
            );

    /// <summary>Records that a session is in use, at most once a minute, and extends a sliding session.</summary>
    public async Task<Unit> TouchAsync(Guid id, CancellationToken ct)
    {
        var now = clock.Now();
        var due = db.Sessions.Where(session => session.Id == id && session.LastSeenAt < now - TouchInterval && session.ExpiresAt > now);
        if (await due.AnyAsync(ct))
        {
            var newEnd = now.AddHours((await db.SettingsAsync(ct)).SessionSlidingHours);
            try
            {
                await db.WriteUnauditedAsync(
                    UnauditedWrite.LastSeen,
                    () =>
                        due.ExecuteUpdateAsync(
                            set =>
                                set.SetProperty(session => session.LastSeenAt, now)
                                    .SetProperty(session => session.ExpiresAt, session => session.Remember ? session.ExpiresAt : newEnd),
                            ct
                        ),
                    ct
                );
            }
            catch (Exception exception) when (db.Unavailable(exception) is not null)
            {
                // Reads must succeed even if the database can't be written, for example because the disk is full.
            }
        }

        return default;
    }

    /// <summary>Deletes expired sessions. Called by the periodic cleanup.</summary>
    public Task<int> PurgeAsync(CancellationToken ct)
    {
        var now = clock.Now();
        return db.WriteUnauditedAsync(
            UnauditedWrite.Purge,
            () => db.Sessions.Where(session => session.ExpiresAt <= now).ExecuteDeleteAsync(ct),
            ct
        );
    }

    // Also allowed while a password change or a second factor is required, because it only revokes access.
    private static Refusal? RefusedToEnd(Actor actor) =>
        actor.UserId is null ? Refusals.Unauthenticated
        : actor.Via == AuthenticationMethod.Token ? Refusals.InteractiveRequired
        : actor.IsScoped ? Refusals.FullAccessRequired
        : null;
}
