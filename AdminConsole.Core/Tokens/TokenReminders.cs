using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Email;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AdminConsole.Core.Tokens;

/// <summary>Reminds owners 7 days and 1 day before a token expires, once each. Skips tokens with a lifetime no longer
/// than that, replaced tokens, and owners without an email.</summary>
public sealed class TokenReminders(
    IServiceScopeFactory scopes,
    LeaderLock leader,
    Outbox outbox,
    TimeProvider clock,
    ILogger<TokenReminders> log
) : PeriodicWorker("reminders")
{
    private const int BatchSize = 500;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(30);

    /// <summary>Queues the reminders that are due. Returns their number.</summary>
    public async Task<int> RunOnceAsync(CancellationToken ct)
    {
        // The 1-day reminders first, so that a token that is due for both gets only one email.
        var written = await RemindAsync(1, ct) + await RemindAsync(7, ct);
        if (written > 0)
        {
            outbox.Wake();
        }

        return written;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        RunPeriodicallyAsync(
            clock,
            Interval,
            ct => leader.RunAsync(StoringResult(clock, RunOnceAsync), ct),
            log,
            "Reminders about expiring tokens could not be queued",
            stoppingToken
        );

    private async Task<int> RemindAsync(int days, CancellationToken ct)
    {
        for (var written = 0; ; written += BatchSize)
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
            var ids = await Due(db, days).OrderBy(token => token.ExpiresAt).Take(BatchSize).Select(token => token.Id).ToListAsync(ct);
            var now = await db.WriteUnauditedAsync(UnauditedWrite.Outbox, () => WriteAsync(db, days, ids, ct), ct);
            if (ids.Count < BatchSize)
            {
                return written + now;
            }
        }
    }

    // The reminder is stored and queued in one transaction. Of two concurrent nodes, only one updates each row.
    private async Task<int> WriteAsync(AppDbContext db, int days, List<Guid> ids, CancellationToken ct)
    {
        var written = 0;
        foreach (var id in ids)
        {
            if (
                await Due(db, days)
                    .Where(token => token.Id == id)
                    .ExecuteUpdateAsync(set => set.SetProperty(token => token.RemindedDays, days), ct) == 1
            )
            {
                var token = await db.PersonalAccessTokens.AsNoTracking().SingleAsync(row => row.Id == id, ct);
                var email = await db.Users.Where(user => user.Id == token.OwnerId).Select(user => user.Email).SingleAsync(ct);
                if (email is not null)
                {
                    outbox.Add(db, email, EmailTemplates.TokenExpiring(token, days), clock.Now());
                    written++;
                }
            }
        }

        await db.SaveChangesAsync(ct);
        return written;
    }

    private IQueryable<PersonalAccessToken> Due(AppDbContext db, int days)
    {
        var now = clock.Now();
        var (since, until) = (now.AddDays(-days), now.AddDays(days));
        // Skips tokens that have not existed for that long: a token for one day needs no reminder.
        return db.PersonalAccessTokens.Where(token =>
            token.ExpiresAt > now
            && token.ExpiresAt <= until
            && (token.RemindedDays == null || token.RemindedDays > days)
            && token.Active
            && token.RevokedAt == null
            && token.RotatedAt == null
            && token.CreatedAt < since
            && db.Users.Any(user => user.Id == token.OwnerId && user.Active)
        );
    }
}
