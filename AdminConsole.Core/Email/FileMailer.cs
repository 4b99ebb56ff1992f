using System.Globalization;
using AdminConsole.Core.Data;
using Microsoft.Extensions.Logging;
using MimeKit;

namespace AdminConsole.Core.Email;

/// <summary>Writes each email to an .eml file. The log names the file and the recipient, never the content.</summary>
public sealed class FileMailer(string folder, ILogger<FileMailer> log) : IMailer
{
    private static readonly MailboxAddress Sender = new("AdminConsole", "console@localhost");

    public string Name => $"files in {folder}";

    public bool DeliversToRecipients => false;

    public async Task SendAsync(OutgoingMail mail, CancellationToken ct)
    {
        using var message = MessageFactory.Create(mail, Sender);
        // The files contain working links, so only the user that runs the server may read them.
        PrivateFiles.CreateFolder(folder);
        var name = $"{mail.At.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}-{mail.Kind}-{mail.Id:N}.eml";
        var (path, unfinished) = (Path.Combine(folder, name), Path.Combine(folder, $".{name}.tmp"));
        await using (var file = PrivateFiles.Open(unfinished, FileMode.Create, FileAccess.Write, FileShare.None, FileOptions.Asynchronous))
        {
            await message.WriteToAsync(MessageFactory.Format(message.To.Mailboxes.Any(MessageFactory.NeedsUtf8)), file, ct);
            file.Flush(flushToDisk: true);
        }

        // Renamed once complete, so that a program watching the folder never reads a partial email.
        File.Move(unfinished, path, overwrite: true);
        log.LogInformation("A mail to {Recipient} was written to {File}.", mail.Recipient, path);
    }
}
