using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace AdminConsole.Core.Email;

/// <summary>Writes each mail to a file of its own, to be opened with any mail program. The log names the file and the recipient, never what it says.</summary>
public sealed class FileMailer(string folder, ILogger<FileMailer> log) : IMailer
{
    public string Name => $"files in {folder}";

    public bool Delivers => false;

    public async Task SendAsync(OutgoingMail mail, CancellationToken ct)
    {
        // Links and codes are in there: for the program's own user only.
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
            await file.WriteAsync(Encoding.ASCII.GetBytes(MimeMessage.Compose(mail, "AdminConsole <console@localhost>")), ct);
            file.Flush(flushToDisk: true);
        }

        // Whoever watches the folder sees whole mails only.
        File.Move(unfinished, path, overwrite: true);
        log.LogInformation("A mail to {Recipient} was written to {File}.", mail.Recipient, path);
    }
}
