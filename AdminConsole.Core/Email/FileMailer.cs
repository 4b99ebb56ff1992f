using System.Globalization;
using Microsoft.Extensions.Logging;
using MimeKit;

namespace AdminConsole.Core.Email;

/// <summary>Writes each mail to an .eml file, which any mail program opens. The log names the file and the recipient, never the content.</summary>
public sealed class FileMailer(string folder, ILogger<FileMailer> log) : IMailer
{
    private static readonly MailboxAddress Sender = new("AdminConsole", "console@localhost");

    public string Name => $"files in {folder}";

    public bool Delivers => false;

    public async Task SendAsync(OutgoingMail mail, CancellationToken ct)
    {
        using var message = MessageFactory.Create(mail, Sender);
        // The files contain working links, so only the program's user may read them.
        var mode = OperatingSystem.IsWindows() ? (UnixFileMode?)null : UnixFileMode.UserRead | UnixFileMode.UserWrite;
        if (mode is null)
        {
            Directory.CreateDirectory(folder);
        }
        else if (!OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var name = $"{mail.At.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}-{mail.Kind}-{mail.Id:N}.eml";
        var (path, unfinished) = (Path.Combine(folder, name), Path.Combine(folder, $".{name}.tmp"));
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None, Options = FileOptions.Asynchronous };
        if (mode is not null && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        await using (var file = new FileStream(unfinished, options))
        {
            await message.WriteToAsync(MessageFactory.Format(message.To.Mailboxes.Any(MessageFactory.NeedsUtf8)), file, ct);
            file.Flush(flushToDisk: true);
        }

        // Renamed when it is complete, so that a program that watches the folder reads no half mail.
        File.Move(unfinished, path, overwrite: true);
        log.LogInformation("A mail to {Recipient} was written to {File}.", mail.Recipient, path);
    }
}
