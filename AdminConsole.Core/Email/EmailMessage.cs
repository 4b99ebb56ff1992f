namespace AdminConsole.Core.Email;

/// <summary>A page of the console that a mail leads to.</summary>
/// <param name="Label">What stands on the button.</param>
/// <param name="Path">One of <see cref="MailLinks"/>.</param>
/// <param name="Query">What the address carries; secrets are only ever here.</param>
public sealed record EmailLink(string Label, string Path, params IReadOnlyList<(string Name, string Value)> Query);

/// <summary>What a mail says, as plain text throughout: nothing in it is markup, and <see cref="EmailRenderer"/> escapes
/// all of it.</summary>
/// <param name="Kind">Which template it is, for the list of mails.</param>
/// <param name="Subject">On one line.</param>
/// <param name="Paragraphs">What stands before the facts and the link.</param>
public sealed record EmailMessage(string Kind, string Subject, params IReadOnlyList<string> Paragraphs)
{
    /// <summary>Details as a short table.</summary>
    public IReadOnlyList<(string Name, string? Value)> Facts { get; init; } = [];

    public EmailLink? Link { get; init; }

    /// <summary>True where the link proves who opens it.</summary>
    public bool CarriesSecret => Link?.Query.Any(part => part.Name == "token") == true;

    /// <summary>What stands after the link, smaller.</summary>
    public string? Note { get; init; }

    /// <summary>After this it is not worth sending: its link is dead.</summary>
    public DateTimeOffset? ValidUntil { get; init; }
}

/// <summary>Where the links of mails lead.</summary>
/// <param name="root">The address of the console, asked for when a mail is written.</param>
public sealed class MailLinks(Func<Uri> root)
{
    public const string Overview = "";
    public const string ResetPassword = "reset-password";
    public const string Invitation = "invitation";
    public const string NotMe = "not-me";
    public const string ConfirmEmail = "confirm-email";
    public const string OwnTokens = "account/tokens";
    public const string Security = "account/security";
    public const string OwnSessions = "account/sessions";

    /// <summary>The name and address that a mail says it comes from.</summary>
    public string Console => root().Authority;

    public string Of(EmailLink link) =>
        root().GetLeftPart(UriPartial.Path).TrimEnd('/')
        + "/"
        + link.Path
        + (
            link.Query.Count == 0
                ? ""
                : "?" + string.Join('&', link.Query.Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value)}"))
        );
}
