using System.Text;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Email;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace AdminConsole.Tests.Email;

/// <summary>The mailer with a real mail server from the package registry, in a separate process.</summary>
public sealed class SmtpTests(MailServers servers) : IClassFixture<MailServers>
{
    private const string User = "console";
    private const string Password = "smtp-secret-password-1";

    private SmtpMailer Mailer(
        MailServer server,
        SmtpSecurity security,
        bool trust = true,
        string? password = Password,
        string? tokenFile = null
    ) =>
        new(
            new SmtpOptions("localhost", server.Port, security, "Console <console@example.com>")
            {
                User = User,
                Password = password,
                AccessTokenFile = tokenFile,
                Trusted = trust ? servers.Trusted() : null,
            },
            TimeProvider.System
        );

    private string TokenFile(string content)
    {
        var file = servers.PathOf($"token-{Guid.CreateVersion7():N}");
        File.WriteAllText(file, content);
        return file;
    }

    private static OutgoingMail Mail() =>
        new(
            Guid.CreateVersion7(DateTimeOffset.UnixEpoch),
            "test",
            "ana@example.com",
            DateTimeOffset.UnixEpoch,
            new RenderedMail("Hello", ".\r\n.leading dot", "<p>Hello</p>")
        );

    [Theory]
    [InlineData(SmtpSecurity.Tls, "PLAIN")]
    [InlineData(SmtpSecurity.Tls, "LOGIN")]
    [InlineData(SmtpSecurity.StartTls, "PLAIN")]
    [InlineData(SmtpSecurity.StartTls, "LOGIN")]
    public async Task An_email_is_sent_over_tls_with_authentication(SmtpSecurity security, string method)
    {
        using var server = await servers.StartAsync(
            secure: security == SmtpSecurity.Tls,
            startTls: security == SmtpSecurity.StartTls,
            certificate: "localhost",
            methods: [method],
            user: User,
            password: Password
        );

        await Mailer(server, security).SendAsync(Mail(), default);

        await AdminApp.UntilAsync(() => Task.FromResult(!server.Mails.IsEmpty), "the mail is there");
        var taken = Assert.Single(server.Mails);
        Assert.True(taken.Secure);
        Assert.Equal(User, taken.User);
        Assert.Equal(["ana@example.com"], taken.To);
        var read = ReadMail.Of(MimeMessage.Load(new MemoryStream(Encoding.UTF8.GetBytes(taken.Message))));
        Assert.Equal([".", ".leading dot"], read.Text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData(SmtpSecurity.Tls)]
    [InlineData(SmtpSecurity.StartTls)]
    public async Task An_access_token_is_read_for_each_mail_and_never_shown(SmtpSecurity security)
    {
        using var server = await servers.StartAsync(
            secure: security == SmtpSecurity.Tls,
            startTls: security == SmtpSecurity.StartTls,
            certificate: "localhost",
            methods: ["XOAUTH2"],
            user: User,
            token: "ya29.current-token"
        );
        var file = TokenFile("ya29.expired-token\n");
        var mailer = Mailer(server, security, password: null, tokenFile: file);

        var refused = await Assert.ThrowsAsync<MailServerException>(() => mailer.SendAsync(Mail(), default));
        File.WriteAllText(file, "ya29.current-token\n");
        await mailer.SendAsync(Mail(), default);

        Assert.Contains("535", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("expired-token", refused.ToString(), StringComparison.Ordinal);
        await AdminApp.UntilAsync(() => Task.FromResult(!server.Mails.IsEmpty), "the mail is there");
        Assert.Equal(User, Assert.Single(server.Mails).User);
    }

    [Theory]
    [InlineData(null, "can't be read")]
    [InlineData("", "one access token")]
    [InlineData("two tokens", "one access token")]
    [InlineData("sneaky\u0001auth=Bearer other", "one access token")]
    public async Task Without_a_usable_token_the_email_stays_queued(string? content, string problem)
    {
        using var server = await servers.StartAsync(secure: true, certificate: "localhost", methods: ["XOAUTH2"], user: User, token: "x");
        var mailer = Mailer(
            server,
            SmtpSecurity.Tls,
            password: null,
            tokenFile: content is null ? servers.PathOf("missing") : TokenFile(content)
        );

        var refused = await Assert.ThrowsAsync<MailServerException>(() => mailer.SendAsync(Mail(), default));

        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_authentication_method_that_the_server_lacks_is_named()
    {
        using var passwords = await servers.StartAsync(secure: true, certificate: "localhost", user: User, password: Password);
        using var tokens = await servers.StartAsync(secure: true, certificate: "localhost", methods: ["XOAUTH2"], user: User, token: "x");

        var noToken = await Assert.ThrowsAsync<MailServerException>(() =>
            Mailer(passwords, SmtpSecurity.Tls, password: null, tokenFile: TokenFile("x")).SendAsync(Mail(), default)
        );
        var noPassword = await Assert.ThrowsAsync<MailServerException>(() => Mailer(tokens, SmtpSecurity.Tls).SendAsync(Mail(), default));

        Assert.Contains("XOAUTH2", noToken.Message, StringComparison.Ordinal);
        Assert.Contains("neither AUTH PLAIN nor AUTH LOGIN", noPassword.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SmtpSecurity.Tls, "localhost", false)]
    [InlineData(SmtpSecurity.StartTls, "localhost", false)]
    [InlineData(SmtpSecurity.Tls, "elsewhere", true)]
    [InlineData(SmtpSecurity.StartTls, "elsewhere", true)]
    public async Task A_certificate_for_another_host_or_issuer_is_refused(SmtpSecurity security, string name, bool trust)
    {
        using var server = await servers.StartAsync(
            secure: security == SmtpSecurity.Tls,
            startTls: security == SmtpSecurity.StartTls,
            certificate: name,
            user: User,
            password: Password
        );

        var refused = await Assert.ThrowsAsync<MailServerException>(() => Mailer(server, security, trust).SendAsync(Mail(), default));

        Assert.Equal(
            trust
                ? "TLS with the mail server failed: the certificate is for another host name"
                : "TLS with the mail server failed: the certificate isn't trusted",
            refused.Message.Split(" (")[0]
        );
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task A_server_without_tls_receives_neither_password_nor_email()
    {
        using var server = await servers.StartAsync(user: User, password: Password);

        await Assert.ThrowsAsync<MailServerException>(() => Mailer(server, SmtpSecurity.StartTls).SendAsync(Mail(), default));
        await Assert.ThrowsAsync<MailServerException>(() => Mailer(server, SmtpSecurity.None).SendAsync(Mail(), default));

        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task A_wrong_password_is_reported_without_disclosing_it()
    {
        using var server = await servers.StartAsync(secure: true, certificate: "localhost", user: User, password: Password);

        var refused = await Assert.ThrowsAsync<MailServerException>(() =>
            Mailer(server, SmtpSecurity.Tls, password: "wrong-secret-password").SendAsync(Mail(), default)
        );

        Assert.Contains("535", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-secret", refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("right")]
    [InlineData("wrong")]
    public async Task Nothing_of_the_conversation_is_logged(string password)
    {
        using var server = await servers.StartAsync(secure: true, certificate: "localhost", user: User, password: $"right-{Password}");
        await using var app = await AdminApp.StartAsync(
            DatabaseProvider.Sqlite,
            settings:
            [
                ("Mail:Host", "localhost"),
                ("Mail:Port", $"{server.Port}"),
                ("Mail:Security", "Tls"),
                ("Mail:From", "console@example.com"),
                ("Mail:User", User),
                ("Mail:Password", $"{password}-{Password}"),
                ("Mail:TrustedCertificates", servers.Authority),
            ]
        );

        await app.RunAsync<Core.Users.UserLifecycle, Result<UserDetails>>(users =>
            users.CreateAsync(TestData.System, new CreateUserRequest { Email = "logged@example.com", Invite = true }, default)
        );

        await AdminApp.UntilAsync(
            () => app.ReadAsync(db => db.OutboxMails.AnyAsync(mail => mail.LastError != null || mail.State == MailStates.Sent)),
            "the mail was tried"
        );
        Assert.Equal(password == "right", await app.ReadAsync(db => db.OutboxMails.AnyAsync(mail => mail.State == MailStates.Sent)));
        Assert.DoesNotContain(app.Log.Lines, line => line.Contains(Password, StringComparison.Ordinal));
        Assert.DoesNotContain(
            app.Log.Lines,
            line =>
                new[] { "EHLO", "AUTH PLAIN", "RCPT TO", "MAIL FROM" }.Any(command =>
                    line.Contains(command, StringComparison.OrdinalIgnoreCase)
                )
        );
    }
}
