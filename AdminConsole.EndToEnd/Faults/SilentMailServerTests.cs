using System.Net;
using System.Net.Sockets;
using AdminConsole.Core.Common;
using AdminConsole.Core.Email;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.EndToEnd.Faults;

/// <summary>A mail server that accepts the connection and never responds.</summary>
public sealed class SilentMailServerTests : IDisposable
{
    private readonly TcpListener silence = new(IPAddress.Loopback, 0);

    public SilentMailServerTests() => silence.Start();

    public void Dispose() => silence.Dispose();

    [Theory, OnBoth]
    public async Task A_silent_server_blocks_no_request_and_the_email_stays_queued(DatabaseProvider provider)
    {
        var port = ((IPEndPoint)silence.LocalEndpoint).Port;
        await using var app = await AdminApp.StartAsync(
            provider,
            settings:
            [
                ("Mail:Host", "127.0.0.1"),
                ("Mail:Port", $"{port}"),
                ("Mail:Security", "None"),
                ("Mail:From", "console@example.com"),
            ]
        );
        await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        using var admin = await app.SignInAdminAsync();

        (await admin.PostAsync("/api/users", new { email = "invited@example.com", invite = true })).Is(201);
        using var connection = await silence.AcceptTcpClientAsync();

        (await admin.PostAsync("/api/users", new { email = "second@example.com", invite = true })).Is(201);
        (await app.Anonymous().PostAsync("/api/auth/forgot-password", new { email = TestData.AdminEmail })).Is(202);
        (await admin.GetAsync("/health/ready")).Is(200);
        var mails = await app.ReadAsync(db => db.OutboxMails.Where(mail => mail.Recipient != OutboxMail.DecoyRecipient).ToListAsync());
        Assert.All(mails, mail => Assert.True(mail.State == MailStates.Waiting && mail.Content is not null));
        Assert.Equal(3, mails.Count);
    }

    [Theory]
    [InlineData(SmtpSecurity.None)]
    [InlineData(SmtpSecurity.StartTls)]
    [InlineData(SmtpSecurity.Tls)]
    public async Task An_email_times_out_after_a_minute_and_is_retried(SmtpSecurity security)
    {
        var port = ((IPEndPoint)silence.LocalEndpoint).Port;
        var mailer = new SmtpMailer(new SmtpOptions("127.0.0.1", port, security, "console@example.com"), new HastyClock());

        var late = await Assert.ThrowsAsync<TimeoutException>(() =>
            mailer.SendAsync(
                new OutgoingMail(
                    Guid.CreateVersion7(),
                    "test",
                    "a@example.com",
                    DateTimeOffset.UnixEpoch,
                    new("Subject", "Text", "<p>Text</p>")
                ),
                default
            )
        );

        Assert.Equal("The mail server took longer than 60 s.", late.Message);
    }

    [Theory]
    [InlineData(SmtpSecurity.None)]
    [InlineData(SmtpSecurity.Tls)]
    public async Task Shutdown_cancels_the_delivery(SmtpSecurity security)
    {
        var port = ((IPEndPoint)silence.LocalEndpoint).Port;
        var mailer = new SmtpMailer(new SmtpOptions("127.0.0.1", port, security, "console@example.com"), TimeProvider.System);
        using var end = new CancellationTokenSource();
        var sending = mailer.SendAsync(
            new OutgoingMail(
                Guid.CreateVersion7(),
                "test",
                "a@example.com",
                DateTimeOffset.UnixEpoch,
                new("Subject", "Text", "<p>Text</p>")
            ),
            end.Token
        );
        using var connection = await silence.AcceptTcpClientAsync();

        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    /// <summary>A clock whose timers elapse a thousand times faster.</summary>
    private sealed class HastyClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / 1000 : dueTime, period);
    }
}
