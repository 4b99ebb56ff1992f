using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Email;

/// <summary>The email status and actions for administrators. Requires settings.write; actions also need a recent
/// sign-in.</summary>
public sealed class OutboxAdministration(AppDbContext db, Outbox outbox, IMailer mailer, TimeProvider clock)
{
    private const int MaxListed = 50;

    private static readonly AuditTarget Mail = new(AuditTargetTypes.Mail, null, null);

    public async Task<Result<OutboxStatus>> GetAsync(Actor actor, CancellationToken ct)
    {
        if (actor.Require(Permissions.SettingsWrite) is { } refused)
        {
            return refused;
        }

        // Permanently failed emails first, then those waiting for a retry. Emails never tried are only counted.
        var failed = await db
            .OutboxMails.AsNoTracking()
            .Where(mail => mail.State == MailStates.Dead || (mail.State == MailStates.Waiting && mail.LastError != null))
            .OrderBy(mail => mail.State)
            .ThenByDescending(mail => mail.Id)
            .Take(MaxListed)
            .Select(mail => new FailedMail(
                mail.Id,
                mail.Kind,
                mail.Recipient,
                mail.CreatedAt,
                mail.State == MailStates.Dead,
                mail.Attempts,
                mail.LastError,
                mail.DueAt
            ))
            .ToListAsync(ct);
        return new OutboxStatus(
            mailer.Name,
            mailer.DeliversToRecipients,
            await CountAsync(MailStates.Waiting, ct),
            await CountAsync(MailStates.Dead, ct),
            await CountAsync(MailStates.Sent, ct),
            failed
        );
    }

    /// <summary>Makes one email, or all failed emails, due for sending now. Returns how many.</summary>
    public async Task<Result<int>> RetryAsync(Actor actor, Guid? id, CancellationToken ct)
    {
        var retried =
            actor.RequireRecentSignIn(clock.Now())
            ?? await db.ChangeAsync<int>(
                actor,
                Permissions.SettingsWrite,
                async change =>
                {
                    var count = await db
                        .OutboxMails.Where(mail => id == null || mail.Id == id)
                        .Where(mail =>
                            (mail.State == MailStates.Waiting && mail.LastError != null && mail.DueAt > change.At)
                            || (mail.State == MailStates.Dead && mail.Content != null)
                        )
                        .ExecuteUpdateAsync(
                            set =>
                                set.SetProperty(mail => mail.State, MailStates.Waiting)
                                    .SetProperty(mail => mail.Attempts, 0)
                                    .SetProperty(mail => mail.DueAt, change.At),
                            ct
                        );
                    if (count > 0)
                    {
                        change.Record(AuditActions.SettingsUpdated, Mail, new { mailsRetried = count });
                    }

                    return count;
                },
                ct
            );
        outbox.Wake();
        return retried;
    }

    /// <summary>Makes one failed email due for sending now. Refused as <c>not_found</c> if it doesn't exist or hasn't
    /// failed.</summary>
    public async Task<Result<int>> RetryOneAsync(Actor actor, Guid id, CancellationToken ct)
    {
        var retried = await RetryAsync(actor, id, ct);
        return retried.Refusal is null && retried.Value == 0 ? Refusal.NotFound("This email doesn't exist or was already sent.") : retried;
    }

    /// <summary>Sends a test email to the actor's own address. Bypasses the outbox, so that an error is reported
    /// immediately. Refused as <c>mail_failed</c>.</summary>
    public async Task<Result<string>> SendTestAsync(Actor actor, CancellationToken ct)
    {
        if ((actor.Require(Permissions.SettingsWrite) ?? actor.RequireRecentSignIn(clock.Now())) is { } refused)
        {
            return refused;
        }

        var now = clock.Now();
        if (await db.Users.Where(user => user.Id == actor.UserId).Select(user => user.Email).SingleAsync(ct) is not { } email)
        {
            return Refusal.Conflict("mail_failed", "Your account has no email to send a test to.");
        }

        Refusal? failed = null;
        try
        {
            await mailer.SendAsync(
                new OutgoingMail(Guid.CreateVersion7(now), "test", email, now, outbox.Render(EmailTemplates.Test(actor.Name))),
                ct
            );
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            failed = Refusal.Conflict("mail_failed", $"The test email couldn't be sent: {TextLine.Of(exception.Message)}");
        }

        return await db.ChangeAsync<string>(
            actor,
            Permissions.SettingsWrite,
            change =>
            {
                change.Record(AuditActions.SettingsUpdated, Mail, new { testMail = email, sent = failed is null });
                return Task.FromResult<Result<string>>(failed is null ? email : failed.Recorded());
            },
            ct
        );
    }

    private Task<int> CountAsync(string state, CancellationToken ct) => db.OutboxMails.CountAsync(mail => mail.State == state, ct);
}
