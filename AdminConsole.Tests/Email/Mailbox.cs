using System.Text;

namespace AdminConsole.Tests.Email;

/// <summary>A mail as somebody reads it.</summary>
public sealed record ReadMail(string Subject, string Text, string Html)
{
    /// <summary>The address in the text.</summary>
    public Uri Link => new(Text.Split('\n').First(line => line.StartsWith("http", StringComparison.Ordinal)));

    /// <summary>A part of the link's query.</summary>
    public string Of(string name) => System.Web.HttpUtility.ParseQueryString(Link.Query)[name]!;

    public static ReadMail Parse(string message)
    {
        var lines = message.Split("\r\n");
        var subject = lines.First(line => line.StartsWith("Subject: ", StringComparison.Ordinal))[9..];
        var parts = message.Split("Content-Transfer-Encoding: base64\r\n\r\n").Skip(1)
            .Select(part => Encoding.UTF8.GetString(Convert.FromBase64String(part.Split("\r\n--")[0]))).ToList();
        return new ReadMail(subject, parts[0], parts[1]);
    }
}

/// <summary>The folder that mails are written to where there is no mail server.</summary>
public static class Mailbox
{
    /// <summary>Mails of one kind to somebody, once there are so many.</summary>
    public static async Task<List<ReadMail>> MailsAsync(this AdminApp app, string kind, string recipient, int count = 1)
    {
        List<ReadMail> found = [];
        await AdminApp.UntilAsync(() => Task.FromResult((found = Find(app, kind, recipient)).Count >= count), $"{count} mails of {kind} to {recipient}");
        return found;
    }

    public static List<ReadMail> Find(AdminApp app, string kind, string recipient)
    {
        var folder = Path.Combine(app.Database.Folder, "mail");
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, $"*-{kind}-*.eml").Order(StringComparer.Ordinal).Select(File.ReadAllText).Where(text => text.Contains($"To: <{recipient}>", StringComparison.Ordinal)).Select(ReadMail.Parse)]
            : [];
    }
}
