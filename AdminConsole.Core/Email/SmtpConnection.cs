using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace AdminConsole.Core.Email;

/// <summary>
/// One conversation with a mail server (RFC 5321), as strict as it needs to be: where TLS was asked for, nothing but STARTTLS is said before it, and what
/// came in the clear is forgotten; a certificate that does not fit ends it; a password is never said in the clear (docs/decisions/0014).
/// </summary>
internal sealed class SmtpConnection : IAsyncDisposable
{
    private readonly TcpClient tcp = new();
    private readonly SmtpOptions options;
    private SmtpStream stream;
    private IReadOnlyList<string> extensions = [];

    private SmtpConnection(SmtpOptions options) => (this.options, stream) = (options, default!);

    /// <summary>Connected, protected as configured, and signed in.</summary>
    public static async Task<SmtpConnection> OpenAsync(SmtpOptions options, CancellationToken ct)
    {
        var connection = new SmtpConnection(options);
        try
        {
            await connection.BeginAsync(ct);
            return connection;
        }
        catch
        {
            await connection.CloseAsync();
            throw;
        }
    }

    /// <summary>Hands one message over. Returns once the server has taken the responsibility for it.</summary>
    public async Task SendAsync(string from, string to, string message, CancellationToken ct)
    {
        var international = !Ascii.IsValid(from) || !Ascii.IsValid(to);
        if (international && !Has("SMTPUTF8"))
        {
            throw new MailRefusedException("The mail server does not take addresses with letters beyond ASCII.");
        }

        Expect(await AskAsync($"MAIL FROM:<{from}>{(international ? " SMTPUTF8" : "")}", ct), 250, "the sender");
        Expect(await AskAsync($"RCPT TO:<{to}>", ct), 250, "the recipient");
        Expect(await AskAsync("DATA", ct), 354, "the message");
        // A line that is a dot ends the message, so one at the beginning of a line is doubled.
        var stuffed = message.Replace("\r\n.", "\r\n..", StringComparison.Ordinal);
        Expect(await AskAsync((stuffed.StartsWith('.') ? "." : "") + stuffed + ".", ct), 250, "the message");
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            await AskAsync("QUIT", soon.Token);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or SmtpException or SocketException)
        {
            // Gone already; the message was taken.
        }

        await CloseAsync();
    }

    private async Task BeginAsync(CancellationToken ct)
    {
        await tcp.ConnectAsync(options.Host, options.Port, ct);
        stream = new SmtpStream(options.Security == SmtpSecurity.Tls ? await ProtectAsync(tcp.GetStream(), ct) : tcp.GetStream());
        Expect(await stream.ReadAsync(ct), 220, "the connection");
        await HelloAsync(ct);
        if (options.Security == SmtpSecurity.StartTls)
        {
            if (!Has("STARTTLS"))
            {
                throw new SmtpException("The mail server offers no STARTTLS.");
            }

            Expect(await AskAsync("STARTTLS", ct), 220, "STARTTLS");
            // Whatever somebody put behind that answer, in the clear, must not count as said under TLS.
            stream.RefuseLeftovers();
            stream = new SmtpStream(await ProtectAsync(tcp.GetStream(), ct));
            await HelloAsync(ct);
        }

        if (options.User is not null)
        {
            await SignInAsync(options.User, options.Password ?? "", ct);
        }
    }

    private async Task HelloAsync(CancellationToken ct)
    {
        var answer = await AskAsync("EHLO [127.0.0.1]", ct);
        Expect(answer, 250, "EHLO");
        extensions = [.. answer.Lines.Skip(1)];
    }

    private async Task SignInAsync(string user, string password, CancellationToken ct)
    {
        if (options.Security == SmtpSecurity.None)
        {
            throw new SmtpException("A password is not said without TLS.");
        }

        var ways = extensions.FirstOrDefault(line => line.StartsWith("AUTH ", StringComparison.OrdinalIgnoreCase))?.Split(' ') ?? [];
        if (ways.Contains("PLAIN", StringComparer.OrdinalIgnoreCase))
        {
            Expect(await AskAsync($"AUTH PLAIN {Base64($"\0{user}\0{password}")}", ct), 235, "the sign-in");
        }
        else if (ways.Contains("LOGIN", StringComparer.OrdinalIgnoreCase))
        {
            Expect(await AskAsync("AUTH LOGIN", ct), 334, "the sign-in");
            Expect(await AskAsync(Base64(user), ct), 334, "the sign-in");
            Expect(await AskAsync(Base64(password), ct), 235, "the sign-in");
        }
        else
        {
            throw new SmtpException("The mail server offers neither AUTH PLAIN nor AUTH LOGIN.");
        }
    }

    private async Task<SslStream> ProtectAsync(Stream inner, CancellationToken ct)
    {
        var tls = new SslStream(inner, leaveInnerStreamOpen: false);
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck };
        if (options.Trusted is { } trusted)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(trusted);
        }

        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = options.Host, CertificateChainPolicy = policy }, ct);
        }
        catch (AuthenticationException wrong)
        {
            await tls.DisposeAsync();
            throw new SmtpException($"TLS with the mail server failed: {wrong.Message}", wrong);
        }

        return tls;
    }

    private async Task<SmtpAnswer> AskAsync(string line, CancellationToken ct)
    {
        await stream.WriteAsync(line, ct);
        return await stream.ReadAsync(ct);
    }

    private bool Has(string extension) => extensions.Any(line => line.Equals(extension, StringComparison.OrdinalIgnoreCase) || line.StartsWith($"{extension} ", StringComparison.OrdinalIgnoreCase));

    // What was asked is not repeated in the message: it may be a password.
    private static void Expect(SmtpAnswer answer, int code, string what)
    {
        if (answer.Code != code && !(code == 250 && answer.Code == 251))
        {
            var message = $"The mail server refused {what}: {answer}";
            throw answer.Code is >= 500 and < 600 && what is "the recipient" or "the message" ? new MailRefusedException(message) : new SmtpException(message);
        }
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private async ValueTask CloseAsync()
    {
        if (stream is not null)
        {
            await stream.DisposeAsync();
        }

        tcp.Dispose();
    }
}
