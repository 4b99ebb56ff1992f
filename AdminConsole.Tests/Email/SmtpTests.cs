using AdminConsole.Core;
using AdminConsole.Core.Email;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Email;

/// <summary>Against a real mail server, from the package registry, in a process of its own.</summary>
public sealed class SmtpTests(MailServers servers) : IClassFixture<MailServers>
{
    private const string User = "console";
    private const string Password = "smtp-secret-password-1";

    private SmtpMailer Mailer(MailServer server, SmtpSecurity security, bool trust = true, string? user = User, string password = Password)
    {
        var trusted = new System.Security.Cryptography.X509Certificates.X509Certificate2Collection();
        trusted.ImportFromPemFile(servers.Authority);
        return new SmtpMailer(new SmtpOptions("localhost", server.Port, security, "Console <console@example.com>") { User = user, Password = user is null ? null : password, Trusted = trust ? trusted : null }, TimeProvider.System);
    }

    private static OutgoingMail Mail() => new(Guid.CreateVersion7(DateTimeOffset.UnixEpoch), "test", "ana@example.com", DateTimeOffset.UnixEpoch, new RenderedMail("Hello", ".\r\n.leading dot", "<p>Hello</p>"));

    [Theory]
    [InlineData(SmtpSecurity.Tls, "PLAIN")]
    [InlineData(SmtpSecurity.Tls, "LOGIN")]
    [InlineData(SmtpSecurity.StartTls, "PLAIN")]
    [InlineData(SmtpSecurity.StartTls, "LOGIN")]
    public async Task A_mail_goes_over_tls_with_a_sign_in(SmtpSecurity security, string method)
    {
        using var server = await servers.StartAsync(secure: security == SmtpSecurity.Tls, startTls: security == SmtpSecurity.StartTls, certificate: "localhost", methods: [method], user: User, password: Password);

        await Mailer(server, security).SendAsync(Mail(), default);

        await AdminApp.UntilAsync(() => Task.FromResult(!server.Mails.IsEmpty), "the mail is there");
        var taken = Assert.Single(server.Mails);
        Assert.True(taken.Secure);
        Assert.Equal(User, taken.User);
        Assert.Equal(["ana@example.com"], taken.To);
        Assert.Equal(".\r\n.leading dot", ReadMail.Parse(taken.Message).Text);
    }

    [Theory]
    [InlineData(SmtpSecurity.Tls, "localhost", false)]
    [InlineData(SmtpSecurity.StartTls, "localhost", false)]
    [InlineData(SmtpSecurity.Tls, "elsewhere", true)]
    [InlineData(SmtpSecurity.StartTls, "elsewhere", true)]
    public async Task A_certificate_that_does_not_fit_is_refused(SmtpSecurity security, string name, bool trust)
    {
        using var server = await servers.StartAsync(secure: security == SmtpSecurity.Tls, startTls: security == SmtpSecurity.StartTls, certificate: name, user: User, password: Password);

        var refused = await Assert.ThrowsAsync<SmtpException>(() => Mailer(server, security, trust).SendAsync(Mail(), default));

        Assert.Contains("TLS", refused.Message, StringComparison.Ordinal);
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task A_server_without_tls_gets_neither_password_nor_mail()
    {
        using var server = await servers.StartAsync(user: User, password: Password);

        await Assert.ThrowsAsync<SmtpException>(() => Mailer(server, SmtpSecurity.StartTls).SendAsync(Mail(), default));
        await Assert.ThrowsAsync<SmtpException>(() => Mailer(server, SmtpSecurity.None).SendAsync(Mail(), default));

        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task A_wrong_password_is_said_without_saying_it()
    {
        using var server = await servers.StartAsync(secure: true, certificate: "localhost", user: User, password: Password);

        var refused = await Assert.ThrowsAsync<SmtpException>(() => Mailer(server, SmtpSecurity.Tls, password: "wrong-secret-password").SendAsync(Mail(), default));

        Assert.Contains("535", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-secret", refused.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [OnBoth]
    public async Task Every_mail_arrives_although_the_server_is_killed_in_the_middle(DatabaseProvider provider)
    {
        var first = await servers.StartAsync();
        await using var app = await AdminApp.StartAsync(provider, settings: [("Mail:Host", "127.0.0.1"), ("Mail:Port", $"{first.Port}"), ("Mail:Security", "None"), ("Mail:From", "console@example.com")]);
        await app.CreateUserAsync(Some.AdminEmail, Some.Password, "Admin");
        using var admin = await app.SignInAdminAsync();
        var emails = Enumerable.Range(0, 20).Select(_ => Some.Email("mailed")).ToList();
        var inviting = Task.WhenAll(emails.Select(email => admin.PostAsync("/api/users", new { email, invite = true })));
        await AdminApp.UntilAsync(() => Task.FromResult(first.Mails.Count >= 3), "some mails went out");
        first.Kill();
        Assert.All(await inviting, answer => answer.Is(201));

        using var second = await servers.StartAsync(first.Port);
        var worker = app.Services.GetRequiredService<OutboxWorker>();
        await AdminApp.UntilAsync(async () =>
        {
            app.Clock.Advance(TimeSpan.FromMinutes(3));
            await worker.RunOnceAsync(default);
            return !await app.ReadAsync(db => db.OutboxMails.AnyAsync(mail => mail.State != MailStates.Sent));
        }, "every mail is sent");

        await AdminApp.UntilAsync(() => Task.FromResult(emails.TrueForAll(first.Mails.Concat(second.Mails).SelectMany(mail => mail.To).Contains)), "every mail arrived");
        Assert.True(await app.ReadAsync(db => db.OutboxMails.AllAsync(mail => mail.Content == null)));
        first.Dispose();
    }

    [Theory]
    [OnBoth]
    public async Task What_the_server_refuses_for_good_is_given_up_and_can_be_retried(DatabaseProvider provider)
    {
        var server = await servers.StartAsync(refuse: "gone");
        await using var app = await AdminApp.StartAsync(provider, settings: [("Mail:Host", "127.0.0.1"), ("Mail:Port", $"{server.Port}"), ("Mail:Security", "None"), ("Mail:From", "console@example.com")]);
        await app.CreateUserAsync(Some.AdminEmail, Some.Password, "Admin");
        using var admin = await app.SignInAdminAsync();
        (await admin.PostAsync("/api/users", new { email = "gone@example.com", invite = true })).Is(201);
        await AdminApp.UntilAsync(() => app.ReadAsync(db => db.OutboxMails.AnyAsync(mail => mail.State == MailStates.Dead)), "the mail is given up");
        var actor = Core.Security.Actor.System("test");
        var stuck = Assert.Single((await app.RunAsync<MailDesk, Result<MailState>>(desk => desk.GetAsync(actor, default))).Value.Stuck);
        Assert.Contains("550", stuck.LastError, StringComparison.Ordinal);
        server.Kill();

        using var better = await servers.StartAsync(server.Port);
        Assert.Equal(1, (await app.RunAsync<MailDesk, Result<int>>(desk => desk.RetryAsync(actor, stuck.Id, default))).Value);

        await AdminApp.UntilAsync(() => Task.FromResult(better.Mails.Any(mail => mail.To.Contains("gone@example.com"))), "the retried mail arrives");
        server.Dispose();
    }
}
