using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Audit;

/// <summary>Erases a user's names, addresses and details from existing events. The chain remains valid, because it
/// covers a salted digest of these texts.</summary>
public sealed class AuditErasure(AppDbContext db, TimeProvider clock)
{
    private const int ChunkSize = 1000;

    private const int SaltBytes = EventHash.SaltBytes;

    /// <summary>Redacts all events in which the user is the actor or the target, and those whose target is one of their
    /// sessions. The user may be deleted already. Requires users.write, settings.write and a recent sign-in. Refused as
    /// <c>self_forbidden</c>, <c>above_you</c>, <c>not_found</c>.</summary>
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
        var erased = 0;
        while (true)
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

    // Redacts up to 1,000 events in one change, which records one event, so that transactions stay short. Most users
    // need only one.
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
                    return Refusals.OutranksActor;
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

                // Clears the name from users that were deactivated by the erased user.
                await db
                    .Users.Where(user => isFirst && user.DeactivatedById == userId && user.DeactivatedByName != null)
                    .ExecuteUpdateAsync(set => set.SetProperty(user => user.DeactivatedByName, (string?)null), ct);
                var events = await Of(userId, sessions).OrderBy(entry => entry.Id).Take(ChunkSize).AsTracking().ToListAsync(ct);
                using var hash = new EventHash();
                foreach (var entry in events)
                {
                    var isTarget =
                        entry.TargetType == AuditTargetTypes.User
                            ? entry.TargetId == id
                            : entry.TargetType == AuditTargetTypes.Session && sessions.Contains(entry.TargetId!);
                    hash.Redact(
                        entry,
                        actorSide: entry.ActorId == userId || (isTarget && entry.ActorType == "anonymous"),
                        targetSide: isTarget
                    );
                }

                if (events.Count > 0 || isFirst)
                {
                    // Recorded without a name, because this event would store it again.
                    change.Record(
                        AuditActions.UserUpdated,
                        new AuditTarget(AuditTargetTypes.User, id, null),
                        new { erasedEvents = events.Count, erasedSessions = SessionsIn(events, sessions) }
                    );
                }

                return events.Count;
            },
            ct
        );

    // Verification matches each redaction with a recorded erasure. The events that identify the owner of a session may
    // have been deleted by then, so the erasure lists the sessions.
    private static List<string> SessionsIn(List<AuditEvent> events, List<string> sessions) =>
        [
            .. events
                .Where(entry => entry.TargetType == AuditTargetTypes.Session && sessions.Contains(entry.TargetId!))
                .Select(entry => entry.TargetId!)
                .Distinct(),
        ];

    // The events to redact. A failed sign-in has no known actor, but its client most likely belongs to the target user.
    private IQueryable<AuditEvent> Of(Guid userId, List<string> sessions)
    {
        var id = userId.ToString();
        return db.AuditEvents.Where(entry =>
            (
                (entry.ActorName != null || entry.Ip != null || entry.UserAgent != null)
                && entry.ActorId == userId
                && entry.ActorSeal.Length == SaltBytes
            )
            || (
                entry.TargetType == AuditTargetTypes.User
                && entry.TargetId == id
                && entry.TargetSeal.Length == SaltBytes
                && entry.TargetName != null
            )
            || (
                entry.TargetType == AuditTargetTypes.Session
                && sessions.Contains(entry.TargetId!)
                && entry.TargetSeal.Length == SaltBytes
                && (entry.TargetName != null || entry.Details != null)
            )
        );
    }

    // Session targets are included, because they are named after the user's browser.
    private async Task<List<string>> SessionsOfAsync(Guid userId, CancellationToken ct) =>
        (
            await db
                .AuditEvents.Where(entry => entry.ActorId == userId && entry.SessionId != null)
                .Select(entry => entry.SessionId!.Value)
                .Distinct()
                .ToListAsync(ct)
        ).ConvertAll(session => session.ToString());
}
