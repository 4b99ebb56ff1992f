using AdminConsole.Core.Changes;

namespace AdminConsole.Core.Audit;

/// <summary>The display texts of an audit action, including the sentence that describes an event.</summary>
/// <param name="Action">The action, one of <see cref="AuditActions"/>.</param>
/// <param name="Group">The heading under which filters list the action.</param>
/// <param name="Name">The plain name, such as "Role assigned".</param>
/// <param name="Synonyms">Additional search terms, separated by spaces.</param>
/// <param name="Sentence">Returns the sentence for one event. Its format arguments are names, except for
/// <c>PlainText</c>.</param>
/// <param name="Many">The predicate for several events of one operation, without the actor; "#" is replaced by their
/// number. Null when the action has none.</param>
public sealed record AuditActionText(
    string Action,
    string Group,
    string Name,
    string Synonyms,
    Func<EventFacts, FormattableString> Sentence,
    string? Many = null
)
{
    /// <summary>True when each word occurs in the group, name, synonyms or action, ignoring case.</summary>
    public bool Matches(string words) =>
        words
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .All(word => $"{Group} {Name} {Synonyms} {Action}".Contains(word, StringComparison.OrdinalIgnoreCase));
}
