using System.Linq.Expressions;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Audit;

/// <summary>Finds one page of events at bounded cost, regardless of the filters and the page's position. The filter
/// with the fewest events leads, through its index. All other filters are applied to the newest <see cref="ScanLimit"/>
/// events that it finds. If these do not fill the page, the result states how far the search went.</summary>
internal sealed class AuditSearch(AppDbContext db, AuditQuery query)
{
    /// <summary>The maximum number of events of the leading filter that are examined.</summary>
    public const int ScanLimit = 5_000;

    private readonly List<Equality> equalities = [.. AuditEqualities.Of(query)];

    private readonly List<string> group = AuditActions.Expand(query.Action);

    // True when the events that the leading filter finds must be tested one by one.
    private bool IsScan => AuditFilter.HasTexts(query) || equalities.Count > 1 || (equalities.Count == 1 && group.Count > 0);

    /// <summary>Returns the newest matching events, one more than the limit if there are more. <c>LookedDownTo</c> is
    /// the id at which a search stopped before it filled the page; otherwise null.</summary>
    public async Task<(List<AuditEvent> Found, long? LookedDownTo)> NewestAsync(CancellationToken ct)
    {
        var ranges = await AuditTimeline.RangesAsync(db, query, ct);
        var (leading, end) = IsScan ? await LeadingAsync(ranges, ct) : (equalities.FirstOrDefault(), null);
        var found = new List<AuditEvent>();
        foreach (var range in ranges)
        {
            var first = Math.Max(range.First, end ?? range.First);
            if (found.Count <= query.Limit && first <= range.Last)
            {
                found.AddRange(
                    await Within(range with { First = first }, leading, query.Limit + 1 - found.Count).AsNoTracking().ToListAsync(ct)
                );
            }
        }

        return (found, found.Count > query.Limit ? null : end);
    }

    /// <summary>Returns the newest matching events that do not record reading the log, from the newest
    /// <see cref="ScanLimit"/> matches.</summary>
    public async Task<List<AuditEvent>> RecentAsync(CancellationToken ct)
    {
        var newest = Within(new IdRange(1, long.MaxValue), equalities.FirstOrDefault(), ScanLimit)
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

    private async Task<(Equality? Leading, long? End)> LeadingAsync(IReadOnlyList<IdRange> ranges, CancellationToken ct)
    {
        var (newest, oldest) = (ranges.Count == 0 ? 0 : ranges[0].Last, ranges.Count == 0 ? 0 : ranges[^1].First);
        if (equalities.Count == 0)
        {
            var last = await db.AuditHeads.Select(head => head.LastId).SingleOrDefaultAsync(ct);
            var end = Math.Min(newest, last) - ScanLimit + 1;
            return (null, end > oldest && await db.AuditEvents.AnyAsync(entry => entry.Id < end, ct) ? end : null);
        }

        (Equality? Leading, long? End) best = (null, long.MaxValue);
        foreach (var candidate in equalities)
        {
            var end = await db
                .AuditEvents.Where(entry => entry.Id >= oldest && entry.Id <= newest)
                .Where(candidate.Indexed)
                .OrderByDescending(entry => entry.Id)
                .Select(entry => (long?)entry.Id)
                .Skip(ScanLimit - 1)
                .FirstOrDefaultAsync(ct);
            if (best.Leading is null || (end ?? 0) < (best.End ?? 0))
            {
                best = (candidate, end);
            }
        }

        return best;
    }

    private IQueryable<AuditEvent> Within(IdRange range, Equality? leading, int count)
    {
        var events = db.AuditEvents.Where(entry => entry.Id >= range.First && entry.Id <= range.Last);
        events = AuditFilter.ByTimes(events, query);
        events = equalities.Aggregate(events, (some, one) => some.Where(ReferenceEquals(one, leading) ? one.Indexed : one.Plain));
        events = AuditFilter.ByTexts(events, query);
        if (group.Count == 0)
        {
            return events.OrderByDescending(entry => entry.Id).Take(count);
        }

        // An index finds the events of one action. For a group, the newest events of each action are merged, because a
        // rare group would otherwise be searched for among all events.
        return leading is not null || IsScan
            ? AuditFilter.ByGroup(events, query).OrderByDescending(entry => entry.Id).Take(count)
            : group
                .Select(action => events.Where(entry => entry.Action == action).OrderByDescending(entry => entry.Id).Take(count))
                .Aggregate((some, more) => some.Concat(more))
                .OrderByDescending(entry => entry.Id)
                .Take(count);
    }
}

/// <summary>An equality filter on an indexed column, in one form that uses the index, and in one that cannot, for when
/// another filter leads.</summary>
internal sealed record Equality(Expression<Func<AuditEvent, bool>> Indexed, Expression<Func<AuditEvent, bool>> Plain);

internal static class AuditEqualities
{
    /// <summary>Returns the query's filters on indexed columns, typically the most selective first.</summary>
    public static IEnumerable<Equality> Of(AuditQuery query)
    {
        if (!string.IsNullOrEmpty(query.Request))
        {
            yield return new Equality(entry => entry.RequestId == query.Request, entry => (entry.RequestId ?? "") == query.Request);
        }

        if (query.Session is { } session)
        {
            yield return new Equality(entry => entry.SessionId == session, entry => (entry.SessionId ?? Guid.Empty) == session);
        }

        if (query.Batch is { } batch)
        {
            yield return new Equality(entry => entry.BatchId == batch, entry => (entry.BatchId ?? Guid.Empty) == batch);
        }

        if (Guid.TryParse(query.Target, out var target))
        {
            var text = target.ToString();
            yield return new Equality(entry => entry.TargetId == text, entry => (entry.TargetId ?? "") == text);
        }

        if (Guid.TryParse(query.Actor, out var actor))
        {
            yield return new Equality(entry => entry.ActorId == actor, entry => (entry.ActorId ?? Guid.Empty) == actor);
        }

        if (!string.IsNullOrEmpty(query.Ip))
        {
            yield return new Equality(entry => entry.Ip == query.Ip, entry => (entry.Ip ?? "") == query.Ip);
        }

        if (!string.IsNullOrEmpty(query.Action) && !AuditActions.IsGroup(query.Action))
        {
            yield return new Equality(entry => entry.Action == query.Action, entry => entry.Action.Substring(0) == query.Action);
        }
    }
}
