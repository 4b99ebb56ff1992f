using System.Security.Cryptography.X509Certificates;

namespace AdminConsole.Core.Email;

/// <summary>How the connection to the mail server is protected.</summary>
public enum SmtpSecurity
{
    None,

    /// <summary>Connects in the clear and must switch to TLS before anything else (RFC 3207); usually port
    /// 587.</summary>
    StartTls,

    /// <summary>TLS from the first byte (RFC 8314); usually port 465.</summary>
    Tls,
}

/// <summary>The mail server and the account used there.</summary>
public sealed record SmtpOptions(string Host, int Port, SmtpSecurity Security, string From)
{
    public string? User { get; init; }

    public string? Password { get; init; }

    /// <summary>A file with an OAuth access token, used instead of a password. Read for each mail, because tokens
    /// expire.</summary>
    public string? AccessTokenFile { get; init; }

    /// <summary>Certificate authorities to trust instead of the machine's. The host name is checked in any
    /// case.</summary>
    public X509Certificate2Collection? Trusted { get; init; }

    /// <summary>True for an address that mail can come from, with or without a display name.</summary>
    public static bool IsSender(string text) => MessageFactory.ParseSender(text) is not null;

    /// <summary>Contains neither user nor password.</summary>
    public override string ToString() => $"{Host}:{Port} ({Security})";
}
