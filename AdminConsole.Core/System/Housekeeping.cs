using AdminConsole.Core.Authentication;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Email;
using AdminConsole.Core.OAuth;
using AdminConsole.Core.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AdminConsole.Core.System;

/// <summary>Every few minutes, removes what has expired: sessions, devices and requests to connect one, reset links,
/// sign-in budgets, browsers not seen for a year, tokens that ended a year ago, mails that were sent a week ago or
/// given up a month ago.</summary>
public sealed class Housekeeping(IServiceScopeFactory scopes, LeaderLock duty, TimeProvider clock, ILogger<Housekeeping> log)
    : Worker("housekeeping")
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    // Until then a rotated-out token that turns up is known for what it is.
    private static readonly TimeSpan TokensKept = TimeSpan.FromDays(365);

    /// <summary>One round; the worker does it regularly.</summary>
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
                + await db.SignInAlerts.Where(alert => alert.ExpiresAt <= now).ExecuteDeleteAsync(ct)
                + await db
                    .OutboxMails.Where(mail =>
                        mail.CreatedAt < monthAgo
                        || (mail.CreatedAt < weekAgo && (mail.State == MailStates.Sent || mail.State == MailStates.Decoy))
                    )
                    .ExecuteDeleteAsync(ct)
                + await db.SignInFailures.Where(failure => failure.At <= windowStart).ExecuteDeleteAsync(ct)
                + await db.SignInBudgets.Where(budget => budget.TouchedAt <= windowStart).ExecuteDeleteAsync(ct)
                + await db.SpentTickets.Where(ticket => ticket.ExpiresAt <= now).ExecuteDeleteAsync(ct)
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
        Rounds.RunAsync(
            clock,
            Interval,
            ct => duty.RunAsync(Noted(clock, RunOnceAsync), ct),
            log,
            "What has expired could not be removed",
            stoppingToken
        );
}
