using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Email;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Email;

public sealed class OutboxTests
{
    // No server listens on that port, so emails stay queued.
    private static readonly (string, string?)[] DeadServer =
    [
        ("Mail:Host", "127.0.0.1"),
        ("Mail:Port", "1"),
        ("Mail:Security", "None"),
        ("Mail:From", "console@example.com"),
    ];

    [Theory]
    [OnBoth]
    public async Task A_queued_email_is_encrypted_and_erased_once_sent(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        string secret;
        await using (var offline = await AdminApp.StartAsync(provider, database, settings: DeadServer))
        {
            await offline.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
            using var admin = await offline.SignInAdminAsync();
            var user = await offline.CreateUserAsync("waits@example.com", TestData.Password);
            var link = (await admin.PostAsync($"/api/users/{user.Id}/reset-password")).Is(200).As<PasswordResetLink>();
            Assert.True(link.EmailSent);
            secret = link.ResetToken;
            await AdminApp.UntilAsync(
                () => offline.ReadAsync(db => db.OutboxMails.AnyAsync(mail => mail.LastError != null)),
                "the mail was tried"
            );
            var waiting = await offline.ReadAsync(db => db.OutboxMails.SingleAsync());
            Assert.DoesNotContain(secret, Encoding.UTF8.GetString(waiting.Content!), StringComparison.Ordinal);
            Assert.DoesNotContain(offline.Log.Lines, line => line.Contains(secret, StringComparison.Ordinal));
        }

        await using var online = await AdminApp.StartAsync(provider, database);
        online.Clock.Advance(TimeSpan.FromMinutes(5));
        await online.Services.GetRequiredService<OutboxWorker>().RunOnceAsync(default);

        Assert.Equal(secret, (await online.MailsAsync("password-reset", "waits@example.com"))[0].Of("token"));
        await AdminApp.UntilAsync(
            () => online.ReadAsync(db => db.OutboxMails.AllAsync(mail => mail.State == MailStates.Sent && mail.Content == null)),
            "it is erased"
        );
        Assert.DoesNotContain(online.Log.Lines, line => line.Contains(secret, StringComparison.Ordinal));
        Assert.Contains(online.Log.Lines, line => line.Contains("waits@example.com was written to", StringComparison.Ordinal));
    }

    [Theory]
    [OnBoth]
    public async Task A_rolled_back_change_queues_no_email(DatabaseProvider provider)
    {
        await using var app = await AdminApp.StartAsync(provider);
        await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        using var admin = await app.SignInAdminAsync();

        (
            await admin.PostAsync(
                "/api/users",
                new
                {
                    email = "no@example.com",
                    invite = true,
                    roles = new[] { "Nonsense" },
                }
            )
        ).Refuses(400, "unknown_role");
        (await admin.PostAsync("/api/users", new { email = TestData.AdminEmail, invite = true })).Refuses(409, "duplicate_email");
        (
            await admin.PostAsync(
                "/api/users",
                new
                {
                    email = "no@example.com",
                    invite = true,
                    password = TestData.Password,
                }
            )
        ).RefusesFields("invite");

        Assert.Empty(await app.ReadAsync(db => db.OutboxMails.ToListAsync()));
        Assert.Empty(Mailbox.Find(app, "invitation", "no@example.com"));
    }

    [Theory]
    [OnBoth]
    public async Task Of_three_processes_one_sends_each_email(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await using var first = await AdminApp.StartAsync(provider, database);
        await using var second = await AdminApp.StartAsync(provider, database);
        await using var third = await AdminApp.StartAsync(provider, database);
        AdminApp[] apps = [first, second, third];
        var emails = Enumerable.Range(0, 40).Select(_ => TestData.Email("raced")).ToList();

        await Task.WhenAll(
            emails.Select(
                (email, number) =>
                    apps[number % 3]
                        .RunAsync<Core.Users.UserLifecycle, Result<UserDetails>>(users =>
                            users.CreateAsync(TestData.System, new CreateUserRequest { Email = email, Invite = true }, default)
                        )
            )
        );
        await Task.WhenAll(apps.Select(app => app.Services.GetRequiredService<OutboxWorker>().RunOnceAsync(default)));

        await AdminApp.UntilAsync(
            () => first.ReadAsync(db => db.OutboxMails.AllAsync(mail => mail.State == MailStates.Sent)),
            "all are sent"
        );
        var written = apps.SelectMany(app => app.Log.Lines)
            .Where(line => line.Contains(" was written to ", StringComparison.Ordinal))
            .ToList();
        Assert.Equal(40, written.Count);
        Assert.All(emails, email => Assert.Single(written, line => line.Contains($"A mail to {email} ", StringComparison.Ordinal)));
        Assert.True(await first.ReadAsync(db => db.OutboxMails.AllAsync(mail => mail.Attempts == 1)));
    }

    [Theory]
    [OnBoth("eve@example.com")]
    [OnBoth("bound@example.com ")]
    [OnBoth("BOUND@example.com")]
    [OnBoth("")]
    public async Task A_queued_email_with_an_altered_recipient_is_abandoned(DatabaseProvider provider, string recipient)
    {
        await using var app = await AdminApp.StartAsync(provider, settings: DeadServer);
        await InviteAsync(app, "bound@example.com");
        await app.Database.ExecuteAsync($"""UPDATE "OutboxMails" SET "Recipient" = '{recipient}' """);

        app.Clock.Advance(TimeSpan.FromMinutes(5));
        await app.Services.GetRequiredService<OutboxWorker>().RunOnceAsync(default);

        await AdminApp.UntilAsync(
            () => app.ReadAsync(db => db.OutboxMails.AllAsync(mail => mail.State == MailStates.Dead)),
            "it is given up"
        );
        Assert.Contains(
            "can't be decrypted",
            await app.ReadAsync(db => db.OutboxMails.Select(mail => mail.LastError!).SingleAsync()),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [OnBoth]
    public async Task An_email_without_a_bound_recipient_is_still_sent(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await using (var offline = await AdminApp.StartAsync(provider, database, settings: DeadServer))
        {
            await InviteAsync(offline, "older@example.com");
            var mail = await offline.ReadAsync(db => db.OutboxMails.SingleAsync());
            var plain = JsonSerializer.SerializeToUtf8Bytes(offline.Services.GetRequiredService<Outbox>().Open(mail));
            var content = Enumerable.Repeat((byte)7, 12 + 16 + plain.Length).ToArray();
            using var cipher = new AesGcm(offline.Services.GetRequiredService<ServerKeys>().Outbox, 16);
            cipher.Encrypt(content.AsSpan(0, 12), plain, content.AsSpan(28), content.AsSpan(12, 16), mail.Id.ToByteArray());
            await offline.RunAsync<AppDbContext, int>(db =>
                db.WriteUnauditedAsync(
                    UnauditedWrite.Outbox,
                    () => db.OutboxMails.ExecuteUpdateAsync(set => set.SetProperty(row => row.Content, content)),
                    default
                )
            );
        }

        await using var online = await AdminApp.StartAsync(provider, database);
        online.Clock.Advance(TimeSpan.FromMinutes(5));
        await online.Services.GetRequiredService<OutboxWorker>().RunOnceAsync(default);

        Assert.Single(await online.MailsAsync("invitation", "older@example.com"));
    }

    private static async Task InviteAsync(AdminApp app, string email)
    {
        await app.RunAsync<Core.Users.UserLifecycle, Result<UserDetails>>(users =>
            users.CreateAsync(TestData.System, new CreateUserRequest { Email = email, Invite = true }, default)
        );
        await AdminApp.UntilAsync(() => app.ReadAsync(db => db.OutboxMails.AnyAsync(mail => mail.LastError != null)), "the mail was tried");
    }

    [Theory]
    [OnBoth]
    public async Task An_email_with_an_expired_link_is_abandoned(DatabaseProvider provider)
    {
        await using var app = await AdminApp.StartAsync(provider, settings: DeadServer);
        await InviteAsync(app, "late@example.com");

        app.Clock.Advance(TimeSpan.FromDays(8));
        await app.Services.GetRequiredService<OutboxWorker>().RunOnceAsync(default);

        await AdminApp.UntilAsync(
            () => app.ReadAsync(db => db.OutboxMails.AllAsync(mail => mail.State == MailStates.Dead)),
            "it is given up"
        );
    }
}
