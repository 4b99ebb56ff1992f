using AdminConsole.Core.Data;
using Microsoft.Extensions.DependencyInjection;

namespace AdminConsole.Core.Audit;

/// <summary>Verifies the chain from the checkpoint to a head. Each event is verified against the stored hash of the
/// previous one. Blocks of events can therefore be verified in parallel on all processors, each with its own
/// connection, in constant memory.</summary>
internal sealed class AuditWalk(IServiceScopeFactory scopes, AuditHead head, IProgress<AuditProgress>? progress)
{
    // A multiple of the time block size, so that each time block lies within one of these blocks.
    private const int BlockSize = 25 * AuditTimeBlock.Size;

    private readonly long all = head.LastId - head.CheckpointId;
    private AuditFault? first;
    private long done;

    /// <summary>The redacted events found so far. A recorded erasure must account for each.</summary>
    public AuditRedactions Redactions { get; } = new();

    /// <summary>Returns the first fault, or null. Ignores events appended after the head.</summary>
    public async Task<AuditFault?> FirstBrokenAsync(CancellationToken ct)
    {
        await Parallel.ForEachAsync(
            Starts(),
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = ct },
            async (start, stop) =>
            {
                if (Volatile.Read(ref first) is { } found && found.EventId < start)
                {
                    return;
                }

                var end = Math.Min((start / BlockSize * BlockSize) + BlockSize - 1, head.LastId);
                await using var scope = scopes.CreateAsyncScope();
                var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
                if (await CheckAsync(db, start, end, stop) is { } broken)
                {
                    Lower(broken);
                }

                progress?.Report(new AuditProgress(Interlocked.Add(ref done, end - start + 1), all));
            }
        );
        return first;
    }

    private IEnumerable<long> Starts()
    {
        for (var start = head.CheckpointId + 1; start <= head.LastId; start = (start / BlockSize * BlockSize) + BlockSize)
        {
            yield return start;
        }
    }

    private void Lower(AuditFault broken)
    {
        for (var known = Volatile.Read(ref first); known is null || broken.EventId < known.EventId; known = Volatile.Read(ref first))
        {
            if (Interlocked.CompareExchange(ref first, broken, known) == known)
            {
                return;
            }
        }
    }

    private async Task<AuditFault?> CheckAsync(AppDbContext db, long start, long end, CancellationToken ct)
    {
        var spans = new TimeBlockCheck(start, end, head.LastId);
        var previous = head.CheckpointHash.AsSpan().ToArray();
        var expected = Math.Max(start - 1, head.CheckpointId + 1);
        // The previous event is read only for its hash.
        await using (var rows = await db.ReadAuditAsync(expected, end, ct))
        {
            using var hash = new EventHash();
            for (; await rows.ReadAsync(ct); expected++)
            {
                if (rows.Id != expected)
                {
                    return new AuditFault($"Event {expected} is missing.", expected);
                }

                if (expected >= start)
                {
                    if (!hash.Verify(previous, rows))
                    {
                        return Altered(expected);
                    }

                    if (hash.IsRedacted && !Redactions.Add(rows, hash))
                    {
                        return AuditRedactions.Unaccounted(expected);
                    }

                    spans.Add(expected, rows.At);
                }

                var stored = rows[AuditColumn.Hash];
                if (stored.Length != EventHash.Size)
                {
                    return Altered(expected);
                }

                stored.CopyTo(previous);
            }
        }

        return expected <= end ? new AuditFault($"Event {expected} is missing.", expected)
            : end == head.LastId && !previous.AsSpan().SequenceEqual(head.LastHash)
                ? new AuditFault($"Event {end} is not the one that was written last.", end)
            : await spans.FirstWrongAsync(db, ct);
    }

    private static AuditFault Altered(long id) => new($"Event {id} was altered, or another was put in its place.", id);
}
