using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Audit;

/// <summary>Takes a person's names, addresses and details out of old events. The chain stays whole, because it covers a
/// salted digest of them.</summary>
public sealed class AuditErasure(AppDbContext db, TimeProvider clock)
{
    private const int ChunkSize = 1000;

    private const int SaltBytes = EventHash.SaltBytes;

    /// <summary>
    /// Redacts every event that the user, who may be deleted already, acted in or was the target of. Needs users.write
    /// and
    /// settings.write and a fresh sign-in. Refused as <c>self_forbidden</c>, <c>above_you</c>, <c>not_found</c>.
    /// </summary>
    public async Task<Result<AuditErased>> EraseAsync(Actor actor, Guid userId, CancellationToken ct)
    {
        if (
            (actor.Require(Permissions.UsersWrite) ?? actor.Require(Permissions.SettingsWrite) ?? actor.RequireRecentSignIn(clock.Now())) is
            { } refused
        )
        {
            return refused;
        }

        if (userId == actor.UserId)
        {
            return Refusal.Conflict("self_forbidden", "You can't erase yourself from the audit log.");
        }

        var sessions = await SessionsOfAsync(userId, ct);
        var batch = Guid.CreateVersion7(clock.Now());
        for (var erased = 0; ; )
        {
            var chunk = await EraseChunkAsync(actor, userId, sessions, batch, erased == 0, ct);
            if (chunk.Refusal is { } late)
            {
                return late;
            }

            erased += chunk.Value;
            if (chunk.Value < ChunkSize)
            {
                return new AuditErased(erased);
            }
        }
    }

    // One event for every thousand redacted, so that no change is ever long; usually that is one.
    private Task<Result<int>> EraseChunkAsync(
        Actor actor,
        Guid userId,
        List<string> sessions,
        Guid batch,
        bool isFirst,
        CancellationToken ct
    ) =>
        db.ChangeAsync<int>(
            actor,
            Permissions.SettingsWrite,
            async change =>
            {
                if (await RoleHierarchy.OutranksActorAsync(db, userId, change.Actor, ct))
                {
                    return Refusals.AboveYou;
                }

                change.BatchId = batch;
                db.ChangeTracker.Clear();
                var id = userId.ToString();
                if (
                    isFirst
                    && !await db.Users.AnyAsync(user => user.Id == userId, ct)
                    && !await db.AuditEvents.AnyAsync(entry => entry.TargetId == id, ct)
                )
                {
                    return Refusal.NotFound("No such user, and none is in the log.");
                }

                // Whom they deactivated, the users' own rows remember.
                await db
                    .Users.Where(user => isFirst && user.DeactivatedById == userId && user.DeactivatedByName != null)
                    .ExecuteUpdateAsync(set => set.SetProperty(user => user.DeactivatedByName, (string?)null), ct);
                var events = await Of(userId, sessions).OrderBy(entry => entry.Id).Take(ChunkSize).AsTracking().ToListAsync(ct);
                using var hash = new EventHash();
                foreach (var entry in events)
                {
                    var isTarget =
                        entry.TargetType == "user"
                            ? entry.TargetId == id
                            : entry.TargetType == "session" && sessions.Contains(entry.TargetId!);
                    hash.Redact(
                        entry,
                        actorSide: entry.ActorId == userId || (isTarget && entry.ActorType == "anonymous"),
                        targetSide: isTarget
                    );
                }

                if (events.Count > 0 || isFirst)
                {
                    // Without the name, which this event would bring back.
                    change.Record(
                        AuditActions.UserUpdated,
                        new AuditTarget("user", id, null),
                        new { erasedEvents = events.Count, erasedSessions = SessionsIn(events, sessions) }
                    );
                }

                return events.Count;
            },
            ct
        );

    // Verifying accounts for each redaction by an erasure. The events that say whose session it was may be cut by then.
    private static List<string> SessionsIn(List<AuditEvent> events, List<string> sessions) =>
        [
            .. events
                .Where(entry => entry.TargetType == "session" && sessions.Contains(entry.TargetId!))
                .Select(entry => entry.TargetId!)
                .Distinct(),
        ];

    // A failed sign-in has no known actor, but its client was most likely this person's.
    private IQueryable<AuditEvent> Of(Guid userId, List<string> sessions)
    {
        var id = userId.ToString();
        return db.AuditEvents.Where(entry =>
            (
                entry.ActorId == userId
                && entry.ActorSeal.Length == SaltBytes
                && (entry.ActorName != null || entry.Ip != null || entry.UserAgent != null)
            )
            || (entry.TargetType == "user" && entry.TargetId == id && entry.TargetSeal.Length == SaltBytes && entry.TargetName != null)
            || (
                entry.TargetType == "session"
                && sessions.Contains(entry.TargetId!)
                && entry.TargetSeal.Length == SaltBytes
                && (entry.TargetName != null || entry.Details != null)
            )
        );
    }

    // Their sessions are named after their browsers.
    private async Task<List<string>> SessionsOfAsync(Guid userId, CancellationToken ct) =>
        (
            await db
                .AuditEvents.Where(entry => entry.ActorId == userId && entry.SessionId != null)
                .Select(entry => entry.SessionId!.Value)
                .Distinct()
                .ToListAsync(ct)
        ).ConvertAll(session => session.ToString());
}
