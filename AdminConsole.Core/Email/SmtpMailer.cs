using System.Net.Sockets;
using System.Text;
using AdminConsole.Core.Common;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace AdminConsole.Core.Email;

/// <summary>Sends each email to the configured server over a separate connection (docs/decisions/0023).</summary>
public sealed class SmtpMailer(SmtpOptions options, TimeProvider clock) : IMailer
{
    /// <summary>The time limit for one email. After a timeout, the email is retried later.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    // Far more than the certificates and replies for one email.
    private const int MaxReceived = 1024 * 1024;

    private static readonly TimeSpan QuitTimeout = TimeSpan.FromSeconds(2);

    private readonly MailboxAddress sender =
        MessageFactory.ParseSender(options.From) ?? throw new ArgumentException("The sender must be an address.", nameof(options));

    public string Name => options.ToString();

    public bool DeliversToRecipients => true;

    public async Task SendAsync(OutgoingMail mail, CancellationToken ct)
    {
        using var message = MessageFactory.Create(mail, sender);
        using var timeout = new CancellationTokenSource(Timeout, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        using var client = new StrictSmtpClient(options.Trusted);
        try
        {
            await ConnectAsync(client, linked.Token);
            await SignInAsync(client, linked.Token);
            await DeliverAsync(client, message, linked.Token);
        }
        // MailKit wraps a cancellation during the TLS handshake in another exception.
        catch (Exception exception) when (linked.IsCancellationRequested)
        {
            ct.ThrowIfCancellationRequested();
            throw new TimeoutException($"The mail server took longer than {Timeout.TotalSeconds} s.", exception);
        }

        using var quitTimeout = new CancellationTokenSource(QuitTimeout, clock);
        await QuitAsync(client, quitTimeout.Token);
    }

    private async Task ConnectAsync(StrictSmtpClient client, CancellationToken ct)
    {
        var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync(options.Host, options.Port, ct);
            // Opportunistic TLS isn't supported, because an attacker could disable it by removing the offer.
            var security = options.Security switch
            {
                SmtpSecurity.Tls => SecureSocketOptions.SslOnConnect,
                SmtpSecurity.StartTls => SecureSocketOptions.StartTls,
                _ => SecureSocketOptions.None,
            };
            await client.ConnectAsync(new LimitedStream(socket.GetStream(), MaxReceived), options.Host, options.Port, security, ct);
        }
        catch (Exception exception)
        {
            socket.Dispose();
            var problem = exception switch
            {
                SslHandshakeException =>
                    $"TLS with the mail server failed: {client.CertificateProblem ?? exception.GetBaseException().Message}",
                NotSupportedException => "The mail server doesn't offer STARTTLS.",
                SmtpCommandException answer => $"The mail server refused the connection: {Describe(answer)}",
                SmtpProtocolException => Unexpected(exception),
                _ => null,
            };
            if (problem is null)
            {
                throw;
            }

            throw new MailServerException(problem, exception);
        }

        if (options.Security != SmtpSecurity.None && !client.IsSecure)
        {
            throw new MailServerException("The connection to the mail server isn't protected by TLS.");
        }
    }

    private async Task SignInAsync(StrictSmtpClient client, CancellationToken ct)
    {
        if (options.User is not { } user)
        {
            return;
        }

        if (!client.IsSecure)
        {
            throw new MailServerException("Refusing to send SMTP credentials without TLS.");
        }

        var secret = options.AccessTokenFile is { } file ? AccessTokenFile.Read(file) : options.Password ?? "";
        SaslMechanism mechanism =
            options.AccessTokenFile is not null ? new SaslMechanismOAuth2(user, secret)
            : client.AuthenticationMechanisms.Contains("PLAIN") ? new SaslMechanismPlain(Encoding.UTF8, user, secret)
            : new SaslMechanismLogin(Encoding.UTF8, user, secret);
        if (!client.AuthenticationMechanisms.Contains(mechanism.MechanismName))
        {
            throw new MailServerException(
                options.AccessTokenFile is null
                    ? "The mail server offers neither AUTH PLAIN nor AUTH LOGIN."
                    : "The mail server doesn't offer AUTH XOAUTH2, which an access token needs."
            );
        }

        try
        {
            await client.AuthenticateAsync(mechanism, ct);
        }
        catch (Exception exception) when (exception is AuthenticationException or SmtpCommandException or SmtpProtocolException)
        {
            // The cause is omitted, because a server may echo the command, and with it the secret.
            throw new MailServerException($"The mail server refused the sign-in: {WithoutSecret(exception.Message, user, secret)}");
        }
    }

    private async Task DeliverAsync(StrictSmtpClient client, MimeMessage message, CancellationToken ct)
    {
        var recipient = message.To.Mailboxes.Single();
        var needsUtf8 = MessageFactory.NeedsUtf8(sender) || MessageFactory.NeedsUtf8(recipient);
        if (!needsUtf8)
        {
            // Without this capability, MailKit sends international domains as Punycode, which every later server
            // supports too.
            client.Capabilities &= ~SmtpCapabilities.UTF8;
        }
        else if (!client.Capabilities.HasFlag(SmtpCapabilities.UTF8 | SmtpCapabilities.EightBitMime))
        {
            throw MessageFactory.NeedsUtf8(sender)
                ? new MailServerException($"The mail server doesn't support SMTPUTF8, so it can't send mail from {sender.Address}.")
                : new MailRefusedException($"The mail server doesn't support SMTPUTF8, so it can't send mail to {recipient.Address}.");
        }

        try
        {
            await client.SendAsync(MessageFactory.Format(needsUtf8), message, sender, [recipient], ct);
        }
        catch (SmtpCommandException answer)
        {
            var refused = answer.ErrorCode switch
            {
                SmtpErrorCode.SenderNotAccepted => "the sender",
                SmtpErrorCode.RecipientNotAccepted => "the recipient",
                _ => "the message",
            };
            var text = $"The mail server refused {refused}: {Describe(answer)}";
            // A refused sender is a configuration error, which an administrator can correct.
            throw (int)answer.StatusCode is >= 500 and < 600 && answer.ErrorCode != SmtpErrorCode.SenderNotAccepted
                ? new MailRefusedException(text)
                : new MailServerException(text, answer);
        }
        catch (ServiceNotAuthenticatedException answer)
        {
            throw new MailServerException($"The mail server requires a sign-in: {Shorten(answer.Message)}", answer);
        }
        catch (SmtpProtocolException exception)
        {
            throw new MailServerException(Unexpected(exception), exception);
        }
    }

    private static async Task QuitAsync(StrictSmtpClient client, CancellationToken ct)
    {
        try
        {
            await client.DisconnectAsync(quit: true, ct);
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException or MailServerException)
        {
            // The server has accepted the email; a failure to disconnect doesn't matter.
        }
    }

    private static string Describe(SmtpCommandException answer) => $"{(int)answer.StatusCode} {Shorten(answer.Message)}";

    private static string Unexpected(Exception exception) => $"The mail server doesn't answer as expected: {Shorten(exception.Message)}";

    private static string WithoutSecret(string answer, string user, string secret)
    {
        string[] forms = [secret, Base64(secret), Base64($"\0{user}\0{secret}"), Base64($"user={user}\x01auth=Bearer {secret}\x01\x01")];
        return Array.Exists(forms, form => answer.Contains(form, StringComparison.Ordinal))
            ? "its answer isn't shown because it repeats the secret."
            : Shorten(answer);
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    // TextLine.Of also cuts the text to 200 characters.
    private static string Shorten(string text) => TextLine.Of(text);
}
