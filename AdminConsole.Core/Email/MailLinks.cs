using AdminConsole.Core.Changes;

namespace AdminConsole.Core.Email;

/// <summary>Builds the URLs of links in emails.</summary>
/// <param name="root">Returns the base URL of the console. Called whenever an email is rendered.</param>
public sealed class MailLinks(Func<Uri> root)
{
    public const string Overview = "";
    public const string ResetPassword = "reset-password";
    public const string Invitation = "invitation";
    public const string ReportSignIn = "not-me";
    public const string ConfirmEmail = "confirm-email";
    public const string OwnTokens = "account/tokens";
    public const string Security = "account/security";
    public const string OwnSessions = "account/sessions";

    /// <summary>The host name (and port) that emails give as their origin.</summary>
    public string Console => root().Authority;

    public string GetUrl(EmailLink link) =>
        root().GetLeftPart(UriPartial.Path).TrimEnd('/')
        + "/"
        + link.Path
        + (
            link.Query.Count == 0
                ? ""
                : "?" + string.Join('&', link.Query.Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value)}"))
        );
}
