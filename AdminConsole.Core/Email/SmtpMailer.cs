using System.Net.Mail;
using System.Security.Cryptography.X509Certificates;

namespace AdminConsole.Core.Email;

/// <summary>How the connection to the mail server is protected.</summary>
public enum SmtpSecurity
{
    None,

    /// <summary>Begins in the clear and must switch to TLS before anything is said (RFC 3207); usually port 587.</summary>
    StartTls,

    /// <summary>TLS from the first byte (RFC 8314); usually port 465.</summary>
    Tls,
}

/// <summary>The mail server and who we are there.</summary>
public sealed record SmtpOptions(string Host, int Port, SmtpSecurity Security, string From)
{
    public string? User { get; init; }

    public string? Password { get; init; }

    /// <summary>Authorities to trust instead of the machine's own; the host's name is checked all the same.</summary>
    public X509Certificate2Collection? Trusted { get; init; }

    /// <summary>Neither user nor password.</summary>
    public override string ToString() => $"{Host}:{Port} ({Security})";
}

/// <summary>Hands each mail to the configured server, over a connection of its own.</summary>
public sealed class SmtpMailer(SmtpOptions options, TimeProvider clock) : IMailer
{
    /// <summary>A mail takes no longer than this, or is tried again.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public string Name => options.ToString();

    public bool Delivers => true;

    public async Task SendAsync(OutgoingMail mail, CancellationToken ct)
    {
        var message = MimeMessage.Compose(mail, options.From);
        using var late = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
        try
        {
            await using var connection = await SmtpConnection.OpenAsync(options, either.Token);
            await connection.SendAsync(new MailAddress(options.From).Address, mail.Recipient, message, either.Token);
        }
        catch (OperationCanceledException tooLate) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException($"The mail server took longer than {Patience.TotalSeconds} s.", tooLate);
        }
    }
}
