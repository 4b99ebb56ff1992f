namespace AdminConsole.Core.Changes;

/// <summary>A link from an email to a page of the console.</summary>
/// <param name="Label">The text of the button.</param>
/// <param name="Path">The path of the page, relative to the base URL of the console.</param>
/// <param name="Query">The query parameters of the URL. Secrets may appear only here.</param>
public sealed record EmailLink(string Label, string Path, params IReadOnlyList<(string Name, string Value)> Query);

/// <summary>The content of an email. All of it is plain text; rendering escapes it.</summary>
/// <param name="Kind">The name of the template, shown in the list of emails.</param>
/// <param name="Subject">The subject, on one line.</param>
/// <param name="Paragraphs">The text before the facts and the link.</param>
public sealed record EmailMessage(string Kind, string Subject, params IReadOnlyList<string> Paragraphs)
{
    /// <summary>Details, rendered as a short table.</summary>
    public IReadOnlyList<(string Name, string? Value)> Facts { get; init; } = [];

    public EmailLink? Link { get; init; }

    /// <summary>True if the link contains a secret that authenticates its user.</summary>
    public bool ContainsSecret => Link?.Query.Any(part => part.Name == "token") == true;

    /// <summary>The text after the link, in a smaller font.</summary>
    public string? Note { get; init; }

    /// <summary>The time after which the email is not sent, because its link has expired.</summary>
    public DateTimeOffset? ValidUntil { get; init; }
}
