using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AdminConsole.Core.Email;

namespace AdminConsole.Startup;

/// <summary>Reads the mail server settings (<c>Mail:*</c>). Without <c>Mail:Host</c>, emails are written to
/// files.</summary>
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

        if (
            !Enum.TryParse<SmtpSecurity>(
                mail["Security"] is { Length: > 0 } wanted ? wanted : nameof(SmtpSecurity.StartTls),
                ignoreCase: true,
                out var security
            ) || !Enum.IsDefined(security)
        )
        {
            throw new SettingsException($"Mail:Security must be None, StartTls or Tls, not '{mail["Security"]}'.");
        }

        return ReadSignIn(
            mail,
            security,
            root,
            new SmtpOptions(host, ReadPort(mail["Port"], security), security, ReadFrom(mail["From"]))
            {
                Trusted = ReadTrusted(mail["TrustedCertificates"], root),
            }
        );
    }

    private static SmtpOptions ReadSignIn(IConfigurationSection mail, SmtpSecurity security, string root, SmtpOptions server)
    {
        var (user, password, file) = (NotEmpty(mail["User"]), NotEmpty(mail["Password"]), NotEmpty(mail["AccessTokenFile"]));
        if (password is not null && file is not null)
        {
            throw new SettingsException("Mail:Password and Mail:AccessTokenFile are both set. Set only one of them.");
        }

        if (user is null != (password ?? file) is null)
        {
            throw new SettingsException(
                user is null
                    ? $"{(file is null ? "Mail:Password" : "Mail:AccessTokenFile")} is set, but Mail:User is missing."
                    : "Mail:User is set, but neither Mail:Password nor Mail:AccessTokenFile is."
            );
        }

        if (user is not null && security == SmtpSecurity.None)
        {
            throw new SettingsException(
                "Mail:Security is None, but credentials are never sent without TLS. Set StartTls or Tls, or remove Mail:User."
            );
        }

        if (file is null)
        {
            return server with { User = user, Password = password };
        }

        if (!user!.All(character => character is > ' ' and < '\x7f'))
        {
            throw new SettingsException("Mail:User must be in ASCII to be used with an access token.");
        }

        file = Path.GetFullPath(file, root);
        try
        {
            AccessTokenFile.Read(file);
        }
        catch (MailServerException exception)
        {
            throw new SettingsException($"Mail:AccessTokenFile: {exception.Message}");
        }

        return server with
        {
            User = user,
            AccessTokenFile = file,
        };
    }

    private static string? NotEmpty(string? text) => text is { Length: > 0 } ? text : null;

    private static int ReadPort(string? text, SmtpSecurity security) =>
        text is not { Length: > 0 }
            ? security switch
            {
                SmtpSecurity.Tls => 465,
                SmtpSecurity.StartTls => 587,
                _ => 25,
            }
        : int.TryParse(text, out var port) && port is > 0 and <= 65535 ? port
        : throw new SettingsException($"Mail:Port must be a number from 1 to 65535, not '{text}'.");

    private static string ReadFrom(string? text) =>
        text is not { Length: > 0 }
            ? throw new SettingsException("Mail:From is missing: set the sender address, such as AdminConsole <console@example.com>.")
        : SmtpOptions.IsSender(text) ? text
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
            return trusted.Count > 0
                ? trusted
                : throw new SettingsException($"Mail:TrustedCertificates must be a PEM file with certificates; '{file}' has none.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new SettingsException(
                $"Mail:TrustedCertificates must be a PEM file with certificates, not '{file}': {exception.Message}"
            );
        }
    }
}
