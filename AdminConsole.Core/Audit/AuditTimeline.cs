using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Audit;

/// <summary>A range of ids, including both ends.</summary>
internal sealed record IdRange(long First, long Last);

/// <summary>Converts times to ids, using the spans of the time blocks.</summary>
internal static class AuditTimeline
{
    /// <summary>Returns the number of the block that is being filled.</summary>
    public static async Task<long> OpenBlockAsync(AppDbContext db, CancellationToken ct) =>
        (await db.AuditTimeBlocks.MaxAsync(span => (long?)span.Block, ct) + 1) ?? 0;

    /// <summary>Returns the time of this event, or of the first one after it; null if there is none.</summary>
    public static async Task<DateTimeOffset?> TimeOfAsync(AppDbContext db, long id, CancellationToken ct) =>
        await db
            .AuditEvents.Where(entry => entry.Id >= id)
            .OrderBy(entry => entry.Id)
            .Select(entry => (DateTimeOffset?)entry.At)
            .FirstOrDefaultAsync(ct);

    /// <summary>Returns the id ranges that contain all events within the query's times, newest first; usually one. Each
    /// end may include about <see cref="AuditTimeBlock.Size"/> events outside these times, so the times must still be
    /// compared.</summary>
    public static async Task<IReadOnlyList<IdRange>> RangesAsync(AppDbContext db, AuditQuery query, CancellationToken ct)
    {
        var last = query.Before is { } before ? before - 1 : long.MaxValue;
        if (query.From is null && query.To is null)
        {
            return [new IdRange(1, last)];
        }

        IQueryable<AuditTimeBlock> spans = db.AuditTimeBlocks;
        var open = await OpenBlockAsync(db, ct);
        spans = query.From is { } from ? spans.Where(span => span.MaxAt >= from.ToUniversalTime()) : spans;
        spans = query.To is { } to ? spans.Where(span => span.MinAt < to.ToUniversalTime()) : spans;
        var ranges = new List<IdRange> { new(open * AuditTimeBlock.Size, long.MaxValue) };
        foreach (var block in await spans.OrderByDescending(span => span.Block).Select(span => span.Block).ToListAsync(ct))
        {
            var first = block * AuditTimeBlock.Size;
            if (ranges[^1].First == first + AuditTimeBlock.Size)
            {
                ranges[^1] = ranges[^1] with { First = first };
            }
            else
            {
                ranges.Add(new IdRange(first, first + AuditTimeBlock.Size - 1));
            }
        }

        return [.. ranges.Where(range => range.First <= last).Select(range => range with { Last = Math.Min(range.Last, last) })];
    }
}
