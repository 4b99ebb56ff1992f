using System.Net.Mail;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AdminConsole.Core.Email;

namespace AdminConsole;

/// <summary>The mail server, by <c>Mail:*</c>; without <c>Mail:Host</c> mails are written to files.</summary>
internal static class MailSettings
{
    public static SmtpOptions? Read(IConfiguration configuration, string root)
    {
        var mail = configuration.GetSection("Mail");
        if (mail["Host"] is not { Length: > 0 } host)
        {
            return mail.GetChildren().FirstOrDefault(key => !string.IsNullOrEmpty(key.Value)) is { } stray
                ? throw new SettingsException($"{stray.Path} is set, but Mail:Host is missing.")
                : null;
        }

        if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
        {
            throw new SettingsException($"Mail:Host must be the name or address of a mail server, not '{host}'.");
        }

        if (!Enum.TryParse<SmtpSecurity>(mail["Security"] is { Length: > 0 } wanted ? wanted : nameof(SmtpSecurity.StartTls), ignoreCase: true, out var security) || !Enum.IsDefined(security))
        {
            throw new SettingsException($"Mail:Security must be None, StartTls or Tls, not '{mail["Security"]}'.");
        }

        var (user, password) = (mail["User"] is { Length: > 0 } name ? name : null, mail["Password"] is { Length: > 0 } secret ? secret : null);
        if (user is null != password is null)
        {
            throw new SettingsException("Mail:User and Mail:Password go together; one of them is missing.");
        }

        if (user is not null && security == SmtpSecurity.None)
        {
            throw new SettingsException("Mail:Security is None, but Mail:Password is not said without TLS: set StartTls or Tls, or leave user and password out.");
        }

        return new SmtpOptions(host, ReadPort(mail["Port"], security), security, ReadFrom(mail["From"])) { User = user, Password = password, Trusted = ReadTrusted(mail["TrustedCertificates"], root) };
    }

    private static int ReadPort(string? text, SmtpSecurity security) =>
        text is not { Length: > 0 } ? security switch { SmtpSecurity.Tls => 465, SmtpSecurity.StartTls => 587, _ => 25 }
        : int.TryParse(text, out var port) && port is > 0 and <= 65535 ? port
        : throw new SettingsException($"Mail:Port must be a number from 1 to 65535, not '{text}'.");

    private static string ReadFrom(string? text) =>
        text is not { Length: > 0 } ? throw new SettingsException("Mail:From is missing: set the address that mails come from, such as AdminConsole <console@example.com>.")
        : MailAddress.TryCreate(text, out var from) && !text.Any(char.IsControl) && !from.Address.Any(char.IsWhiteSpace) ? text
        : throw new SettingsException($"Mail:From must be an address, such as AdminConsole <console@example.com>, not '{text}'.");

    private static X509Certificate2Collection? ReadTrusted(string? file, string root)
    {
        if (file is not { Length: > 0 })
        {
            return null;
        }

        try
        {
            var trusted = new X509Certificate2Collection();
            trusted.ImportFromPemFile(Path.GetFullPath(file, root));
            return trusted.Count > 0 ? trusted : throw new SettingsException($"Mail:TrustedCertificates must be a PEM file with certificates; '{file}' has none.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new SettingsException($"Mail:TrustedCertificates must be a PEM file with certificates, not '{file}': {exception.Message}");
        }
    }
}
