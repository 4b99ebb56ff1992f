using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Email;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Email;

/// <summary>The outbox with a mail server that fails or refuses.</summary>
public sealed class SmtpOutboxTests(MailServers servers) : IClassFixture<MailServers>
{
    [Theory]
    [OnBoth]
    public async Task Every_email_arrives_although_the_server_is_killed(DatabaseProvider provider)
    {
        var first = await servers.StartAsync();
        await using var app = await AdminApp.StartAsync(
            provider,
            settings:
            [
                ("Mail:Host", "127.0.0.1"),
                ("Mail:Port", $"{first.Port}"),
                ("Mail:Security", "None"),
                ("Mail:From", "console@example.com"),
            ]
        );
        await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        using var admin = await app.SignInAdminAsync();
        var emails = Enumerable.Range(0, 20).Select(_ => TestData.Email("mailed")).ToList();
        var inviting = Task.WhenAll(emails.Select(email => admin.PostAsync("/api/users", new { email, invite = true })));
        await AdminApp.UntilAsync(() => Task.FromResult(first.Mails.Count >= 3), "some mails went out");
        first.Kill();
        Assert.All(await inviting, answer => answer.Is(201));

        using var second = await servers.StartAsync(first.Port);
        var worker = app.Services.GetRequiredService<OutboxWorker>();
        await AdminApp.UntilAsync(
            async () =>
            {
                app.Clock.Advance(TimeSpan.FromMinutes(3));
                await worker.RunOnceAsync(default);
                return !await app.ReadAsync(db => db.OutboxMails.AnyAsync(mail => mail.State != MailStates.Sent));
            },
            "every mail is sent"
        );

        await AdminApp.UntilAsync(
            () => Task.FromResult(emails.TrueForAll(first.Mails.Concat(second.Mails).SelectMany(mail => mail.To).Contains)),
            "every mail arrived"
        );
        Assert.True(await app.ReadAsync(db => db.OutboxMails.AllAsync(mail => mail.Content == null)));
        first.Dispose();
    }

    [Theory]
    [OnBoth]
    public async Task A_permanently_refused_email_is_abandoned_and_can_be_retried(DatabaseProvider provider)
    {
        var server = await servers.StartAsync(refuse: "gone");
        await using var app = await AdminApp.StartAsync(
            provider,
            settings:
            [
                ("Mail:Host", "127.0.0.1"),
                ("Mail:Port", $"{server.Port}"),
                ("Mail:Security", "None"),
                ("Mail:From", "console@example.com"),
            ]
        );
        await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        using var admin = await app.SignInAdminAsync();
        (await admin.PostAsync("/api/users", new { email = "gone@example.com", invite = true })).Is(201);
        await AdminApp.UntilAsync(
            () => app.ReadAsync(db => db.OutboxMails.AnyAsync(mail => mail.State == MailStates.Dead)),
            "the mail is given up"
        );
        var actor = Core.Security.Actor.System("test");
        var stuck = Assert.Single(
            (await app.RunAsync<OutboxAdministration, Result<OutboxStatus>>(outbox => outbox.GetAsync(actor, default))).Value.Stuck
        );
        Assert.Contains("550", stuck.LastError, StringComparison.Ordinal);
        server.Kill();

        using var better = await servers.StartAsync(server.Port);
        Assert.Equal(
            1,
            (await app.RunAsync<OutboxAdministration, Result<int>>(outbox => outbox.RetryAsync(actor, stuck.Id, default))).Value
        );

        await AdminApp.UntilAsync(
            () => Task.FromResult(better.Mails.Any(mail => mail.To.Contains("gone@example.com"))),
            "the retried mail arrives"
        );
        server.Dispose();
    }
}
