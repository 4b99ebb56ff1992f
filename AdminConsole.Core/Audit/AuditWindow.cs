using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Audit;

/// <summary>A stretch of the events that match, the newest first, and where it goes on.</summary>
/// <param name="Events">At most as many as were asked for.</param>
/// <param name="Older">What to give <see cref="AuditWindow.OlderAsync"/> to go on; null where nothing older
/// matches.</param>
/// <param name="Newer">What to give <see cref="AuditWindow.NewerAsync"/> to go on; null where nothing newer matches
/// yet.</param>
/// <param name="LookedBackTo">Set where a text search stopped before it found enough: the time of the oldest event it
/// looked at.</param>
/// <param name="LookedUpTo">The same towards the newest.</param>
public sealed record AuditSlice(
    IReadOnlyList<AuditEntry> Events,
    long? Older,
    long? Newer,
    DateTimeOffset? LookedBackTo = null,
    DateTimeOffset? LookedUpTo = null
);

/// <summary>
/// Reads the log piece by piece, in both directions and around any place, for a grid that holds only a window of it. No
/// piece
/// costs more the deeper it lies. What no index finds, which is any text and several filters together, is looked for
/// among a
/// bounded number of events; the slice says how far it looked. Reading is recorded. Every verb needs audit.read.
/// </summary>
public sealed class AuditWindow(AppDbContext db, AuditReadLog views)
{
    /// <summary>How many events a search without an index looks at.</summary>
    public const int ScanLimit = AuditSearch.Bound;

    /// <summary>How many matches are counted.</summary>
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

    /// <summary>Half of it from the event with this id downwards, half of it above; where that event is gone or does
    /// not match, its neighbours.</summary>
    public Task<Result<AuditSlice>> AroundAsync(Actor actor, AuditQuery query, long id, CancellationToken ct) =>
        ReadAsync(actor, query, () => BothSidesAsync(query, id, ct), ct);

    /// <summary>The same around the last event that happened by then.</summary>
    public Task<Result<AuditSlice>> AroundTimeAsync(Actor actor, AuditQuery query, DateTimeOffset time, CancellationToken ct) =>
        ReadAsync(
            actor,
            query,
            async () =>
            {
                // Without the filters, so that it costs the same however rare a match is.
                var id = await LastByAsync(time.ToUniversalTime(), ct) ?? await FirstIdAsync(ct) - 1;
                return await BothSidesAsync(query, id, ct);
            },
            ct
        );

    /// <summary>How many match: exactly up to <see cref="CountLimit"/>, one more where there are more; null where counting
    /// would cost too much, as for any text.</summary>
    public async Task<Result<long?>> CountAsync(Actor actor, AuditQuery query, CancellationToken ct) =>
        actor.Require(Permissions.AuditRead) is { } refused
            ? refused
            : await new UpwardSearch(db, query with { Before = null }).CountAsync(CountLimit + 1, ct);

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
        return new AuditSlice([.. newer.Events, .. older.Events], older.Older, newer.Newer, older.LookedBackTo, newer.LookedUpTo);
    }

    // In the block that is being filled, else in the last full one that began by then.
    private async Task<long?> LastByAsync(DateTimeOffset time, CancellationToken ct)
    {
        var open = await AuditTimeline.OpenBlockAsync(db, ct) * AuditTimeBlock.Size;
        if (await LastAsync(open, long.MaxValue) is { } recent)
        {
            return recent;
        }

        return await db.AuditSpans.Where(span => span.MinAt <= time).MaxAsync(span => (long?)span.Block, ct) is { } block
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
            : new AuditSlice(events, end, newer, LookedBackTo: end is { } id ? await AuditTimeline.TimeOfAsync(db, id, ct) : null);
    }

    private async Task<AuditSlice> NewerThanAsync(AuditQuery query, long after, int limit, CancellationToken ct)
    {
        var (rows, end) = await new UpwardSearch(db, query).OldestAsync(after, limit, ct);
        var events = rows.Take(limit).Reverse().Select(AuditEntries.ToEntry).ToList();
        long? older = events.Count > 0 ? events[^1].Id : after + 1;
        return rows.Count > limit
            ? new AuditSlice(events, older, events[0].Id)
            : new AuditSlice(events, older, end, LookedUpTo: end is { } id ? await AuditTimeline.TimeOfAsync(db, id, ct) : null);
    }

    // Ids have no gaps but for what retention cut off at the beginning.
    private async Task<long> FirstIdAsync(CancellationToken ct) => await db.AuditEvents.MinAsync(entry => (long?)entry.Id, ct) ?? 1;
}
