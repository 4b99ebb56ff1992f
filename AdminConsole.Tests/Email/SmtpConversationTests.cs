using System.Text;
using AdminConsole.Core.Email;

namespace AdminConsole.Tests.Email;

/// <summary>The SMTP conversation command by command, also with hostile servers.</summary>
public sealed class SmtpConversationTests(MailServers servers) : IClassFixture<MailServers>
{
    private const string User = "console";
    private const string Password = "smtp-secret-password-1";

    private static readonly (string, string) Utf8 = ("EHLO", "250-test\r\n250-8BITMIME\r\n250 SMTPUTF8");

    private SmtpMailer Mailer(
        ScriptedMailServer server,
        SmtpSecurity security = SmtpSecurity.None,
        bool signIn = false,
        string from = "console@example.com"
    ) =>
        new(
            new SmtpOptions("localhost", server.Port, security, from)
            {
                User = signIn ? User : null,
                Password = signIn ? Password : null,
                Trusted = servers.Trusted(),
            },
            TimeProvider.System
        );

    private static OutgoingMail Mail(string to = "ana@example.com") =>
        new(
            Guid.CreateVersion7(DateTimeOffset.UnixEpoch),
            "test",
            to,
            DateTimeOffset.UnixEpoch,
            new RenderedMail("Hello", "Grüße\n", "<p>Hello</p>")
        );

    private static IEnumerable<string> Commands(ScriptedMailServer server) => server.Lines.TakeWhile(line => line != "DATA");

    [Fact]
    public async Task A_server_without_STARTTLS_receives_nothing_after_the_greeting()
    {
        // A man in the middle removes STARTTLS from the response.
        using var server = new ScriptedMailServer(null, ("EHLO", "250-test\r\n250 AUTH PLAIN LOGIN"));

        var refused = await Assert.ThrowsAsync<MailServerException>(() =>
            Mailer(server, SmtpSecurity.StartTls, signIn: true).SendAsync(Mail(), default)
        );

        Assert.Contains("STARTTLS", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["EHLO [127.0.0.1]"], Commands(server));
    }

    [Fact]
    public async Task A_server_that_refuses_STARTTLS_receives_nothing_afterwards()
    {
        using var server = new ScriptedMailServer(
            null,
            ("EHLO", "250-test\r\n250-STARTTLS\r\n250 AUTH PLAIN"),
            ("STARTTLS", "454 TLS not available")
        );

        var refused = await Assert.ThrowsAsync<MailServerException>(() =>
            Mailer(server, SmtpSecurity.StartTls, signIn: true).SendAsync(Mail(), default)
        );

        Assert.Contains("454 TLS not available", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["EHLO [127.0.0.1]", "STARTTLS"], Commands(server));
    }

    [Fact]
    public async Task Plain_text_before_TLS_is_discarded()
    {
        using var server = new ScriptedMailServer(
            servers.Certificate(),
            ("EHLO", "250-test\r\n250-STARTTLS\r\n250 AUTH PLAIN"),
            ("STARTTLS", "220 go\r\n250-injected\r\n250 AUTH LOGIN"),
            ("AUTH", "235 welcome")
        );

        await Mailer(server, SmtpSecurity.StartTls, signIn: true).SendAsync(Mail(), default);

        Assert.Equal(
            [
                "EHLO [127.0.0.1]",
                "STARTTLS",
                "EHLO [127.0.0.1]",
                $"AUTH PLAIN {Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{User}\0{Password}"))}",
                "MAIL FROM:<console@example.com>",
                "RCPT TO:<ana@example.com>",
            ],
            Commands(server)
        );
    }

    [Fact]
    public async Task A_password_is_never_sent_in_the_clear()
    {
        using var server = new ScriptedMailServer(null, ("EHLO", "250-test\r\n250 AUTH PLAIN LOGIN"));

        await Assert.ThrowsAsync<MailServerException>(() => Mailer(server, SmtpSecurity.None, signIn: true).SendAsync(Mail(), default));

        Assert.DoesNotContain(server.Lines, line => line.StartsWith("AUTH", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("smtp-secret-password-1")]
    [InlineData("c210cC1zZWNyZXQtcGFzc3dvcmQtMQ==")]
    [InlineData("AGNvbnNvbGUAc210cC1zZWNyZXQtcGFzc3dvcmQtMQ==")]
    public async Task A_response_that_repeats_the_password_is_not_shown(string echo)
    {
        using var server = new ScriptedMailServer(
            servers.Certificate(),
            ("EHLO", "250-test\r\n250-STARTTLS\r\n250 AUTH PLAIN"),
            ("STARTTLS", "220 go"),
            ("AUTH", $"535 Not accepted: {echo}")
        );

        var refused = await Assert.ThrowsAsync<MailServerException>(() =>
            Mailer(server, SmtpSecurity.StartTls, signIn: true).SendAsync(Mail(), default)
        );

        Assert.Equal("The mail server refused the sign-in: its answer isn't shown because it repeats the secret.", refused.Message);
        Assert.DoesNotContain(echo, refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("220-blah blah blah…", "sent too much")]
    [InlineData("HTTP/1.1 400 Bad Request", "as expected")]
    [InlineData("554 go away", "554 go away")]
    public async Task A_server_of_another_protocol_is_refused(string greeting, string problem)
    {
        using var server = new ScriptedMailServer(null, ("", greeting));

        var refused = await Assert.ThrowsAsync<MailServerException>(() => Mailer(server).SendAsync(Mail(), default));

        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MAIL", "451 later", false)]
    [InlineData("MAIL", "553 not yours", false)]
    [InlineData("MAIL", "530 sign in first", false)]
    [InlineData("RCPT", "450 busy", false)]
    [InlineData("RCPT", "550 no such user", true)]
    [InlineData("DATA", "451 later", false)]
    [InlineData("DATA", "554 no", true)]
    [InlineData(".", "451 later", false)]
    [InlineData(".", "552 too large", true)]
    public async Task Only_a_permanently_refused_recipient_or_message_is_abandoned(string command, string answer, bool forGood)
    {
        using var server = new ScriptedMailServer(null, (command, answer));

        var refused = await Record.ExceptionAsync(() => Mailer(server).SendAsync(Mail(), default));

        Assert.IsType(forGood ? typeof(MailRefusedException) : typeof(MailServerException), refused);
        Assert.Contains(answer[4..], refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_pipelining_the_first_refusal_counts()
    {
        using var server = new ScriptedMailServer(
            null,
            ("EHLO", "250-test\r\n250 PIPELINING"),
            ("MAIL", "451 later"),
            ("RCPT", "503 MAIL first")
        );

        var refused = await Assert.ThrowsAsync<MailServerException>(() => Mailer(server).SendAsync(Mail(), default));

        Assert.Contains("451 later", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_international_domain_is_sent_as_punycode_whatever_the_server_offers(bool offered)
    {
        using var server = new ScriptedMailServer(null, offered ? [Utf8] : []);

        await Mailer(server, from: "Bücher <console@bücher.example>").SendAsync(Mail("ana@müller.example"), default);

        Assert.Equal(
            ["EHLO [127.0.0.1]", "MAIL FROM:<console@xn--bcher-kva.example>", "RCPT TO:<ana@xn--mller-kva.example>"],
            Commands(server)
        );
        Assert.Contains("To: ana@xn--mller-kva.example", server.Lines);
        Assert.All(server.Lines, line => Assert.True(line.All(char.IsAscii)));
    }

    [Fact]
    public async Task An_international_mailbox_is_sent_as_UTF8_where_the_server_offers_it()
    {
        using var server = new ScriptedMailServer(null, Utf8);

        await Mailer(server).SendAsync(Mail("jürgen@müller.example"), default);

        Assert.Equal(["EHLO [127.0.0.1]", "MAIL FROM:<console@example.com> SMTPUTF8", "RCPT TO:<jürgen@müller.example>"], Commands(server));
        Assert.Contains("To: jürgen@müller.example", server.Lines);
    }

    [Fact]
    public async Task An_international_mailbox_that_the_server_cannot_take_is_named()
    {
        using var server = new ScriptedMailServer();
        using var another = new ScriptedMailServer();

        var recipient = await Assert.ThrowsAsync<MailRefusedException>(() => Mailer(server).SendAsync(Mail("jürgen@example.com"), default));
        var sender = await Assert.ThrowsAsync<MailServerException>(() =>
            Mailer(another, from: "büro@example.com").SendAsync(Mail(), default)
        );

        Assert.Equal("The mail server doesn't support SMTPUTF8, so it can't send mail to jürgen@example.com.", recipient.Message);
        Assert.Equal("The mail server doesn't support SMTPUTF8, so it can't send mail from büro@example.com.", sender.Message);
        Assert.DoesNotContain(server.Lines, line => line.StartsWith("MAIL", StringComparison.Ordinal));
    }
}
