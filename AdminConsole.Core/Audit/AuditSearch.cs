using AdminConsole.Core.Changes;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Audit;

/// <summary>Finds one page of events in either direction at bounded cost, regardless of the filters and the page's
/// position. The filter with the fewest events leads, through its index. All other filters are applied to the first
/// <see cref="ScanLimit"/> events that it finds. If these do not fill the page, the result states how far the search
/// went.</summary>
internal sealed class AuditSearch(AppDbContext db, AuditQuery query)
{
    /// <summary>The number of events of the leading filter after which a search stops.</summary>
    public const int ScanLimit = 5_000;

    private readonly List<Equality> equalities = [.. AuditEqualities.Of(query)];

    private readonly List<string> group = AuditActions.Expand(query.Action);

    // True when the events that the leading filter finds must be tested one by one.
    private bool IsScan => AuditFilter.HasTexts(query) || equalities.Count + (group.Count > 0 ? 1 : 0) > 1;

    /// <summary>Returns the newest matching events, one more than the limit if there are more. <c>LookedDownTo</c> is
    /// the id at which a search stopped before it filled the page; otherwise null.</summary>
    public async Task<(List<AuditEvent> Found, long? LookedDownTo)> NewestAsync(CancellationToken ct) =>
        await PageAsync(await AuditTimeline.RangesAsync(db, query, ct), query.Limit, ascending: false, ct);

    /// <summary>Returns the oldest matching events after an id, one more than the limit if there are more.
    /// <c>LookedUpTo</c> is the id at which a search stopped before it filled the page; otherwise null. Ignores the
    /// query's <c>before</c>.</summary>
    public async Task<(List<AuditEvent> Found, long? LookedUpTo)> OldestAsync(long after, int limit, CancellationToken ct)
    {
        var ranges = (await AuditTimeline.RangesAsync(db, query with { Before = null }, ct))
            .Where(range => range.Last > after)
            .Select(range => range with { First = Math.Max(range.First, after + 1) })
            .Reverse();
        return await PageAsync([.. ranges], limit, ascending: true, ct);
    }

    /// <summary>Returns the newest matching events that do not record reading the log, from the newest
    /// <see cref="ScanLimit"/> matches.</summary>
    public async Task<List<AuditEvent>> RecentAsync(CancellationToken ct)
    {
        var newest = Within(new IdRange(1, long.MaxValue), equalities.FirstOrDefault(), ScanLimit, ascending: false)
            .Select(entry => new { entry.Id, entry.Action });
        var ids = newest
            .Where(entry => !AuditActions.LogAccess.Contains(entry.Action))
            .OrderByDescending(entry => entry.Id)
            .Select(entry => entry.Id)
            .Take(query.Limit);
        return await db
            .AuditEvents.Where(entry => ids.Contains(entry.Id))
            .OrderByDescending(entry => entry.Id)
            .AsNoTracking()
            .ToListAsync(ct);
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
            if (await events.Where(leading.Indexed).Select(entry => entry.Id).Take(ScanLimit).CountAsync(ct) < ScanLimit)
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

    private async Task<(List<AuditEvent> Found, long? End)> PageAsync(
        IReadOnlyList<IdRange> ranges,
        int limit,
        bool ascending,
        CancellationToken ct
    )
    {
        var (leading, end) = IsScan ? await LeadingAsync(ranges, ascending, ct) : (equalities.FirstOrDefault(), null);
        var found = new List<AuditEvent>();
        foreach (var range in ranges)
        {
            var scanned = ascending
                ? range with
                {
                    Last = Math.Min(range.Last, end ?? range.Last),
                }
                : range with
                {
                    First = Math.Max(range.First, end ?? range.First),
                };
            if (found.Count <= limit && scanned.First <= scanned.Last)
            {
                found.AddRange(await Within(scanned, leading, limit + 1 - found.Count, ascending).AsNoTracking().ToListAsync(ct));
            }
        }

        return (found, found.Count > limit ? null : end);
    }

    // The filter whose scan goes furthest, and the id at which that scan stops; null if it reaches the last event.
    private async Task<(Equality? Leading, long? End)> LeadingAsync(IReadOnlyList<IdRange> ranges, bool ascending, CancellationToken ct)
    {
        var (first, last) = ranges.Count == 0 ? (1, 0) : (ranges.Min(range => range.First), ranges.Max(range => range.Last));
        var events = db.AuditEvents.Where(entry => entry.Id >= first && entry.Id <= last);
        if (equalities.Count == 0)
        {
            return (null, await EndAsync(events, ascending, ct));
        }

        var ends = new List<(Equality Leading, long? End)>();
        foreach (var candidate in equalities)
        {
            ends.Add((candidate, await EndAsync(events.Where(candidate.Indexed), ascending, ct)));
        }

        return ascending ? ends.MaxBy(one => one.End ?? long.MaxValue) : ends.MinBy(one => one.End ?? 0);
    }

    private static Task<long?> EndAsync(IQueryable<AuditEvent> events, bool ascending, CancellationToken ct) =>
        Ordered(events, ascending).Select(entry => (long?)entry.Id).Skip(ScanLimit).FirstOrDefaultAsync(ct);

    private IQueryable<AuditEvent> Within(IdRange range, Equality? leading, int count, bool ascending)
    {
        var events = db.AuditEvents.Where(entry => entry.Id >= range.First && entry.Id <= range.Last);
        events = AuditFilter.ByTimes(events, query);
        events = equalities.Aggregate(events, (some, one) => some.Where(ReferenceEquals(one, leading) ? one.Indexed : one.Plain));
        events = AuditFilter.ByTexts(events, query);
        if (group.Count == 0 || leading is not null || IsScan)
        {
            return Ordered(AuditFilter.ByGroup(events, query), ascending).Take(count);
        }

        // An index finds the events of one action. For a group, the first events of each action are merged, because a
        // rare group would otherwise be searched for among all events.
        var merged = group
            .Select(action => Ordered(events.Where(entry => entry.Action == action), ascending).Take(count))
            .Aggregate((some, more) => some.Concat(more));
        return Ordered(merged, ascending).Take(count);
    }

    private static IQueryable<AuditEvent> Ordered(IQueryable<AuditEvent> events, bool ascending) =>
        ascending ? events.OrderBy(entry => entry.Id) : events.OrderByDescending(entry => entry.Id);
}
