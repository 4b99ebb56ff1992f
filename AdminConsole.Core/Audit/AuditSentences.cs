using System.Globalization;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Core.Audit;

/// <summary>A part of a sentence. Names of users and objects are marked, so that pages can emphasize them.</summary>
public sealed record SentencePart(string Text, bool IsName);

/// <summary>The kind of failure that an event reports, if any.</summary>
public enum AuditOutcome
{
    None,

    /// <summary>The operation was not allowed.</summary>
    Denied,

    /// <summary>The operation failed.</summary>
    Failed,
}

/// <summary>Builds the sentence that describes an event, for every action and including its details.</summary>
public static class AuditSentences
{
    /// <summary>Returns the description of an event, such as "Ann removed Admin from Bob".</summary>
    public static IReadOnlyList<SentencePart> Of(AuditEntry entry)
    {
        var facts = new EventFacts(entry);
        return AuditActionTexts.Find(entry.Action) is { } text
            ? Parts(text.Sentence(facts))
            : Parts($"{facts.Actor}: {new PlainText(entry.Action)}");
    }

    /// <summary>Returns the description of an operation on many targets, such as "Ann locked down 25 users".</summary>
    /// <param name="entry">Any event of the operation.</param>
    /// <param name="count">The number of events.</param>
    /// <param name="areMore">True when there may be more events.</param>
    public static IReadOnlyList<SentencePart> OfMany(AuditEntry entry, int count, bool areMore = false)
    {
        var number = $"{count:N0}{(areMore ? "+" : "")}";
        var many = AuditActionTexts.Find(entry.Action)?.Many is { } text
            ? " " + text.Replace("#", number, StringComparison.Ordinal)
            : $": {NameOf(entry.Action)}, {number} events";
        return Parts($"{new EventFacts(entry).Actor}", many);
    }

    /// <summary>Returns the plain name of an action, such as "Role assigned".</summary>
    public static string NameOf(string action) => AuditActionTexts.Find(action)?.Name ?? action;

    public static AuditOutcome OutcomeOf(AuditEntry entry) =>
        entry.Action switch
        {
            AuditActions.SignInFailed or AuditActions.TokenReuseDetected or AuditActions.RefreshReuseDetected => AuditOutcome.Failed,
            AuditActions.AuditVerified => new EventFacts(entry).Is("valid") ? AuditOutcome.None : AuditOutcome.Failed,
            AuditActions.AccessDenied or AuditActions.DeviceDenied or AuditActions.LockedOut => AuditOutcome.Denied,
            _ => AuditOutcome.None,
        };

    /// <summary>Returns the label of the outcome, or null if there is none to show.</summary>
    public static string? OutcomeLabel(AuditEntry entry) =>
        entry.Action switch
        {
            AuditActions.LockedOut => "Locked",
            AuditActions.TokenReuseDetected or AuditActions.RefreshReuseDetected => "Reused",
            _ => OutcomeOf(entry) switch
            {
                AuditOutcome.Denied => "Denied",
                AuditOutcome.Failed => "Failed",
                _ => null,
            },
        };

    // The arguments of the interpolated string are its names, except for PlainText.
    private static List<SentencePart> Parts(FormattableString sentence, string? rest = null)
    {
        var parts = new List<SentencePart>();
        var format = sentence.Format;
        var at = 0;
        while (at < format.Length)
        {
            var open = format.IndexOf('{', at);
            Add(format[at..(open < 0 ? format.Length : open)], isName: false);
            if (open < 0)
            {
                break;
            }

            var close = format.IndexOf('}', open);
            var argument = sentence.GetArgument(int.Parse(format.AsSpan(open + 1, close - open - 1), CultureInfo.InvariantCulture));
            Add(argument?.ToString(), isName: argument is not PlainText);
            at = close + 1;
        }

        Add(rest, isName: false);
        return parts;

        void Add(string? text, bool isName)
        {
            if (!string.IsNullOrEmpty(text))
            {
                parts.Add(new SentencePart(text, isName));
            }
        }
    }
}
