using AdminConsole.Core.Audit;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Components.Pages.Audit;

/// <summary>The few hundred events a page holds of all there are. What is added at one end pushes out what is at the other.</summary>
public sealed class EventWindow
{
    /// <summary>How many are loaded at once.</summary>
    public const int PageSize = 100;

    /// <summary>How many are held at most.</summary>
    public const int Most = 300;

    private List<AuditEntry> events = [];

    /// <summary>The newest first.</summary>
    public IReadOnlyList<AuditEntry> Events => events;

    /// <summary>Counts up when other events are shown rather than more of the same.</summary>
    public int Generation { get; private set; }

    /// <summary>The event to begin with in sight; null for the first.</summary>
    public long? Start { get; private set; }

    public long? Older { get; private set; }

    public long? Newer { get; private set; }

    public DateTimeOffset? LookedBackTo { get; private set; }

    public DateTimeOffset? LookedUpTo { get; private set; }

    /// <summary>Shows something else.</summary>
    public void Show(AuditSlice slice, long? start = null)
    {
        events = [.. slice.Events];
        (Older, Newer, LookedBackTo, LookedUpTo) = (slice.Older, slice.Newer, slice.LookedBackTo, slice.LookedUpTo);
        Start = start;
        Generation++;
    }

    public void AddOlder(AuditSlice slice)
    {
        events = [.. events, .. slice.Events];
        (Older, LookedBackTo) = (slice.Older, slice.LookedBackTo);
        if (events.Count > Most)
        {
            events.RemoveRange(0, events.Count - Most);
            (Newer, LookedUpTo) = (events[0].Id, null);
        }
    }

    public void AddNewer(AuditSlice slice)
    {
        events = [.. slice.Events, .. events];
        (Newer, LookedUpTo) = (slice.Newer, slice.LookedUpTo);
        if (events.Count > Most)
        {
            events.RemoveRange(Most, events.Count - Most);
            (Older, LookedBackTo) = (events[^1].Id, null);
        }
    }

    /// <summary>Puts what has just happened on top. Only for a window that reaches up to the newest.</summary>
    public void AddNews(IReadOnlyList<AuditEntry> news)
    {
        var top = events.Count > 0 ? events[0].Id : 0;
        AddNewer(new AuditSlice([.. news.Where(entry => entry.Id > top)], null, null));
    }

    /// <summary>Notes that there is something newer than what is held, from this event on.</summary>
    public void GoOnUpwards(long first) => Newer ??= events.Count > 0 ? events[0].Id : first - 1;
}
