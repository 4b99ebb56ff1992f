using AdminConsole.Authorization;
using AdminConsole.Core.Audit;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Components.Pages.Audit;

/// <summary>
/// Reads for one open page: moves its window through the log, counts beside it, and takes in what has just happened.
/// Only the page
/// calls it, on its circuit; answers to what is no longer asked are dropped.
/// </summary>
public sealed class EventReader(Scoped<AuditWindow> log)
{
    // How many steps one request to search further takes before it asks again.
    private const int MaxSteps = 40;

    private AuditQuery query = new();

    public EventWindow Window { get; } = new();

    public Refusal? Refusal { get; private set; }

    /// <summary>How many match; null where that is not known, or not yet.</summary>
    public long? Count { get; private set; }

    /// <summary>How many new events wait to be looked at.</summary>
    public int Waiting { get; private set; }

    public bool IsFollowing { get; set; }

    /// <summary>Whether the upper end of the window is in sight.</summary>
    public bool IsAtTop { get; private set; } = true;

    public bool IsLookingFurther { get; private set; }

    /// <summary>Shows the place in the log that the address names.</summary>
    public async Task OpenAsync(AuditAddress address)
    {
        (query, IsFollowing, Waiting) = (address.Query with { Limit = EventWindow.PageSize }, address.Follow, 0);
        IsLookingFurther = false;
        if (address.Wrong is { } wrong)
        {
            Refusal = Refusal.Invalid("invalid_request", $"The address contains “{wrong}”, which isn't valid.");
            Window.Show(new AuditSlice([], null, null));
            return;
        }

        var asked = query;
        var slice = await log.RunAsync(
            (window, actor) =>
                address.Event is { } id ? window.AroundAsync(actor, asked, id, default)
                : address.At is { } time ? window.AroundTimeAsync(actor, asked, time, default)
                : address.FromOldest ? window.OldestAsync(actor, asked, default)
                : window.NewestAsync(actor, asked, default)
        );
        if (ReferenceEquals(asked, query) && Take(slice) is { } shown)
        {
            Window.Show(shown, StartOf(address, shown.Events), isWhole: asked.Batch is not null);
            (IsAtTop, Waiting) = (Window.Start is null, 0);
        }
    }

    /// <summary>Counts what matches, off the circuit: a count may take longer than the rows.</summary>
    public async Task CountAsync()
    {
        Count = null;
        var asked = query;
        var counted = await Task.Run(() => log.RunAsync((window, actor) => window.CountAsync(actor, asked, default)));
        // Going to another place in the same events leaves their number as it is.
        if (asked == query)
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
            LookAt(IsAtTop);
        }
    }

    /// <summary>Goes on with a text search that stopped, until it finds something, ends, or was long enough.</summary>
    public async Task LookFurtherAsync(bool back, Action shown)
    {
        IsLookingFurther = true;
        // Lines may stay as many: a find may join the last batch, or push out as many as come in. So compare the last
        // event.
        long? Last() =>
            Window.Lines is not [var first, ..] ? null
            : back ? Window.Lines[^1].Oldest.Id
            : first.Entry.Id;
        bool IsToGoOn() => IsLookingFurther && (back ? Window.Older : Window.Newer) is not null;
        var (generation, before) = (Window.Generation, Last());
        for (var step = 0; step < MaxSteps && IsToGoOn() && Window.Generation == generation && Last() == before; step++)
        {
            await (back ? OlderAsync() : NewerAsync());
            shown();
            await Task.Yield();
        }

        IsLookingFurther = false;
    }

    /// <summary>Notes whether the upper end of the window is in sight. What waited there has been seen then.</summary>
    public void LookAt(bool top)
    {
        IsAtTop = top;
        Waiting = top && Window.Newer is null ? 0 : Waiting;
    }

    public void StopLooking() => IsLookingFurther = false;

    /// <summary>Shows what has just happened, where the reader follows and looks at the newest; else only counts
    /// it.</summary>
    public void TakeNews(AuditBatch news)
    {
        var newest = Window.Lines.Count == 0 ? 0 : Window.Lines[0].Entry.Id;
        var fresh = news.Events.Count(entry => entry.Id > newest);
        if (fresh == 0 || (!IsFollowing && Window.Newer is not null && Waiting == 0))
        {
            return;
        }

        Count += Count <= AuditWindow.CountLimit ? fresh : 0;
        if (IsFollowing && IsAtTop && Window.Newer is null && !news.AreMore)
        {
            Window.AddNews(news.Events);
            return;
        }

        Waiting += fresh;
        Window.GoOnUpwards(news.Events[^1].Id);
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

    // What lies at the place goes into sight, not the newest of what was read around it.
    private static long? StartOf(AuditAddress address, IReadOnlyList<AuditEntry> events) =>
        address.Event is { } id ? events.FirstOrDefault(entry => entry.Id <= id)?.Id
        : address.At is { } time ? (events.FirstOrDefault(entry => entry.At <= time) ?? (events.Count > 0 ? events[^1] : null))?.Id
        : address.FromOldest && events.Count > 0 ? events[^1].Id
        : null;
}
