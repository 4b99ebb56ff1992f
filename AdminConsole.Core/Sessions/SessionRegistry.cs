using AdminConsole.Core.Audit;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Devices;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Sessions;

/// <summary>The live sessions. The rows are authoritative; a cookie without one is nothing.</summary>
public sealed class SessionRegistry(AppDbContext db, TimeProvider clock)
{
    private static readonly TimeSpan TouchEvery = TimeSpan.FromMinutes(1);

    /// <summary>The actor's own sessions, the latest first.</summary>
    public async Task<Result<Page<SessionSummary>>> ListOwnAsync(Actor actor, CancellationToken ct)
    {
        if (actor.RefusedUnlessInteractive() is { } refused)
        {
            return refused;
        }

        var (userId, now) = (actor.UserId, clock.Now());
        var sessions = await db.Sessions.AsNoTracking().Where(session => session.UserId == userId && session.ExpiresAt > now)
            .OrderByDescending(session => session.LastSeenAt).ToListAsync(ct);
        return new Page<SessionSummary>(sessions.ConvertAll(session => session.ToSummary(actor.SessionId)), sessions.Count, null);
    }

    /// <summary>Ends one of the actor's own sessions, also the present one.</summary>
    public Task<Result<Done>> EndOwnAsync(Actor actor, Guid id, CancellationToken ct) => OnOwnAsync(actor, async change =>
    {
        if (await db.Sessions.SingleOrDefaultAsync(session => session.Id == id && session.UserId == actor.UserId, ct) is not { } session)
        {
            return Refusal.NotFound("No such session.");
        }

        db.Remove(session);
        change.Record(AuditActions.SessionEnded, session.AsTarget(), new { reason = "ended by its owner" });
        return default(Done);
    }, ct);

    /// <summary>Ends all of the actor's own sessions and devices but the present one.</summary>
    public Task<Result<Done>> EndOwnOthersAsync(Actor actor, CancellationToken ct) => OnOwnAsync(actor, async change =>
    {
        await EndAllAsync(change, actor.UserId!.Value, "ended by its owner", actor.CredentialId, ct);
        return default(Done);
    }, ct);

    /// <summary>Signs out: ends the session the request came with. Nothing to end is no error.</summary>
    public Task<Result<Done>> SignOutAsync(Actor actor, CancellationToken ct) => OnOwnAsync(actor, async change =>
    {
        if (await db.Sessions.Where(session => session.Id == actor.SessionId).ExecuteDeleteAsync(ct) == 1)
        {
            change.Record(AuditActions.SignedOut, new AuditTarget("session", actor.SessionId.ToString(), actor.UserAgent));
        }

        return default(Done);
    }, ct);

    /// <summary>Notes that a session is in use, at most once a minute, and moves the end of a sliding one.</summary>
    public async Task<Done> TouchAsync(Guid id, CancellationToken ct)
    {
        var now = clock.Now();
        var due = db.Sessions.Where(session => session.Id == id && session.LastSeenAt < now - TouchEvery && session.ExpiresAt > now);
        if (await due.AnyAsync(ct))
        {
            var slidTo = now.AddHours((await db.SettingsAsync(ct)).SessionSlidingHours);
            try
            {
                await db.UpkeepAsync(Upkeep.LastSeen, () => due.ExecuteUpdateAsync(set => set
                    .SetProperty(session => session.LastSeenAt, now)
                    .SetProperty(session => session.ExpiresAt, session => session.Remember ? session.ExpiresAt : slidTo), ct), ct);
            }
            catch (Exception exception) when (db.Unavailable(exception) is not null)
            {
                // A disk that is full, say: whoever only reads goes on.
            }
        }

        return default;
    }

    /// <summary>Removes what has expired; part of the regular upkeep.</summary>
    public Task<int> PurgeAsync(CancellationToken ct)
    {
        var now = clock.Now();
        return db.UpkeepAsync(Upkeep.Purge, () => db.Sessions.Where(session => session.ExpiresAt <= now).ExecuteDeleteAsync(ct), ct);
    }

    /// <summary>Ends a user's sessions and connected devices inside a change, but for the one to keep, with an event for each.</summary>
    internal async Task<int> EndAllAsync(Change change, Guid userId, string reason, Guid? keep, CancellationToken ct)
    {
        // First the user's row: a sign-in at this moment writes it too, and so is over, with a session to end, or sees the change.
        await db.SaveChangesAsync(ct);
        var ended = await db.Sessions.Where(session => session.UserId == userId && session.Id != keep).ToListAsync(ct);
        db.RemoveRange(ended);
        foreach (var session in ended)
        {
            change.Record(AuditActions.SessionEnded, session.AsTarget(), new { reason });
        }

        await DeviceEnding.EndAllAsync(db, change, userId, reason, keep, ct);
        return ended.Count;
    }

    private async Task<Result<Done>> OnOwnAsync(Actor actor, Func<Change, Task<Result<Done>>> verb, CancellationToken ct) =>
        actor.UserId is null ? Refusals.Unauthenticated
        : actor.Via == Via.Token ? Refusals.InteractiveRequired
        : await db.ChangeAsync(actor, null, verb, ct);
}
