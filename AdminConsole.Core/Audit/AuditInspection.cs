using AdminConsole.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Audit;

/// <summary>A fault of the audit log.</summary>
/// <param name="Problem">The description for users.</param>
/// <param name="EventId">The first invalid event; null if unknown.</param>
/// <param name="BlocksChanges">True when no event can be appended, and therefore no change committed.</param>
/// <param name="IsIndex">True when the events are intact and only the index of their times is wrong.</param>
public sealed record AuditFault(string Problem, long? EventId = null, bool BlocksChanges = false, bool IsIndex = false);

/// <summary>Compares the head, the end of the log and this node's high-water mark. Uses one query, regardless of the
/// log's length. Does not verify the events themselves.</summary>
public sealed class AuditInspection(AppDbContext db, AuditChain chain, AuditHighWaterMark mark)
{
    internal const string BadHead = "The signed head of the chain is missing or was altered.";

    /// <summary>Returns the worst fault, or null. Advances the mark to a valid head; records rollbacks.</summary>
    public async Task<AuditFault?> InspectAsync(CancellationToken ct)
    {
        var known = mark.Current;
        var markedId = known?.LastId ?? 0;
        var seen = await db
            .AuditHeads.AsNoTracking()
            .Select(head => new
            {
                Head = head,
                Stray = db.AuditEvents.Where(entry => entry.Id > head.LastId).Min(entry => (long?)entry.Id),
                Cursor = db.AuditCursors.Max(cursor => (long?)cursor.LastId),
                Marked = db.AuditEvents.Where(entry => entry.Id == markedId).Select(entry => entry.Hash).SingleOrDefault(),
            })
            .SingleOrDefaultAsync(ct);
        if (seen is null)
        {
            return new AuditFault(AuditBlocked.NoHead, BlocksChanges: true);
        }

        var head = seen.Head;
        // A change after a rollback leaves the head unsigned. A rollback that was detected before then still applies.
        var rolledBack = chain.IsSigned(head) ? RolledBack(known, head, seen.Marked, seen.Cursor) : known?.RolledBackTo;
        return seen.Stray is { } stray && rolledBack is null ? Stray(stray)
            : seen.Stray is not null && rolledBack is { } back ? SetBack(back, known?.LastId ?? 0)
            : rolledBack is { } left ? Cut(left, Math.Max(known?.LastId ?? 0, seen.Cursor ?? 0))
            : !chain.IsSigned(head) ? new AuditFault(BadHead)
            : null;
    }

    /// <summary>Returns a fault in the columns or the triggers of the events table, or null.</summary>
    public async Task<AuditFault?> InspectTableAsync(CancellationToken ct)
    {
        if (await db.AuditTableProblemAsync(ct) is { } problem)
        {
            return new AuditFault(problem);
        }

        var missing = db.AuditGuards.Triggers.Except(await db.AuditTriggersAsync(ct)).ToList();
        return missing.Count == 0
            ? null
            : new AuditFault(
                $"The database does not guard the audit log: missing or disabled triggers: {string.Join(", ", missing)}. "
                    + "\"AdminConsole audit-repair\" restores them."
            );
    }

    internal static AuditFault Stray(long id) =>
        new($"Event {id} was put after the last one that was written; changes are blocked.", id, BlocksChanges: true);

    internal static AuditFault Cut(long left, long known) =>
        new(
            $"The log was rolled back to event {left}, although event {known} had been written: from event {left + 1} on, "
                + "events were cut off or replaced.",
            left + 1
        );

    private static AuditFault SetBack(long left, long known) =>
        new(
            $"The head of the log was set back to event {left}, although event {known} had been written; changes are blocked.",
            left + 1,
            BlocksChanges: true
        );

    // Returns the last remaining event after a rollback; null when the log reaches at least the highest known event.
    private long? RolledBack(AuditMark? known, AuditHead head, byte[]? marked, long? cursor)
    {
        if (mark.IsRolledBack(known, head))
        {
            return mark.Current?.RolledBackTo;
        }

        if (known is not null && known.Epoch == head.Epoch && IsReplaced(known, head, marked))
        {
            mark.RollBack(known, known.LastId - 1);
            return known.LastId - 1;
        }

        mark.Advance(head);
        if (cursor > head.LastId && mark.Current is { } current)
        {
            mark.RollBack(current, head.LastId);
            return head.LastId;
        }

        return null;
    }

    // A hash covers all earlier events, so comparing one hash shows that none of them was replaced.
    private static bool IsReplaced(AuditMark known, AuditHead head, byte[]? marked) =>
        known.LastId > 0
        && known.LastId >= head.CheckpointId
        && !known.LastHash.AsSpan().SequenceEqual(known.LastId == head.CheckpointId ? head.CheckpointHash : marked);
}
