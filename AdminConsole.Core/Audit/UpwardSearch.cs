using AdminConsole.Core.Changes;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Audit;

/// <summary>Finds the oldest matching events after an id, at bounded cost. The counterpart of
/// <see cref="AuditSearch"/>.</summary>
internal sealed class UpwardSearch(AppDbContext db, AuditQuery query)
{
    private readonly List<Equality> equalities = [.. AuditEqualities.Of(query)];

    private readonly List<string> group = AuditActions.Expand(query.Action);

    private bool IsScan => AuditFilter.HasTexts(query) || equalities.Count > 1 || (equalities.Count == 1 && group.Count > 0);

    /// <summary>Returns the oldest matching events, one more than the limit if there are more. <c>LookedUpTo</c> is the
    /// id at which a search stopped before it filled the page; otherwise null.</summary>
    public async Task<(List<AuditEvent> Found, long? LookedUpTo)> OldestAsync(long after, int limit, CancellationToken ct)
    {
        var ranges = (await AuditTimeline.RangesAsync(db, query with { Before = null }, ct))
            .Where(range => range.Last > after)
            .Reverse()
            .ToList();
        if (ranges.Count == 0)
        {
            return ([], null);
        }

        var start = Math.Max(after, ranges[0].First - 1);
        var end = IsScan ? await EndAsync(start, ranges[^1].Last, ct) : null;
        var found = new List<AuditEvent>();
        foreach (var range in ranges)
        {
            var (first, last) = (Math.Max(range.First, start + 1), Math.Min(range.Last, end ?? range.Last));
            if (found.Count <= limit && first <= last)
            {
                found.AddRange(await Within(first, last, limit + 1 - found.Count).AsNoTracking().ToListAsync(ct));
            }
        }

        return (found, found.Count > limit ? null : end);
    }

    /// <summary>Returns the number of matches, up to the limit; null if it would examine too many events.</summary>
    public async Task<long?> CountAsync(int limit, CancellationToken ct)
    {
        if (AuditFilter.HasTexts(query))
        {
            return null;
        }

        var ranges = await AuditTimeline.RangesAsync(db, query, ct);
        var (first, last) = ranges.Count == 0 ? (1, 0) : (ranges[^1].First, ranges[0].Last);
        var events = db.AuditEvents.Where(entry => entry.Id >= first && entry.Id <= last);
        if (!IsScan)
        {
            return await events.Matching(query).Select(entry => entry.Id).Take(limit).LongCountAsync(ct);
        }

        foreach (var leading in equalities)
        {
            if (
                await events.Where(leading.Indexed).Select(entry => entry.Id).Take(AuditSearch.ScanLimit).CountAsync(ct)
                < AuditSearch.ScanLimit
            )
            {
                var among = AuditFilter.ByGroup(AuditFilter.ByTimes(events.Where(leading.Indexed), query), query);
                return await equalities
                    .Where(other => other != leading)
                    .Aggregate(among, (some, other) => some.Where(other.Plain))
                    .LongCountAsync(ct);
            }
        }

        return null;
    }

    // The id at which a scan stops: after the first events of the leading filter or, without one, of the log. Null if
    // the scan reaches the newest event.
    private async Task<long?> EndAsync(long start, long newest, CancellationToken ct)
    {
        var events = db.AuditEvents.Where(entry => entry.Id > start && entry.Id <= newest);
        events = equalities.Count > 0 ? events.Where(equalities[0].Indexed) : events;
        return await events.OrderBy(entry => entry.Id).Select(entry => (long?)entry.Id).Skip(AuditSearch.ScanLimit).FirstOrDefaultAsync(ct);
    }

    private IQueryable<AuditEvent> Within(long first, long last, int count)
    {
        var events = db.AuditEvents.Where(entry => entry.Id >= first && entry.Id <= last);
        return group.Count == 0 || IsScan
            ? events.InOrder(query).OrderBy(entry => entry.Id).Take(count)
            : group
                .Select(action =>
                    AuditFilter.ByTimes(events, query).Where(entry => entry.Action == action).OrderBy(entry => entry.Id).Take(count)
                )
                .Aggregate((some, more) => some.Concat(more))
                .OrderBy(entry => entry.Id)
                .Take(count);
    }
}
