using System.Globalization;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Core.Audit;

/// <summary>A piece of a sentence; names of people and things are set apart.</summary>
public sealed record SentencePart(string Text, bool IsName);

/// <summary>How an event ended, where it did not go well.</summary>
public enum AuditOutcome
{
    None,

    /// <summary>Something was not allowed.</summary>
    Denied,

    /// <summary>Something failed.</summary>
    Failed,
}

/// <summary>Says in a sentence what happened, for every action, with the details filled in.</summary>
public static class AuditSentences
{
    /// <summary>What happened: "Ann removed Admin from Bob".</summary>
    public static IReadOnlyList<SentencePart> Of(AuditEntry entry)
    {
        var facts = new EventFacts(entry);
        return AuditActionTexts.Find(entry.Action) is { } text
            ? Parts(text.Sentence(facts))
            : Parts($"{facts.Actor}: {new PlainText(entry.Action)}");
    }

    /// <summary>What one operation did to many: "Ann locked down 25 users".</summary>
    /// <param name="entry">One of the events.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="areMore">True where there may be more.</param>
    public static IReadOnlyList<SentencePart> OfMany(AuditEntry entry, int count, bool areMore = false)
    {
        var number = $"{count:N0}{(areMore ? "+" : "")}";
        var many = AuditActionTexts.Find(entry.Action)?.Many is { } text
            ? " " + text.Replace("#", number, StringComparison.Ordinal)
            : $": {NameOf(entry.Action)}, {number} events";
        return Parts($"{new EventFacts(entry).Actor}", many);
    }

    /// <summary>The plain name of an action: "Role assigned".</summary>
    public static string NameOf(string action) => AuditActionTexts.Find(action)?.Name ?? action;

    public static AuditOutcome OutcomeOf(AuditEntry entry) =>
        entry.Action switch
        {
            AuditActions.SignInFailed or AuditActions.TokenReuseDetected or AuditActions.RefreshReuseDetected => AuditOutcome.Failed,
            AuditActions.AuditVerified => new EventFacts(entry).Is("valid") ? AuditOutcome.None : AuditOutcome.Failed,
            AuditActions.AccessDenied or AuditActions.DeviceDenied or AuditActions.LockedOut => AuditOutcome.Denied,
            _ => AuditOutcome.None,
        };

    /// <summary>The word for the outcome; null where there is nothing to say.</summary>
    public static string? WordOf(AuditEntry entry) =>
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

    // The arguments of an interpolated string are the names in it.
    private static List<SentencePart> Parts(FormattableString sentence, string? rest = null)
    {
        var parts = new List<SentencePart>();
        var format = sentence.Format;
        for (var at = 0; at < format.Length; )
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
