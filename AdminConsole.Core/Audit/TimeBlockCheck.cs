using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Audit;

/// <summary>Verifies that the stored spans of a block of events cover the times of all these events. Searches by time
/// rely on the spans. A span that is missing or too narrow would hide existing events. A wider one hides nothing, and
/// occurs when retention has deleted part of its events.</summary>
internal sealed class TimeBlockCheck
{
    private readonly long firstSpan;
    private readonly long start;
    private readonly (long Min, long Max)[] times;

    /// <param name="start">The first event.</param>
    /// <param name="end">The last event.</param>
    /// <param name="last">The last event of the log. Its span may not be complete yet.</param>
    public TimeBlockCheck(long start, long end, long last)
    {
        (this.start, firstSpan) = (start, start / AuditTimeBlock.Size);
        var open = (last + 1) / AuditTimeBlock.Size;
        times = new (long, long)[Math.Max(0, Math.Min((end / AuditTimeBlock.Size) + 1, open) - firstSpan)];
        Array.Fill(times, (long.MaxValue, long.MinValue));
    }

    public void Add(long id, long at)
    {
        var span = (id / AuditTimeBlock.Size) - firstSpan;
        if (span < times.Length)
        {
            ref var known = ref times[span];
            known = (Math.Min(known.Min, at), Math.Max(known.Max, at));
        }
    }

    public async Task<AuditFault?> FirstWrongAsync(AppDbContext db, CancellationToken ct)
    {
        if (times.Length == 0)
        {
            return null;
        }

        var end = firstSpan + times.Length;
        var stored = await db
            .AuditTimeBlocks.AsNoTracking()
            .Where(span => span.Block >= firstSpan && span.Block < end)
            .ToDictionaryAsync(span => span.Block, ct);
        for (var at = 0; at < times.Length; at++)
        {
            if (
                !stored.TryGetValue(firstSpan + at, out var span)
                || span.MinAt.ToMicroseconds() > times[at].Min
                || span.MaxAt.ToMicroseconds() < times[at].Max
            )
            {
                return Wrong(Math.Max(start, (firstSpan + at) * AuditTimeBlock.Size));
            }
        }

        return null;
    }

    public static AuditFault Wrong(long id) =>
        new(
            $"The index of times (AuditSpans) was altered: searches by time may leave out events from {id} on. "
                + "\"AdminConsole audit-repair\" makes it anew.",
            id,
            IsIndex: true
        );
}
