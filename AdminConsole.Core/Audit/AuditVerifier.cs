using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AdminConsole.Core.Audit;

/// <summary>How far a verification has come.</summary>
public sealed record AuditProgress(long Checked, long Of);

/// <summary>
/// Checks that nothing in the log was altered, removed, inserted or cut off. Each event is checked against the stored hash of the one
/// before, so blocks of events are checked side by side, on all processors, each on a connection of its own, in constant memory.
/// </summary>
public sealed class AuditVerifier(AppDbContext db, AuditChain chain, IServiceScopeFactory scopes)
{
    private const int BlockSize = 50_000;

    // It takes all processors, so that many at once would only be slower for everybody else.
    private static readonly SemaphoreSlim Turn = new(1);

    /// <summary>Walks the whole chain, names the first event that does not fit, and records that it was done and what came out. One after the other in a process: who comes second waits.</summary>
    public async Task<Result<AuditVerification>> VerifyAsync(Actor actor, CancellationToken ct, IProgress<AuditProgress>? progress = null)
    {
        if (actor.Refused(Permissions.AuditRead) is { } refused)
        {
            return refused;
        }

        var verification = await InTurnAsync(progress, ct);
        // Where the head is gone nothing can be recorded, nor anything changed.
        return await db.AuditHeads.AnyAsync(ct) ? await RecordAsync(actor, verification, ct) : verification;
    }

    private async Task<AuditVerification> InTurnAsync(IProgress<AuditProgress>? progress, CancellationToken ct)
    {
        await Turn.WaitAsync(ct);
        try
        {
            return await CheckAsync(progress, ct);
        }
        finally
        {
            Turn.Release();
        }
    }

    private Task<Result<AuditVerification>> RecordAsync(Actor actor, AuditVerification verification, CancellationToken ct) =>
        db.ChangeAsync<AuditVerification>(actor, Permissions.AuditRead, change =>
        {
            change.Record(AuditActions.AuditVerified, null, verification);
            return Task.FromResult<Result<AuditVerification>>(verification);
        }, ct);

    /// <summary>The same without a trace, for the program itself.</summary>
    public async Task<AuditVerification> CheckAsync(IProgress<AuditProgress>? progress, CancellationToken ct)
    {
        if (await SignedHeadAsync(ct) is not { } head)
        {
            return new AuditVerification(false, 0, Problem: "The signed head of the chain is missing or was altered.");
        }

        while (true)
        {
            var broken = await FirstBrokenAsync(head, progress, ct);
            if (broken is null)
            {
                return await OutsideAsync(ct) ?? new AuditVerification(true, head.LastId - head.CheckpointId);
            }

            // Retention may have cut what was being looked at; then the rest is looked at again.
            if (await SignedHeadAsync(ct) is not { } now || now.CheckpointId < broken.Id)
            {
                return new AuditVerification(false, broken.Id - head.CheckpointId - 1, broken.Id, broken.Problem);
            }

            head = now;
        }
    }

    private async Task<AuditHead?> SignedHeadAsync(CancellationToken ct) =>
        await db.AuditHeads.AsNoTracking().SingleOrDefaultAsync(ct) is { } head && chain.IsSigned(head) ? head : null;

    // What is appended meanwhile is beyond this head and not looked at.
    private async Task<Broken?> FirstBrokenAsync(AuditHead head, IProgress<AuditProgress>? progress, CancellationToken ct)
    {
        var (checkedSoFar, all) = (0L, head.LastId - head.CheckpointId);
        Broken? first = null;
        var starts = Enumerable.Range(0, (int)((all + BlockSize - 1) / BlockSize)).Select(block => head.CheckpointId + 1 + ((long)block * BlockSize));
        await Parallel.ForEachAsync(starts, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = ct }, async (start, stop) =>
        {
            if (Volatile.Read(ref first) is { } found && found.Id < start)
            {
                return;
            }

            var end = Math.Min(start + BlockSize - 1, head.LastId);
            if (await CheckAsync(head, start, end, stop) is { } broken)
            {
                Lower(ref first, broken);
            }

            progress?.Report(new AuditProgress(Interlocked.Add(ref checkedSoFar, end - start + 1), all));
        });
        return first;
    }

    private static void Lower(ref Broken? first, Broken broken)
    {
        for (var known = Volatile.Read(ref first); known is null || broken.Id < known.Id; known = Volatile.Read(ref first))
        {
            if (Interlocked.CompareExchange(ref first, broken, known) == known)
            {
                return;
            }
        }
    }

    private async Task<Broken?> CheckAsync(AuditHead head, long start, long end, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        // The one before is read for its hash.
        await using var rows = await scope.ServiceProvider.GetRequiredService<AppDbContext>().ReadAuditAsync(Math.Max(start - 1, head.CheckpointId + 1), end, ct);
        using var hash = new EventHash();
        var previous = head.CheckpointHash.AsSpan().ToArray();
        var expected = Math.Max(start - 1, head.CheckpointId + 1);
        for (; await rows.ReadAsync(ct); expected++)
        {
            if (rows.Id != expected)
            {
                return new Broken(expected, $"Event {expected} is missing.");
            }

            if (expected >= start && !hash.Fits(previous, rows))
            {
                return new Broken(expected, $"Event {expected} was altered, or another was put in its place.");
            }

            var stored = rows[AuditColumn.Hash];
            if (stored.Length != EventHash.Size)
            {
                return new Broken(expected, $"Event {expected} was altered, or another was put in its place.");
            }

            stored.CopyTo(previous);
        }

        return expected <= end ? await MissingAsync(expected, head, ct)
            : end == head.LastId && !previous.AsSpan().SequenceEqual(head.LastHash) ? new Broken(end, $"Event {end} is not the one that was written last.")
            : null;
    }

    private async Task<Broken> MissingAsync(long id, AuditHead head, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var more = await scope.ServiceProvider.GetRequiredService<AppDbContext>().AuditEvents.AnyAsync(entry => entry.Id > id && entry.Id <= head.LastId, ct);
        return new Broken(id, more ? $"Event {id} is missing." : $"The log ends at event {id - 1}, but {head.LastId} was the last one written.");
    }

    // One statement sees the head and the events of one moment, whatever is appended meanwhile.
    private async Task<AuditVerification?> OutsideAsync(CancellationToken ct)
    {
        var stray = await db.AuditHeads.Select(head => new
        {
            Before = db.AuditEvents.Where(entry => entry.Id <= head.CheckpointId).Min(entry => (long?)entry.Id),
            After = db.AuditEvents.Where(entry => entry.Id > head.LastId).Min(entry => (long?)entry.Id),
        }).SingleOrDefaultAsync(ct);
        return stray?.Before is { } before ? new AuditVerification(false, 0, before, $"Event {before} lies before the retention checkpoint.")
            : stray?.After is { } after ? new AuditVerification(false, after - 1, after, $"Event {after} was put after the last one that was written.")
            : null;
    }

    private sealed record Broken(long Id, string Problem);
}
