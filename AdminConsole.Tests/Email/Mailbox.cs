using System.Web;
using MimeKit;

namespace AdminConsole.Tests.Email;

/// <summary>A mail as a person reads it.</summary>
public sealed record ReadMail(string Subject, string Text, string Html)
{
    /// <summary>The address in the text.</summary>
    public Uri Link => new(Text.Split('\n').First(line => line.StartsWith("http", StringComparison.Ordinal)).TrimEnd());

    /// <summary>A part of the link's query.</summary>
    public string Of(string name) => HttpUtility.ParseQueryString(Link.Query)[name]!;

    public static ReadMail Of(MimeMessage message) => new(message.Subject!, message.TextBody!, message.HtmlBody!);
}

/// <summary>The folder that mails are written to where there is no mail server.</summary>
public static class Mailbox
{
    /// <summary>Mails of one kind to an address, once there are so many.</summary>
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
