using System.Web;
using MimeKit;

namespace AdminConsole.Tests.Email;

/// <summary>An email as a user reads it.</summary>
public sealed record ReadMail(string Subject, string Text, string Html)
{
    /// <summary>The link in the text.</summary>
    public Uri Link => new(Text.Split('\n').First(line => line.StartsWith("http", StringComparison.Ordinal)).TrimEnd());

    /// <summary>Returns a value from the query of the link.</summary>
    public string Of(string name) => HttpUtility.ParseQueryString(Link.Query)[name]!;

    public static ReadMail Of(MimeMessage message) => new(message.Subject!, message.TextBody!, message.HtmlBody!);
}

/// <summary>The folder to which emails are written without a mail server.</summary>
public static class Mailbox
{
    /// <summary>Waits for this number of emails of a kind to an address, and returns them.</summary>
    public static async Task<List<ReadMail>> MailsAsync(this AdminApp app, string kind, string recipient, int count = 1)
    {
        List<ReadMail> found = [];
        await AdminApp.UntilAsync(
            () => Task.FromResult((found = Find(app, kind, recipient)).Count >= count),
            $"{count} mails of {kind} to {recipient}"
        );
        return found;
    }

    public static List<ReadMail> Find(AdminApp app, string kind, string recipient)
    {
        var folder = Path.Combine(app.Database.Folder, "mail");
        return Directory.Exists(folder)
            ?
            [
                .. Directory
                    .EnumerateFiles(folder, $"*-{kind}-*.eml")
                    .Order(StringComparer.Ordinal)
                    .Select(file => MimeMessage.Load(file))
                    .Where(message => message.To.Mailboxes.Any(to => to.Address == recipient))
                    .Select(ReadMail.Of),
            ]
            : [];
    }
}
