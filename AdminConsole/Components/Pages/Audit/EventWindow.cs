using AdminConsole.Core.Audit;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Components.Pages.Audit;

/// <summary>The loaded part of the audit log. Lines added at one end evict lines at the other, up to a fixed
/// limit.</summary>
public sealed class EventWindow
{
    /// <summary>The number of events that are loaded at once.</summary>
    public const int PageSize = 100;

    /// <summary>The maximum number of lines.</summary>
    public const int MaxEvents = 300;

    private List<EventLine> lines = [];

    /// <summary>The lines, newest first.</summary>
    public IReadOnlyList<EventLine> Lines => lines;

    /// <summary>The event of each line; for a batch, its newest event.</summary>
    public IEnumerable<AuditEntry> Events => lines.Select(line => line.Entry);

    /// <summary>Incremented when the window moves to other events instead of growing.</summary>
    public int Generation { get; private set; }

    /// <summary>The id of the event to scroll to; null for the newest.</summary>
    public long? Start { get; private set; }

    public long? Older { get; private set; }

    public long? Newer { get; private set; }

    public DateTimeOffset? LookedBackTo { get; private set; }

    public DateTimeOffset? LookedUpTo { get; private set; }

    // True to list every event of a batch as a line.
    private bool isWhole;

    /// <summary>Replaces the loaded events.</summary>
    /// <param name="slice">The events.</param>
    /// <param name="start">The id of the event to scroll to, which isn't merged into a batch.</param>
    /// <param name="isWhole">True to give every event a line.</param>
    public void Show(AuditSlice slice, long? start = null, bool isWhole = false)
    {
        this.isWhole = isWhole;
        lines = Join([], Lined(slice, start));
        (Older, Newer, LookedBackTo, LookedUpTo) = (slice.Older, slice.Newer, slice.SearchedBackTo, slice.SearchedUpTo);
        Start = start;
        Generation++;
    }

    /// <summary>Returns the event with this id; null if it isn't loaded or is part of a batch.</summary>
    public AuditEntry? Find(long id) => lines.Find(line => line.Entry.Id == id && !line.IsBatch)?.Entry;

    /// <summary>Returns the event of the next older or newer line that isn't a batch; null if there is none.</summary>
    public AuditEntry? FindNeighbor(long id, bool below)
    {
        var at = lines.FindIndex(line => line.Entry.Id == id);
        return at < 0 ? null : (below ? lines.Skip(at + 1) : lines.Take(at).Reverse()).FirstOrDefault(line => !line.IsBatch)?.Entry;
    }

    public void AddOlder(AuditSlice slice)
    {
        lines = Join(lines, Lined(slice));
        (Older, LookedBackTo) = (slice.Older, slice.SearchedBackTo);
        if (lines.Count > MaxEvents)
        {
            lines.RemoveRange(0, lines.Count - MaxEvents);
            (Newer, LookedUpTo) = (lines[0].Entry.Id, null);
        }
    }

    public void AddNewer(AuditSlice slice)
    {
        lines = Join(Lined(slice), lines);
        (Newer, LookedUpTo) = (slice.Newer, slice.SearchedUpTo);
        if (lines.Count > MaxEvents)
        {
            lines.RemoveRange(MaxEvents, lines.Count - MaxEvents);
            (Older, LookedBackTo) = (lines[^1].Oldest.Id, null);
        }
    }

    /// <summary>Adds new events on top. The window must include the newest events.</summary>
    public void AddNewEvents(IReadOnlyList<AuditEntry> news)
    {
        var top = lines.Count > 0 ? lines[0].Entry.Id : 0;
        AddNewer(new AuditSlice([.. news.Where(entry => entry.Id > top)], null, null));
    }

    /// <summary>Records that newer events exist, starting with this event.</summary>
    public void MarkNewerExists(long first) => Newer ??= lines.Count > 0 ? lines[0].Entry.Id : first - 1;

    private static IEnumerable<EventLine> Lined(AuditSlice slice, long? separateId = null) =>
        slice.Events.Select(entry => EventLine.Of(entry, isApart: entry.Id == separateId));

    /// <summary>Returns events as lines and merges those of one batch.</summary>
    public static IReadOnlyList<EventLine> LinesOf(IEnumerable<AuditEntry> events) =>
        Join(events.Select(entry => EventLine.Of(entry)), [], isWhole: false);

    private List<EventLine> Join(IEnumerable<EventLine> upper, IEnumerable<EventLine> lower) => Join(upper, lower, isWhole);

    // Adjacent lines of one batch are merged.
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
