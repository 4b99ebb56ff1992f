using AdminConsole.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Audit;

/// <summary>What is wrong with the audit log.</summary>
/// <param name="Problem">A sentence for a person.</param>
/// <param name="EventId">The first event that does not fit; null where that is not known.</param>
/// <param name="Blocks">True where no event can be appended, and so nothing changed.</param>
/// <param name="IsIndex">True where the events are as they were written, and only what finds them by their times is
/// not.</param>
public sealed record AuditFault(string Problem, long? EventId = null, bool Blocks = false, bool IsIndex = false);

/// <summary>Compares the head, the end of the log and what this node remembers of them. One query, whatever the log's
/// length; the events themselves are not verified.</summary>
public sealed class AuditInspection(AppDbContext db, AuditChain chain, AuditHighWaterMark mark)
{
    internal const string BadHead = "The signed head of the chain is missing or was altered.";

    /// <summary>The worst that is wrong; null where nothing is. A head that is in order is remembered.</summary>
    public async Task<AuditFault?> LookAsync(CancellationToken ct)
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
            return new AuditFault(AuditBlocked.NoHead, Blocks: true);
        }

        var head = seen.Head;
        // After a change on top of a rollback the head is not signed any more, and what was found before still holds.
        var rolledBack = chain.IsSigned(head) ? RolledBack(known, head, seen.Marked, seen.Cursor) : known?.RolledBackTo;
        return seen.Stray is { } stray && rolledBack is null ? Stray(stray)
            : seen.Stray is not null && rolledBack is { } back ? SetBack(back, known?.LastId ?? 0)
            : rolledBack is { } left ? Cut(left, Math.Max(known?.LastId ?? 0, seen.Cursor ?? 0))
            : !chain.IsSigned(head) ? new AuditFault(BadHead)
            : null;
    }

    /// <summary>What is wrong with the table of events itself: its columns, or the triggers that guard it; null where
    /// nothing is.</summary>
    public async Task<AuditFault?> LookAtTableAsync(CancellationToken ct)
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
        new($"Event {id} was put after the last one that was written; changes are blocked.", id, Blocks: true);

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
            Blocks: true
        );

    // The last event that is left; null where the log goes at least as far as was ever seen.
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

    // The hash of one event covers all before it, so one look shows that none of them is another.
    private static bool IsReplaced(AuditMark known, AuditHead head, byte[]? marked) =>
        known.LastId > 0
        && known.LastId >= head.CheckpointId
        && !known.LastHash.AsSpan().SequenceEqual(known.LastId == head.CheckpointId ? head.CheckpointHash : marked);
}
