using AdminConsole.Core.Audit;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Components.Pages.Audit;

/// <summary>The few hundred lines a page holds of all there are. What is added at one end pushes out what is at the
/// other.</summary>
public sealed class EventWindow
{
    /// <summary>How many events are loaded at once.</summary>
    public const int PageSize = 100;

    /// <summary>How many lines are held at most.</summary>
    public const int MaxEvents = 300;

    private List<EventLine> lines = [];

    /// <summary>The newest first.</summary>
    public IReadOnlyList<EventLine> Lines => lines;

    /// <summary>The events that have a line of their own, or stand for their batch.</summary>
    public IEnumerable<AuditEntry> Events => lines.Select(line => line.Entry);

    /// <summary>Counts up when other events are shown rather than more of the same.</summary>
    public int Generation { get; private set; }

    /// <summary>The event to begin with in sight; null for the first.</summary>
    public long? Start { get; private set; }

    public long? Older { get; private set; }

    public long? Newer { get; private set; }

    public DateTimeOffset? LookedBackTo { get; private set; }

    public DateTimeOffset? LookedUpTo { get; private set; }

    // Within one batch every event is a line.
    private bool isWhole;

    /// <summary>Shows something else.</summary>
    /// <param name="slice">The events.</param>
    /// <param name="start">The event to begin with in sight, which gets a line of its own.</param>
    /// <param name="isWhole">True to give every event a line.</param>
    public void Show(AuditSlice slice, long? start = null, bool isWhole = false)
    {
        this.isWhole = isWhole;
        lines = Join([], Lined(slice, start));
        (Older, Newer, LookedBackTo, LookedUpTo) = (slice.Older, slice.Newer, slice.LookedBackTo, slice.LookedUpTo);
        Start = start;
        Generation++;
    }

    /// <summary>The event with this id, where it has a line of its own.</summary>
    public AuditEntry? Find(long id) => lines.Find(line => line.Entry.Id == id && !line.IsBatch)?.Entry;

    /// <summary>The event of the next line that is not a batch, downwards or upwards; null where there is
    /// none.</summary>
    public AuditEntry? Beside(long id, bool below)
    {
        var at = lines.FindIndex(line => line.Entry.Id == id);
        return at < 0 ? null : (below ? lines.Skip(at + 1) : lines.Take(at).Reverse()).FirstOrDefault(line => !line.IsBatch)?.Entry;
    }

    public void AddOlder(AuditSlice slice)
    {
        lines = Join(lines, Lined(slice));
        (Older, LookedBackTo) = (slice.Older, slice.LookedBackTo);
        if (lines.Count > MaxEvents)
        {
            lines.RemoveRange(0, lines.Count - MaxEvents);
            (Newer, LookedUpTo) = (lines[0].Entry.Id, null);
        }
    }

    public void AddNewer(AuditSlice slice)
    {
        lines = Join(Lined(slice), lines);
        (Newer, LookedUpTo) = (slice.Newer, slice.LookedUpTo);
        if (lines.Count > MaxEvents)
        {
            lines.RemoveRange(MaxEvents, lines.Count - MaxEvents);
            (Older, LookedBackTo) = (lines[^1].Oldest.Id, null);
        }
    }

    /// <summary>Puts what has just happened on top. Only for a window that reaches up to the newest.</summary>
    public void AddNews(IReadOnlyList<AuditEntry> news)
    {
        var top = lines.Count > 0 ? lines[0].Entry.Id : 0;
        AddNewer(new AuditSlice([.. news.Where(entry => entry.Id > top)], null, null));
    }

    /// <summary>Notes that there is something newer than what is held, from this event on.</summary>
    public void GoOnUpwards(long first) => Newer ??= lines.Count > 0 ? lines[0].Entry.Id : first - 1;

    private static IEnumerable<EventLine> Lined(AuditSlice slice, long? apart = null) =>
        slice.Events.Select(entry => EventLine.Of(entry, isApart: entry.Id == apart));

    /// <summary>Events as lines, those of one batch together.</summary>
    public static IReadOnlyList<EventLine> LinesOf(IEnumerable<AuditEntry> events) =>
        Join(events.Select(entry => EventLine.Of(entry)), [], isWhole: false);

    private List<EventLine> Join(IEnumerable<EventLine> upper, IEnumerable<EventLine> lower) => Join(upper, lower, isWhole);

    // Lines of one batch that meet become one.
    private static List<EventLine> Join(IEnumerable<EventLine> upper, IEnumerable<EventLine> lower, bool isWhole)
    {
        var joined = new List<EventLine>();
        foreach (var line in upper.Concat(lower))
        {
            if (!isWhole && joined.Count > 0 && joined[^1].With(line) is { } both)
            {
                joined[^1] = both;
            }
            else
            {
                joined.Add(line);
            }
        }

        return joined;
    }
}
