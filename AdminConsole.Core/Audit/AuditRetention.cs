using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AdminConsole.Core.Audit;

/// <summary>Deletes events older than the retention period, from the beginning of the log, in small chunks. Each chunk
/// is verified first. Then, in one transaction, the signed checkpoint moves to its end and the events are deleted. The
/// remaining log therefore verifies even if the process is killed.</summary>
public sealed class AuditRetention(IServiceScopeFactory scopes, LeaderLock leader, TimeProvider clock, ILogger<AuditRetention> log)
    : PeriodicWorker("retention")
{
    private const int ChunkSize = 1_000;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly Actor Worker = Actor.System("retention");

    // A refusal, so that the transaction rolls back, which releases the lock of the head row without a write.
    private static readonly Refusal NothingOld = Refusal.Conflict("nothing_old", "No event is old enough to be deleted.");

    /// <summary>Runs once and returns the number of deleted events. The worker calls this at each interval.</summary>
    public async Task<long> RunOnceAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        var days = (await db.SettingsAsync(ct)).AuditRetentionDays;
        if (days == 0)
        {
            return 0;
        }

        var cutoff = clock.Now().AddDays(-days);
        var end = await LastBeforeAsync(db, cutoff, ct);
        var chain = scope.ServiceProvider.GetRequiredService<AuditChain>();
        var first = await db.ChangeAsync<long>(
            Worker,
            null,
            async change =>
            {
                var head = await db.LockHeadAsync(ct);
                if (head.CheckpointId >= end)
                {
                    return NothingOld;
                }

                // The event announces all events this run is about to delete. If the run is interrupted, the next one
                // announces the rest.
                change.Record(
                    AuditActions.AuditPruned,
                    null,
                    new
                    {
                        from = head.CheckpointId + 1,
                        to = end,
                        count = end - head.CheckpointId,
                        before = cutoff,
                    }
                );
                return await CutAsync(db, chain, head, end, ct) is var cut and > 0 ? cut : NotWhole;
            },
            ct
        );
        if (first.Refusal is { } refusal)
        {
            if (refusal != NothingOld)
            {
                log.LogError("{Problem}", refusal.Message);
            }

            return 0;
        }

        var all = first.Value;
        for (var last = first.Value; last == ChunkSize; all += last)
        {
            await Task.Delay(Pause, clock, ct);
            db.ChangeTracker.Clear();
            last = await db.WriteUnauditedAsync(
                UnauditedWrite.Retention,
                async () => await CutAsync(db, chain, await db.LockHeadAsync(ct), end, ct),
                ct
            );
        }

        return all;
    }

    private static Refusal NotWhole =>
        Refusal.Conflict("chain_broken", "The oldest events don't verify, so they weren't deleted. Verify the log to find out why.");

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        RunPeriodicallyAsync(
            clock,
            Interval,
            ct => leader.RunAsync(StoringResult(clock, RunOnceAsync), ct),
            log,
            "Old audit events could not be deleted",
            stoppingToken
        );

    /// <summary>Returns the id before the first event to retain; the last id if there is none.</summary>
    private static async Task<long> LastBeforeAsync(AppDbContext db, DateTimeOffset cutoff, CancellationToken ct)
    {
        // Skips full blocks that contain no recent event.
        var open = await AuditTimeline.OpenBlockAsync(db, ct);
        var block = await db.AuditTimeBlocks.Where(span => span.MaxAt >= cutoff).MinAsync(span => (long?)span.Block, ct) ?? open;
        var from = block * AuditTimeBlock.Size;
        var recent = await db
            .AuditEvents.Where(entry => entry.Id >= from && entry.At >= cutoff)
            .OrderBy(entry => entry.Id)
            .Select(entry => (long?)entry.Id)
            .FirstOrDefaultAsync(ct);
        return (recent ?? (await db.ReadHeadAsync(ct)).LastId + 1) - 1;
    }

    // Deletes one chunk and returns its size; 0 if it does not verify or the signature of the head is invalid.
    private static async Task<long> CutAsync(AppDbContext db, AuditChain chain, AuditHead head, long end, CancellationToken ct)
    {
        var to = Math.Min(end, head.CheckpointId + ChunkSize);
        if (to <= head.CheckpointId)
        {
            return 0;
        }

        var events = await db
            .AuditEvents.Where(entry => entry.Id > head.CheckpointId && entry.Id <= to)
            .OrderBy(entry => entry.Id)
            .AsNoTracking()
            .ToListAsync(ct);
        using var hash = new EventHash();
        var (id, previous) = (head.CheckpointId, head.CheckpointHash);
        foreach (var entry in events)
        {
            if (entry.Id != ++id || !hash.Of(previous, entry).AsSpan().SequenceEqual(entry.Hash))
            {
                return 0;
            }

            previous = entry.Hash;
        }

        if (id != to || !chain.MoveCheckpoint(head, to, previous))
        {
            return 0;
        }

        await db.SaveChangesAsync(ct);
        await db.AuditTimeBlocks.Where(span => (span.Block + 1) * AuditTimeBlock.Size <= to).ExecuteDeleteAsync(ct);
        return await db.AuditEvents.Where(entry => entry.Id <= to).ExecuteDeleteAsync(ct);
    }
}
