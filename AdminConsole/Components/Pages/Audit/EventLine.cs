using AdminConsole.Core.Audit;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Components.Pages.Audit;

/// <summary>A line of the log: one event, or several of one batch. Of those only counts are held, however many they
/// are.</summary>
public sealed class EventLine
{
    // What one operation did to many happens at once, give or take the time of its transactions.
    private static readonly TimeSpan Apart = TimeSpan.FromMinutes(1);

    private readonly List<Kind> kinds;
    private readonly bool isApart;

    private EventLine(AuditEntry entry, AuditEntry oldest, List<Kind> kinds, bool isApart)
    {
        (Entry, Oldest, this.kinds, this.isApart) = (entry, oldest, kinds, isApart);
        Count = kinds.Sum(kind => kind.Count);
    }

    /// <summary>The event, or the newest of them.</summary>
    public AuditEntry Entry { get; }

    public AuditEntry Oldest { get; }

    /// <summary>How many events.</summary>
    public int Count { get; }

    public bool IsBatch => Count > 1;

    /// <summary>The event that says what the batch was for, and how many are like it: what was done to users rather
    /// than what followed.</summary>
    public (AuditEntry Entry, int Count) Lead =>
        kinds
            .OrderByDescending(kind => kind.First.Target?.Type == "user")
            .ThenByDescending(kind => kind.Count)
            .Select(kind => (kind.First, kind.Count))
            .First();

    /// <param name="entry">The event.</param>
    /// <param name="isApart">True for an event that is shown by itself, whatever its batch.</param>
    public static EventLine Of(AuditEntry entry, bool isApart = false) => new(entry, entry, [new Kind(entry, 1)], isApart);

    /// <summary>One line for this one and the one below; null where they are not of one batch.</summary>
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
            || Oldest.At - below.Entry.At > Apart
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

    /// <summary>What happened.</summary>
    /// <param name="areMore">True where the batch goes on beyond what was read.</param>
    public IReadOnlyList<SentencePart> Sentence(bool areMore) =>
        !IsBatch ? AuditSentences.Of(Entry)
        : Lead is (var lead, > 1 and var count) ? AuditSentences.OfMany(lead, count, areMore)
        : AuditSentences.Of(Lead.Entry);

    private sealed record Kind(AuditEntry First, int Count);
}
