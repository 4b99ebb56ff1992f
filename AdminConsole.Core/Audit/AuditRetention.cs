using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AdminConsole.Core.Audit;

/// <summary>
/// Cuts events that are older than the settings keep, from the beginning of the log, in small chunks. A chunk is
/// checked against the chain
/// first; then the signed checkpoint moves to its end and the events go, in one transaction. So what remains verifies,
/// whenever the program is killed.
/// </summary>
public sealed class AuditRetention(IServiceScopeFactory scopes, LeaderLock duty, TimeProvider clock, ILogger<AuditRetention> log)
    : Worker("retention")
{
    private const int ChunkSize = 1_000;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly Actor Worker = Actor.System("retention");

    // As a refusal, the lock of the chain is let go without a write.
    private static readonly Refusal NothingOld = Refusal.Conflict("nothing_old", "No event is old enough to be deleted.");

    /// <summary>One run; the worker does it regularly. Answers how many events were cut.</summary>
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

                // The event says what the whole run is about to cut. If it is killed on the way, the next run says so of
                // the rest.
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
        Rounds.RunAsync(
            clock,
            Interval,
            ct => duty.RunAsync(Noted(clock, RunOnceAsync), ct),
            log,
            "Old audit events could not be cut",
            stoppingToken
        );

    /// <summary>The last event before the first one that is young enough to stay; 0 where the first one is.</summary>
    private static async Task<long> LastBeforeAsync(AppDbContext db, DateTimeOffset cutoff, CancellationToken ct)
    {
        // Full blocks with nothing young in them need not be looked into.
        var open = await AuditTimeline.OpenBlockAsync(db, ct);
        var block = await db.AuditSpans.Where(span => span.MaxAt >= cutoff).MinAsync(span => (long?)span.Block, ct) ?? open;
        var from = block * AuditTimeBlock.Size;
        var young = await db
            .AuditEvents.Where(entry => entry.Id >= from && entry.At >= cutoff)
            .OrderBy(entry => entry.Id)
            .Select(entry => (long?)entry.Id)
            .FirstOrDefaultAsync(ct);
        return (young ?? (await db.ReadHeadAsync(ct)).LastId + 1) - 1;
    }

    // Answers how many went; 0 where they do not fit the chain, or the head is not as it was signed.
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
        await db.AuditSpans.Where(span => (span.Block + 1) * AuditTimeBlock.Size <= to).ExecuteDeleteAsync(ct);
        return await db.AuditEvents.Where(entry => entry.Id <= to).ExecuteDeleteAsync(ct);
    }
}
