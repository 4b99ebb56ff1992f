using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Audit;

/// <summary>A section of the matching events, newest first, with the cursors to continue in both directions.</summary>
/// <param name="Events">At most as many events as the query's limit.</param>
/// <param name="Older">The cursor for <see cref="AuditWindow.OlderAsync"/>; null if no older event matches.</param>
/// <param name="Newer">The cursor for <see cref="AuditWindow.NewerAsync"/>; null if no newer event matches yet.</param>
/// <param name="SearchedBackTo">If a search stopped early, the time of the oldest event that it examined.</param>
/// <param name="SearchedUpTo">If a search stopped early, the time of the newest event that it examined.</param>
public sealed record AuditSlice(
    IReadOnlyList<AuditEntry> Events,
    long? Older,
    long? Newer,
    DateTimeOffset? SearchedBackTo = null,
    DateTimeOffset? SearchedUpTo = null
);

/// <summary>Reads the log in sections, in both directions and around any position, for a grid that holds a window of
/// it. The cost of a section does not depend on its position. Searches that no index supports, by text or by several
/// filters together, examine a limited number of events; the result states how far they went. Reads are recorded. All
/// methods require audit.read.</summary>
public sealed class AuditWindow(AppDbContext db, AuditReadLog views)
{
    /// <summary>The maximum number of events that a search without an index examines.</summary>
    public const int ScanLimit = AuditSearch.ScanLimit;

    /// <summary>The maximum number of matches that are counted.</summary>
    public const int CountLimit = Limits.CountLimit;

    public Task<Result<AuditSlice>> NewestAsync(Actor actor, AuditQuery query, CancellationToken ct) =>
        ReadAsync(actor, query, async () => await OlderThanAsync(query, long.MaxValue, query.Limit, ct) with { Newer = null }, ct);

    public Task<Result<AuditSlice>> OldestAsync(Actor actor, AuditQuery query, CancellationToken ct) =>
        ReadAsync(
            actor,
            query,
            async () => await NewerThanAsync(query, await FirstIdAsync(ct) - 1, query.Limit, ct) with { Older = null },
            ct
        );

    public Task<Result<AuditSlice>> OlderAsync(Actor actor, AuditQuery query, long before, CancellationToken ct) =>
        ReadAsync(actor, query, () => OlderThanAsync(query, before, query.Limit, ct), ct);

    public Task<Result<AuditSlice>> NewerAsync(Actor actor, AuditQuery query, long after, CancellationToken ct) =>
        ReadAsync(actor, query, () => NewerThanAsync(query, after, query.Limit, ct), ct);

    /// <summary>Returns half of the limit from the event with this id downwards, and half above it. If that event was
    /// deleted or does not match, returns its neighbors.</summary>
    public Task<Result<AuditSlice>> AroundAsync(Actor actor, AuditQuery query, long id, CancellationToken ct) =>
        ReadAsync(actor, query, () => BothSidesAsync(query, id, ct), ct);

    /// <summary>Returns the events around the last event at or before the given time, as <see cref="AroundAsync"/>
    /// does.</summary>
    public Task<Result<AuditSlice>> AroundTimeAsync(Actor actor, AuditQuery query, DateTimeOffset time, CancellationToken ct) =>
        ReadAsync(
            actor,
            query,
            async () =>
            {
                // Ignores the filters, so that the cost does not depend on how rare matches are.
                var id = await LastByAsync(time.ToUniversalTime(), ct) ?? await FirstIdAsync(ct) - 1;
                return await BothSidesAsync(query, id, ct);
            },
            ct
        );

    /// <summary>Returns the number of matches: exact up to <see cref="CountLimit"/>, and one more if there are more.
    /// Null when counting would be too expensive, as for text searches.</summary>
    public async Task<Result<long?>> CountAsync(Actor actor, AuditQuery query, CancellationToken ct) =>
        actor.Require(Permissions.AuditRead) is { } refused
            ? refused
            : await new AuditSearch(db, query with { Before = null }).CountAsync(CountLimit + 1, ct);

    private async Task<Result<AuditSlice>> ReadAsync(Actor actor, AuditQuery query, Func<Task<AuditSlice>> read, CancellationToken ct)
    {
        if ((actor.Require(Permissions.AuditRead) ?? Validation.CheckLimit(query.Limit)) is { } refused)
        {
            return refused;
        }

        return (await views.RecordAsync(actor, query, ct)).Refusal is { } late ? late : await read();
    }

    private async Task<AuditSlice> BothSidesAsync(AuditQuery query, long id, CancellationToken ct)
    {
        var half = (query.Limit + 1) / 2;
        var older = await OlderThanAsync(query, id + 1, half, ct);
        var newer = await NewerThanAsync(query, id, half, ct);
        return new AuditSlice([.. newer.Events, .. older.Events], older.Older, newer.Newer, older.SearchedBackTo, newer.SearchedUpTo);
    }

    // Searches the block that is being filled, then the last full block that starts by the given time.
    private async Task<long?> LastByAsync(DateTimeOffset time, CancellationToken ct)
    {
        var open = await AuditTimeline.OpenBlockAsync(db, ct) * AuditTimeBlock.Size;
        if (await LastAsync(open, long.MaxValue) is { } recent)
        {
            return recent;
        }

        return await db.AuditTimeBlocks.Where(span => span.MinAt <= time).MaxAsync(span => (long?)span.Block, ct) is { } block
            ? await LastAsync(block * AuditTimeBlock.Size, (block + 1) * AuditTimeBlock.Size)
            : null;

        Task<long?> LastAsync(long first, long end) =>
            db.AuditEvents.Where(entry => entry.Id >= first && entry.Id < end && entry.At <= time).MaxAsync(entry => (long?)entry.Id, ct);
    }

    private async Task<AuditSlice> OlderThanAsync(AuditQuery query, long before, int limit, CancellationToken ct)
    {
        var (rows, end) = await new AuditSearch(db, query with { Before = before, Limit = limit }).NewestAsync(ct);
        var events = rows.Take(limit).Select(AuditEntries.ToEntry).ToList();
        long? newer = events.Count > 0 ? events[0].Id : before - 1;
        return rows.Count > limit
            ? new AuditSlice(events, events[^1].Id, newer)
            : new AuditSlice(events, end, newer, SearchedBackTo: end is { } id ? await AuditTimeline.TimeOfAsync(db, id, ct) : null);
    }

    private async Task<AuditSlice> NewerThanAsync(AuditQuery query, long after, int limit, CancellationToken ct)
    {
        var (rows, end) = await new AuditSearch(db, query).OldestAsync(after, limit, ct);
        var events = rows.Take(limit).Reverse().Select(AuditEntries.ToEntry).ToList();
        long? older = events.Count > 0 ? events[^1].Id : after + 1;
        return rows.Count > limit
            ? new AuditSlice(events, older, events[0].Id)
            : new AuditSlice(events, older, end, SearchedUpTo: end is { } id ? await AuditTimeline.TimeOfAsync(db, id, ct) : null);
    }

    // Ids are gapless, except that retention deletes from the beginning.
    private async Task<long> FirstIdAsync(CancellationToken ct) => await db.AuditEvents.MinAsync(entry => (long?)entry.Id, ct) ?? 1;
}
