using AdminConsole.Core.Authentication;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Email;
using AdminConsole.Core.OAuth;
using AdminConsole.Core.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AdminConsole.Core.System;

/// <summary>Removes expired data every 5 minutes: sessions, devices and device requests, single-use links, new-device
/// alerts, failed sign-in attempts, consumed tokens, browsers not seen for a year, access tokens that ended a year ago,
/// and emails that were sent a week ago or failed a month ago.</summary>
public sealed class Housekeeping(IServiceScopeFactory scopes, LeaderLock leader, TimeProvider clock, ILogger<Housekeeping> log)
    : PeriodicWorker("housekeeping")
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    // Until then, the reuse of a rotated token is detected.
    private static readonly TimeSpan TokensKept = TimeSpan.FromDays(365);

    /// <summary>Runs once; the worker calls it periodically.</summary>
    public async Task RunOnceAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        await scope.ServiceProvider.GetRequiredService<SessionRegistry>().PurgeAsync(ct);
        await scope.ServiceProvider.GetRequiredService<ConnectedDevices>().PurgeAsync(ct);
        var now = clock.Now();
        var windowStart = now.AddMinutes(-(await db.SettingsAsync(ct)).LockoutWindowMinutes);
        var (yearAgo, weekAgo, monthAgo) = (now - TokensKept, now.AddDays(-7), now.AddDays(-30));
        await db.WriteUnauditedAsync(
            UnauditedWrite.Purge,
            async () =>
                await db.SingleUseLinks.Where(link => link.ExpiresAt <= now).ExecuteDeleteAsync(ct)
                + await db.NewDeviceAlerts.Where(alert => alert.ExpiresAt <= now).ExecuteDeleteAsync(ct)
                + await db
                    .OutboxMails.Where(mail => mail.CreatedAt < weekAgo)
                    .Where(mail => mail.CreatedAt < monthAgo || mail.State == MailStates.Sent || mail.State == MailStates.Decoy)
                    .ExecuteDeleteAsync(ct)
                + await db.FailedSignInAttempts.Where(failure => failure.At <= windowStart).ExecuteDeleteAsync(ct)
                + await db.FailedAttemptBuckets.Where(budget => budget.TouchedAt <= windowStart).ExecuteDeleteAsync(ct)
                + await db.ConsumedTokens.Where(ticket => ticket.ExpiresAt <= now).ExecuteDeleteAsync(ct)
                + await db.KnownBrowsers.Where(browser => browser.LastSeenAt < now - KnownBrowser.Lifetime).ExecuteDeleteAsync(ct)
                + await db
                    .PersonalAccessTokens.Where(token =>
                        token.RevokedAt < yearAgo || token.ExpiresAt < yearAgo || token.OverlapEndsAt < yearAgo
                    )
                    .ExecuteDeleteAsync(ct),
            ct
        );
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        RunPeriodicallyAsync(
            clock,
            Interval,
            ct => leader.RunAsync(StoringResult(clock, RunOnceAsync), ct),
            log,
            "Expired data could not be removed",
            stoppingToken
        );
}
