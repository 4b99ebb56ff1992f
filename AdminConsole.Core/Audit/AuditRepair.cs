using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AdminConsole.Core.Audit;

/// <summary>The result of a repair.</summary>
/// <param name="Quarantined">The number of rows moved out of the log because AdminConsole did not write them.</param>
/// <param name="EndsAt">The last event, if the head was signed again; otherwise null.</param>
/// <param name="IsIndexRebuilt">True when the index of times was rebuilt.</param>
/// <param name="Triggers">The triggers that were restored.</param>
public sealed record AuditRepaired(int Quarantined, long? EndsAt, bool IsIndexRebuilt, IReadOnlyList<string> Triggers);

/// <summary>Repairs the audit log after writes to its tables that bypassed the program. Restores everything around the
/// events, and records the repair. Never changes or removes an event, so altered or deleted ones remain
/// reported.</summary>
public sealed class AuditRepair(
    AppDbContext db,
    AuditChain chain,
    AuditHighWaterMark mark,
    AuditVerifier verifier,
    IServiceScopeFactory scopes
)
{
    private const int BatchSize = 1_000;
    private const int NamedIds = 20;

    private static readonly Actor Operator = Actor.System("audit-repair");

    /// <summary>Quarantines rows beyond the head, restores triggers, and rebuilds the index of times. Restores a head
    /// that was set back, if its events still exist. Refused as <c>accept_needed</c> if the log would continue without
    /// events that had been written, and as <c>chain_broken</c>, <c>nothing_to_repair</c>, <c>try_again</c>.</summary>
    /// <param name="accept">True to continue from the remaining events, in a new epoch.</param>
    /// <param name="ct">Cancels the repair.</param>
    public async Task<Result<AuditRepaired>> RepairAsync(bool accept, CancellationToken ct)
    {
        var known = mark.Current;
        var fault = (await verifier.FindAsync(null, isAlone: false, ct)).Fault;
        var seen = await db.ReadHeadAsync(ct);
        var isTrusted = chain.IsSigned(seen) && !mark.IsRolledBack(mark.Current, seen);
        var end = isTrusted ? null : await EndAsync(seen, known, ct);
        var mayContinue = accept || end is { IsAsKnown: true };
        if (!isTrusted && (end is null || !mayContinue))
        {
            return end is null
                ? Refusal.Conflict(
                    "chain_broken",
                    $"{fault?.Problem ?? AuditInspection.BadHead} The events that are left are not a whole chain: restore a backup."
                )
                : Refusal.Conflict(
                    "accept_needed",
                    $"{fault?.Problem ?? AuditInspection.BadHead} To go on from event {end.Id}, run it with --accept; the log will say so."
                );
        }

        return await db.ChangeAsync<AuditRepaired>(
            Operator,
            null,
            async change =>
            {
                db.ChangeTracker.Clear();
                var head = await db.LockHeadAsync(ct);
                if (head.LastId != seen.LastId || !head.Signature.AsSpan().SequenceEqual(seen.Signature))
                {
                    return Refusal.Conflict("try_again", "The log changed in the meantime. Run the command again.");
                }

                var triggers = await RestoreTriggersAsync(ct);
                if (end is not null)
                {
                    (head.LastId, head.LastHash) = (end.Id, end.Hash);
                    chain.BeginEpoch(head, change.At);
                    await db.SaveChangesAsync(ct);
                    await db
                        .AuditCursors.Where(cursor => cursor.LastId > end.Id)
                        .ExecuteUpdateAsync(set => set.SetProperty(cursor => cursor.LastId, end.Id), ct);
                }

                var quarantined = await QuarantineAsync(head, change.At, ct);
                var rebuilt = fault?.IsIndex == true || await HasSpanBeyondAsync(head.LastId, ct);
                if (rebuilt)
                {
                    await RebuildSpansAsync(head.LastId, ct);
                }

                var isRestored = end is not null || triggers.Count > 0;
                if (quarantined.Count == 0 && !rebuilt && !isRestored)
                {
                    return Refusal.Conflict(
                        "nothing_to_repair",
                        fault is null ? "The audit log is in order." : $"{fault.Problem} This can't be repaired: restore a backup."
                    );
                }

                change.Record(
                    AuditActions.AuditRepaired,
                    null,
                    new
                    {
                        found = fault?.Problem,
                        quarantined = quarantined.Count,
                        quarantinedIds = quarantined.Take(NamedIds),
                        endsAt = end?.Id,
                        accepted = end is { IsAsKnown: false },
                        knownBefore = end is null ? null : known?.LastId,
                        indexRebuilt = rebuilt,
                        triggersRestored = triggers,
                    }
                );
                return new AuditRepaired(quarantined.Count, end?.Id, rebuilt, triggers);
            },
            ct
        );
    }

    // Prefers this node's high-water mark, which loses no event; then the newest event, if the chain is valid up to it;
    // then the end that the head names. Null if none is valid.
    private async Task<End?> EndAsync(AuditHead head, AuditMark? known, CancellationToken ct)
    {
        if (
            known is not null
            && known.Epoch == head.Epoch
            && known.LastId >= head.LastId
            && await IsWholeAsync(head, known.LastId, known.LastHash, ct)
        )
        {
            return new End(known.LastId, known.LastHash, IsAsKnown: true);
        }

        var newest = await db
            .AuditEvents.OrderByDescending(entry => entry.Id)
            .Select(entry => new { entry.Id, entry.Hash })
            .FirstOrDefaultAsync(ct);
        return newest is not null && newest.Id >= head.CheckpointId && await IsWholeAsync(head, newest.Id, newest.Hash, ct)
                ? new End(newest.Id, newest.Hash, IsAsKnown: false)
            : await IsWholeAsync(head, head.LastId, head.LastHash, ct) ? new End(head.LastId, head.LastHash, IsAsKnown: false)
            : null;
    }

    private async Task<bool> IsWholeAsync(AuditHead head, long last, byte[] hash, CancellationToken ct)
    {
        var tried = new AuditHead
        {
            Id = head.Id,
            LastId = last,
            LastHash = hash,
            CheckpointId = head.CheckpointId,
            CheckpointHash = head.CheckpointHash,
            Epoch = head.Epoch,
            Signature = [],
        };
        return await new AuditWalk(scopes, tried, null).FirstBrokenAsync(ct) is null or { IsIndex: true };
    }

    private async Task<IReadOnlyList<string>> RestoreTriggersAsync(CancellationToken ct)
    {
        List<string> missing = [.. db.AuditGuards.Triggers.Except(await db.AuditTriggersAsync(ct))];
        if (missing.Count > 0)
        {
            await db.Database.ExecuteSqlRawAsync(db.AuditGuards.Sql, ct);
        }

        return missing;
    }

    // The trigger allows deleting a row only after its copy is stored.
    private async Task<List<long>> QuarantineAsync(AuditHead head, DateTimeOffset now, CancellationToken ct)
    {
        var ids = new List<long>();
        while (true)
        {
            var rows = await db.StrayRowsAsync(head, BatchSize, ct);
            if (rows.Count == 0)
            {
                return ids;
            }

            db.AddRange(
                rows.Select(row => new QuarantinedEvent
                {
                    EventId = row.EventId,
                    At = now,
                    Content = row.Content,
                })
            );
            await db.SaveChangesAsync(ct);
            List<long> moved = [.. rows.Select(row => row.EventId)];
            await db.AuditEvents.Where(entry => moved.Contains(entry.Id)).ExecuteDeleteAsync(ct);
            ids.AddRange(moved);
        }
    }

    private Task<bool> HasSpanBeyondAsync(long last, CancellationToken ct)
    {
        var open = (last + 1) / AuditTimeBlock.Size;
        return db.AuditTimeBlocks.AnyAsync(span => span.Block >= open, ct);
    }

    private async Task RebuildSpansAsync(long last, CancellationToken ct)
    {
        await db.AuditTimeBlocks.ExecuteDeleteAsync(ct);
        await db.WriteTimeBlocksAsync(0, (last + 1) / AuditTimeBlock.Size * AuditTimeBlock.Size, ct);
    }

    private sealed record End(long Id, byte[] Hash, bool IsAsKnown);
}
