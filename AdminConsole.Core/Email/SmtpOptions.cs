using System.Security.Cryptography.X509Certificates;

namespace AdminConsole.Core.Email;

/// <summary>How the connection to the mail server is encrypted.</summary>
public enum SmtpSecurity
{
    None,

    /// <summary>Connects unencrypted and must upgrade to TLS before anything else (RFC 3207); usually port
    /// 587.</summary>
    StartTls,

    /// <summary>TLS from the start of the connection (RFC 8314); usually port 465.</summary>
    Tls,
}

/// <summary>The mail server and the account to use.</summary>
public sealed record SmtpOptions(string Host, int Port, SmtpSecurity Security, string From)
{
    public string? User { get; init; }

    public string? Password { get; init; }

    /// <summary>The path of a file with an OAuth access token, used instead of a password. Read for each email, because
    /// tokens expire.</summary>
    public string? AccessTokenFile { get; init; }

    /// <summary>Certificate authorities to trust instead of the system's. The host name is always checked.</summary>
    public X509Certificate2Collection? Trusted { get; init; }

    /// <summary>True for a valid sender address, with or without a display name.</summary>
    public static bool IsSender(string text) => MessageFactory.ParseSender(text) is not null;

    /// <summary>Returns the server without the user or password.</summary>
    public override string ToString() => $"{Host}:{Port} ({Security})";
}
