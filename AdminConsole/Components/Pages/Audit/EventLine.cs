using AdminConsole.Core.Audit;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Components.Pages.Audit;

/// <summary>A line of the audit log: one event, or consecutive events of a batch. A batch keeps counts per action
/// instead of its events, so its size is bounded.</summary>
public sealed class EventLine
{
    // The maximum time between consecutive events of a batch: a bulk operation takes a moment, because each user has a
    // separate transaction.
    private static readonly TimeSpan MaxGap = TimeSpan.FromMinutes(1);

    private readonly List<Kind> kinds;
    private readonly bool isApart;

    private EventLine(AuditEntry entry, AuditEntry oldest, List<Kind> kinds, bool isApart)
    {
        (Entry, Oldest, this.kinds, this.isApart) = (entry, oldest, kinds, isApart);
        Count = kinds.Sum(kind => kind.Count);
    }

    /// <summary>The event, or the newest event of the batch.</summary>
    public AuditEntry Entry { get; }

    public AuditEntry Oldest { get; }

    /// <summary>The number of events.</summary>
    public int Count { get; }

    public bool IsBatch => Count > 1;

    /// <summary>The event that represents the batch, and the number of its kind. Events about users take precedence
    /// over their consequences.</summary>
    public (AuditEntry Entry, int Count) Lead =>
        kinds
            .OrderByDescending(kind => kind.First.Target?.Type == AuditTargetTypes.User)
            .ThenByDescending(kind => kind.Count)
            .Select(kind => (kind.First, kind.Count))
            .First();

    /// <param name="entry">The event.</param>
    /// <param name="isApart">True for an event that must not be merged into a batch.</param>
    public static EventLine Of(AuditEntry entry, bool isApart = false) => new(entry, entry, [new Kind(entry, 1)], isApart);

    /// <summary>Returns a line that merges this one with the next older line; null if they aren't of one
    /// batch.</summary>
    public EventLine? With(EventLine below)
    {
        if (
            isApart
            || below.isApart
            || Entry.BatchId is null
            || Entry.BatchId != below.Entry.BatchId
            || Entry.Actor.Id != below.Entry.Actor.Id
            || Entry.Actor.Type is "anonymous"
            || Entry.SessionId != below.Entry.SessionId
            || Oldest.At - below.Entry.At > MaxGap
        )
        {
            return null;
        }

        var both = kinds
            .Concat(below.kinds)
            .GroupBy(kind => kind.First.Action)
            .Select(same => new Kind(same.First().First, same.Sum(kind => kind.Count)));
        return new EventLine(Entry, below.Oldest, [.. both], isApart: false);
    }

    /// <summary>Describes the event or the batch in a sentence.</summary>
    /// <param name="areMore">True if the batch continues outside of the loaded events.</param>
    public IReadOnlyList<SentencePart> Sentence(bool areMore) =>
        !IsBatch ? AuditSentences.Of(Entry)
        : Lead is (var lead, > 1 and var count) ? AuditSentences.OfMany(lead, count, areMore)
        : AuditSentences.Of(Lead.Entry);

    private sealed record Kind(AuditEntry First, int Count);
}
