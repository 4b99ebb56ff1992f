using System.Net.Sockets;
using System.Security.Cryptography;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AdminConsole.Core.Email;

/// <summary>Sends the emails in the outbox at least once, longest due first. A worker claims an email by moving its due
/// time into the future with one conditional update. So only one of several processes sends it, and if that process is
/// killed, the email becomes due again. Failed emails are retried with increasing delays for about 16 hours.</summary>
public sealed class OutboxWorker(Outbox outbox, IMailer mailer, IServiceScopeFactory scopes, TimeProvider clock, ILogger<OutboxWorker> log)
    : PeriodicWorker("outbox")
{
    /// <summary>The number of attempts after which an email fails permanently, until an administrator retries
    /// it.</summary>
    public const int MaxAttempts = 16;

    // Longer than an email can take to send.
    internal static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(2);

    private enum Outcome
    {
        Sent,
        Failed,
        Nothing,
    }

    /// <summary>Processes due emails until none is left or one fails, and returns their number. The worker calls it
    /// periodically.</summary>
    public async Task<int> RunOnceAsync(CancellationToken ct)
    {
        for (var sent = 0; ; sent++)
        {
            await using var scope = scopes.CreateAsyncScope();
            if (await SendNextAsync(scope.ServiceProvider.GetRequiredService<AppDbContext>(), ct) != Outcome.Sent)
            {
                return sent;
            }
        }
    }

    /// <summary>Returns the delay after the given number of failed attempts: 30 s, doubled each time, at most 2
    /// h.</summary>
    internal static TimeSpan WaitAfter(int attempts) => attempts > 8 ? LongestWait : FirstWait * Math.Pow(2, attempts - 1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var run = StoringResult(clock, RunOnceAsync);
        while (true)
        {
            try
            {
                await run(stoppingToken);
                await WaitAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogError(
                    exception,
                    "Could not process the outbox; retrying in {Seconds} s. No email is lost.",
                    PollInterval.TotalSeconds
                );
                await Task.Delay(PollInterval, clock, stoppingToken);
            }
        }
    }

    private async Task<Outcome> SendNextAsync(AppDbContext db, CancellationToken ct)
    {
        if (await ClaimAsync(db, ct) is not { } mail)
        {
            return Outcome.Nothing;
        }

        var isDecoy = mail.Recipient == OutboxMail.DecoyRecipient;
        if (mail.ValidUntil <= clock.Now())
        {
            await GiveUpAsync(db, mail, "Its link ran out before it could be sent.", ct);
            return Outcome.Sent;
        }

        try
        {
            var content = outbox.Open(mail);
            if (!isDecoy)
            {
                await mailer.SendAsync(new OutgoingMail(mail.Id, mail.Kind, mail.Recipient, mail.CreatedAt, content), ct);
            }
        }
        catch (Exception exception)
            when (exception is MailRefusedException or CryptographicException
                || (mail.Attempts + 1 >= MaxAttempts && !ct.IsCancellationRequested)
            )
        {
            ConsoleMetrics.MailTried("given_up");
            log.LogWarning("Gave up sending the email to {Recipient} ({Kind}): {Problem}", mail.Recipient, mail.Kind, Say(exception));
            await GiveUpAsync(db, mail, Say(exception), ct);
            return Outcome.Sent;
        }
        catch (Exception exception) when (!ct.IsCancellationRequested)
        {
            ConsoleMetrics.MailTried("failed");
            var wait = WaitAfter(mail.Attempts + 1);
            log.LogWarning(
                "Could not send the email to {Recipient} ({Kind}); retrying in {Seconds} s: {Problem}",
                mail.Recipient,
                mail.Kind,
                wait.TotalSeconds,
                Say(exception)
            );
            var (due, problem) = (clock.Now() + wait, Say(exception));
            await db.WriteUnauditedAsync(
                UnauditedWrite.Outbox,
                () =>
                    Taken(db, mail)
                        .ExecuteUpdateAsync(set => set.SetProperty(row => row.DueAt, due).SetProperty(row => row.LastError, problem), ct),
                ct
            );
            return Outcome.Failed;
        }

        ConsoleMetrics.MailTried("sent");
        var now = clock.Now();
        // The email is sent; a shutdown must not prevent recording that.
        await db.WriteUnauditedAsync(
            UnauditedWrite.Outbox,
            () =>
                db
                    .OutboxMails.Where(row => row.Id == mail.Id)
                    .ExecuteUpdateAsync(
                        set =>
                            set.SetProperty(row => row.State, isDecoy ? MailStates.Decoy : MailStates.Sent)
                                .SetProperty(row => row.SentAt, now)
                                .SetProperty(row => row.Content, (byte[]?)null)
                                .SetProperty(row => row.LastError, (string?)null),
                        CancellationToken.None
                    ),
            CancellationToken.None
        );
        return Outcome.Sent;
    }

    /// <summary>Claims the next due email for the duration of the lease. Returns null if none is due.</summary>
    private async Task<OutboxMail?> ClaimAsync(AppDbContext db, CancellationToken ct)
    {
        while (true)
        {
            var now = clock.Now();
            var next = await db
                .OutboxMails.AsNoTracking()
                .Where(mail => mail.State == MailStates.Waiting && mail.DueAt <= now)
                .OrderBy(mail => mail.DueAt)
                .ThenBy(mail => mail.Id)
                .FirstOrDefaultAsync(ct);
            if (next is null)
            {
                return null;
            }

            var until = now + Lease;
            if (
                await db.WriteUnauditedAsync(
                    UnauditedWrite.Outbox,
                    () =>
                        db
                            .OutboxMails.Where(mail => mail.Id == next.Id && mail.State == MailStates.Waiting && mail.DueAt == next.DueAt)
                            .ExecuteUpdateAsync(
                                set =>
                                    set.SetProperty(mail => mail.DueAt, until)
                                        .SetProperty(mail => mail.Attempts, mail => mail.Attempts + 1),
                                ct
                            ),
                    ct
                ) == 1
            )
            {
                return next;
            }
        }
    }

    private static Task<int> GiveUpAsync(AppDbContext db, OutboxMail mail, string problem, CancellationToken ct) =>
        db.WriteUnauditedAsync(
            UnauditedWrite.Outbox,
            () =>
                Taken(db, mail)
                    .ExecuteUpdateAsync(
                        set => set.SetProperty(row => row.State, MailStates.Dead).SetProperty(row => row.LastError, problem),
                        ct
                    ),
            ct
        );

    // Matches only this worker's claim. If the lease expired and another worker claimed the email, that worker's result
    // is kept.
    private static IQueryable<OutboxMail> Taken(AppDbContext db, OutboxMail mail) =>
        db.OutboxMails.Where(row => row.Id == mail.Id && row.State == MailStates.Waiting && row.Attempts == mail.Attempts + 1);

    private static string Say(Exception exception) =>
        exception switch
        {
            MailRefusedException or MailServerException or TimeoutException => exception.Message,
            SocketException socket => $"The mail server can't be reached: {socket.Message}",
            CryptographicException => "The mail can't be decrypted: its row was altered, or the key is a different one.",
            _ => $"{exception.GetType().Name}: {TextLine.Of(exception.Message)}",
        };

    private async Task WaitAsync(CancellationToken ct)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(PollInterval);
        try
        {
            await outbox.WaitForSignalAsync(timeout.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // Poll again: other nodes queue emails too, and failed emails become due.
        }
    }
}
