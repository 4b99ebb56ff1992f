using AdminConsole.Authorization;
using AdminConsole.Core.Audit;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Components.Pages.Audit;

/// <summary>
/// Loads the audit log for one open page: moves the window, counts the matching events and adds new ones. Not
/// thread-safe: call it on the page's circuit. Drops results that were superseded by a later request.
/// </summary>
public sealed class EventReader(Scoped<AuditWindow> log)
{
    // The maximum number of reads for one click on "Search further".
    private const int MaxSteps = 40;

    private AuditQuery query = new();

    public EventWindow Window { get; } = new();

    public Refusal? Refusal { get; private set; }

    /// <summary>The number of matching events; null if it is unknown or not counted yet.</summary>
    public long? Count { get; private set; }

    /// <summary>The number of new events that were not shown yet.</summary>
    public int Waiting { get; private set; }

    public bool IsFollowing { get; set; }

    /// <summary>True if the newest end of the window is visible.</summary>
    public bool IsAtTop { get; private set; } = true;

    public bool IsSearching { get; private set; }

    /// <summary>Loads the events at the position of the URL.</summary>
    public async Task OpenAsync(AuditPageState address)
    {
        (query, IsFollowing, Waiting) = (address.Query with { Limit = EventWindow.PageSize }, address.Follow, 0);
        IsSearching = false;
        if (address.Wrong is { } wrong)
        {
            Refusal = Refusal.Invalid("invalid_request", $"The address contains “{wrong}”, which isn't valid.");
            Window.Show(new AuditSlice([], null, null));
            return;
        }

        var requested = query;
        var slice = await log.RunAsync(
            (window, actor) =>
                address.Event is { } id ? window.AroundAsync(actor, requested, id, default)
                : address.At is { } time ? window.AroundTimeAsync(actor, requested, time, default)
                : address.FromOldest ? window.OldestAsync(actor, requested, default)
                : window.NewestAsync(actor, requested, default)
        );
        if (ReferenceEquals(requested, query) && Take(slice) is { } shown)
        {
            Window.Show(shown, StartOf(address, shown.Events), isWhole: requested.Batch is not null);
            (IsAtTop, Waiting) = (Window.Start is null, 0);
        }
    }

    /// <summary>Counts the matching events outside of the circuit, because a count may take longer than loading the
    /// rows.</summary>
    public async Task CountAsync()
    {
        Count = null;
        var requested = query;
        var counted = await Task.Run(() => log.RunAsync((window, actor) => window.CountAsync(actor, requested, default)));
        // The count stays valid if only the position in the log changed.
        if (requested == query)
        {
            Count = counted.Match(count => count, _ => null);
        }
    }

    public Task OlderAsync() =>
        Window.Older is { } before
            ? ReadAsync((window, actor) => window.OlderAsync(actor, query, before, default), Window.AddOlder)
            : Task.CompletedTask;

    public async Task NewerAsync()
    {
        if (Window.Newer is { } after)
        {
            await ReadAsync((window, actor) => window.NewerAsync(actor, query, after, default), Window.AddNewer);
            SetAtTop(IsAtTop);
        }
    }

    /// <summary>Continues a paused text search until it finds an event, reaches the end of the log, or reaches the read
    /// limit.</summary>
    public async Task SearchFurtherAsync(bool back, Action shown)
    {
        IsSearching = true;
        // The number of lines may stay the same: a found event may join the last batch, or push out other lines. So
        // compare the last event.
        long? Last() =>
            Window.Lines is not [var first, ..] ? null
            : back ? Window.Lines[^1].Oldest.Id
            : first.Entry.Id;
        bool ShouldContinue() => IsSearching && (back ? Window.Older : Window.Newer) is not null;
        var (generation, before) = (Window.Generation, Last());
        bool IsUnchanged() => Window.Generation == generation && Last() == before;
        for (var step = 0; step < MaxSteps && ShouldContinue() && IsUnchanged(); step++)
        {
            await (back ? OlderAsync() : NewerAsync());
            shown();
            await Task.Yield();
        }

        IsSearching = false;
    }

    /// <summary>Records whether the newest end of the window is visible. If it is, no new events are waiting.</summary>
    public void SetAtTop(bool top)
    {
        IsAtTop = top;
        Waiting = top && Window.Newer is null ? 0 : Waiting;
    }

    public void StopSearch() => IsSearching = false;

    /// <summary>Shows new events if the page follows the log and its newest end is visible; otherwise only counts
    /// them.</summary>
    public void AddNewEvents(AuditBatch news)
    {
        var newest = Window.Lines.Count == 0 ? 0 : Window.Lines[0].Entry.Id;
        var newCount = news.Events.Count(entry => entry.Id > newest);
        var showsOldEvents = !IsFollowing && Window.Newer is not null && Waiting == 0;
        if (newCount == 0 || showsOldEvents)
        {
            return;
        }

        Count += Count <= AuditWindow.CountLimit ? newCount : 0;
        var isNewestVisible = IsAtTop && Window.Newer is null;
        if (IsFollowing && isNewestVisible && !news.HasMore)
        {
            Window.AddNewEvents(news.Events);
            return;
        }

        Waiting += newCount;
        Window.MarkNewerExists(news.Events[^1].Id);
    }

    private async Task ReadAsync(Func<AuditWindow, Core.Security.Actor, Task<Result<AuditSlice>>> read, Action<AuditSlice> add)
    {
        var generation = Window.Generation;
        var slice = await log.RunAsync(read);
        if (Window.Generation == generation && Take(slice) is { } more)
        {
            add(more);
        }
    }

    private AuditSlice? Take(Result<AuditSlice> slice)
    {
        Refusal = slice.Refusal;
        return slice.Match<AuditSlice?>(read => read, _ => null);
    }

    // The event at the requested position is scrolled into view, not the newest of the events around it.
    private static long? StartOf(AuditPageState address, IReadOnlyList<AuditEntry> events) =>
        address.Event is { } id ? events.FirstOrDefault(entry => entry.Id <= id)?.Id
        : address.At is { } time ? (events.FirstOrDefault(entry => entry.At <= time) ?? (events.Count > 0 ? events[^1] : null))?.Id
        : address.FromOldest && events.Count > 0 ? events[^1].Id
        : null;
}
