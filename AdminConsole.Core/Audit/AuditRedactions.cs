using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Audit;

/// <summary>Collects the redacted events of a walk, by the user or session they were redacted for. Each must be older
/// than a recorded erasure of that user. Texts removed with SQL leave the chain valid, but no such erasure.</summary>
internal sealed class AuditRedactions
{
    // The newest redacted event of each user or session. Grows with the number of erased users and their sessions.
    private readonly ConcurrentDictionary<(bool IsSession, Guid Id), long> newest = new();

    public static AuditFault Unaccounted(long id) =>
        new($"Personal data was removed from event {id}, and no recorded erasure accounts for it.", id);

    /// <summary>Adds a redacted event. Returns false if no erasure can have redacted it. Thread-safe.</summary>
    public bool Add(AuditRows row, EventHash hash)
    {
        var byUser = row.IsNull(AuditColumn.ActorId) ? (Guid?)null : new Guid(row[AuditColumn.ActorId], bigEndian: true);
        var target = TargetOf(row);
        var isAnonymous = row[AuditColumn.ActorType].SequenceEqual("anonymous"u8);
        var actorSide =
            !hash.IsActorRedacted ? null
            : byUser is { } user ? (false, user)
            : isAnonymous ? target
            : null;
        var lacksActorSide = hash.IsActorRedacted && actorSide is null;
        var lacksTarget = hash.IsTargetRedacted && target is null;
        if (lacksActorSide || lacksTarget)
        {
            return false;
        }

        Note(actorSide, row.Id);
        Note(hash.IsTargetRedacted ? target : null, row.Id);
        return true;
    }

    /// <summary>Returns the first event that no recorded erasure accounts for, or null.</summary>
    public async Task<AuditFault?> FirstUnaccountedAsync(AppDbContext db, CancellationToken ct)
    {
        if (newest.IsEmpty)
        {
            return null;
        }

        var erasures = await ErasuresAsync(db, ct);
        long? first = null;
        foreach (var ((isSession, id), last) in newest)
        {
            var erased = isSession ? await ErasedSessionAsync(db, erasures, id, ct) : erasures.Users.GetValueOrDefault(id);
            if (erased < last && await FirstAfterAsync(db, isSession, id, erased, ct) is { } found && !(found >= first))
            {
                first = found;
            }
        }

        return first is { } unaccounted ? Unaccounted(unaccounted) : null;
    }

    private static (bool IsSession, Guid Id)? TargetOf(AuditRows row) =>
        row.IsNull(AuditColumn.TargetId) || !Guid.TryParseExact(Encoding.UTF8.GetString(row[AuditColumn.TargetId]), "D", out var id) ? null
        : row[AuditColumn.TargetType].SequenceEqual("user"u8) ? (false, id)
        : row[AuditColumn.TargetType].SequenceEqual("session"u8) ? (true, id)
        : null;

    private void Note((bool, Guid)? subject, long id)
    {
        if (subject is { } key)
        {
            newest.AddOrUpdate(key, id, (_, known) => Math.Max(known, id));
        }
    }

    private static async Task<Erasures> ErasuresAsync(AppDbContext db, CancellationToken ct)
    {
        var found = new Erasures();
        var events = db
            .AuditEvents.Where(entry =>
                entry.Action == AuditActions.UserUpdated
                && entry.TargetType == AuditTargetTypes.User
                && entry.Details!.Contains("\"erasedEvents\":")
            )
            .OrderBy(entry => entry.Id)
            .Select(entry => new
            {
                entry.Id,
                entry.TargetId,
                entry.Details,
            })
            .AsAsyncEnumerable();
        await foreach (var entry in events.WithCancellation(ct))
        {
            using var details = JsonDocument.Parse(entry.Details!);
            if (!details.RootElement.TryGetProperty("erasedEvents", out _) || !Guid.TryParse(entry.TargetId, out var user))
            {
                continue;
            }

            found.Users[user] = entry.Id;
            if (!details.RootElement.TryGetProperty("erasedSessions", out var sessions))
            {
                found.LastWithoutSessions = entry.Id;
                continue;
            }

            foreach (var session in sessions.EnumerateArray())
            {
                found.Sessions[session.GetGuid()] = entry.Id;
            }
        }

        return found;
    }

    // Erasures by earlier versions do not list the sessions. The owner is then found through the events of the session,
    // until retention deletes them.
    private static async Task<long> ErasedSessionAsync(AppDbContext db, Erasures erasures, Guid session, CancellationToken ct)
    {
        if (erasures.Sessions.TryGetValue(session, out var erased))
        {
            return erased;
        }

        var users = await db
            .AuditEvents.Where(entry => entry.SessionId == session && entry.ActorId != null)
            .Select(entry => entry.ActorId!.Value)
            .Distinct()
            .ToListAsync(ct);
        return users.Count == 0 ? erasures.LastWithoutSessions : users.Max(user => erasures.Users.GetValueOrDefault(user));
    }

    private static Task<long?> FirstAfterAsync(AppDbContext db, bool isSession, Guid id, long erased, CancellationToken ct)
    {
        var (type, text) = (isSession ? "session" : "user", id.ToString());
        return db
            .AuditEvents.Where(entry =>
                entry.Id > erased
                && (
                    (!isSession && entry.ActorId == id && entry.ActorSeal.Length == EventHash.Size)
                    || (
                        entry.TargetType == type
                        && entry.TargetId == text
                        && (
                            entry.TargetSeal.Length == EventHash.Size
                            || (entry.ActorType == "anonymous" && entry.ActorSeal.Length == EventHash.Size)
                        )
                    )
                )
            )
            .MinAsync(entry => (long?)entry.Id, ct);
    }

    private sealed class Erasures
    {
        public Dictionary<Guid, long> Users { get; } = [];

        public Dictionary<Guid, long> Sessions { get; } = [];

        public long LastWithoutSessions { get; set; }
    }
}
