using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Email;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AdminConsole.Core.System;

/// <summary>Counts the items that need attention, for the badges of the navigation. All open pages share the counts.
/// They are read when a page is opened, at most every 20 seconds, and again after a relevant change.</summary>
public sealed class Attention : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly SingleFlightCache<AttentionCounts> counts;
    private readonly IDisposable subscription;

    public Attention(IServiceScopeFactory scopes, ChangeFeed feed, TimeProvider clock)
    {
        counts = new(Interval, () => CountAsync(scopes, clock));
        subscription = feed.Listen(notices =>
        {
            if (notices.Any(Affects))
            {
                counts.Clear();
            }
        });
    }

    /// <summary>True for a change that may alter the counts.</summary>
    public static bool Affects(ChangeNotice notice) =>
        notice.TargetType == AuditTargetTypes.Token
        || notice.Action
            is AuditActions.LockedOut
                or AuditActions.UserUnlocked
                or AuditActions.UserActivated
                or AuditActions.UserDeactivated
                or AuditActions.UserLockedDown
                or AuditActions.UserDeleted
                or AuditActions.PasswordReset
                or AuditActions.AdminRecovered;

    public void Dispose() => subscription.Dispose();

    /// <summary>Returns the counts that the actor may see; zero for the others, and when the database doesn't
    /// answer.</summary>
    public async Task<AttentionCounts> GetAsync(Actor actor, CancellationToken ct)
    {
        try
        {
            var all = await counts.GetAsync(Timeout, ct);
            return new AttentionCounts(
                actor.Can(Permissions.UsersRead) ? all.LockedUsers : 0,
                actor.Can(Permissions.TokensRead) ? all.TokensExpiring : 0,
                actor.Can(Permissions.SettingsWrite) ? all.FailedMails : 0
            );
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A badge must not fail a page. The page itself reports the error.
            return new AttentionCounts(0, 0, 0);
        }
    }

    private static async Task<AttentionCounts> CountAsync(IServiceScopeFactory scopes, TimeProvider clock)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        var now = clock.Now();
        return new AttentionCounts(
            await db.Users.LongCountAsync(user => user.LockoutEnd > now && user.Active),
            await db.PersonalAccessTokens.ExpiringSoon(now).LongCountAsync(),
            await db.OutboxMails.LongCountAsync(mail => mail.State == MailStates.Dead)
        );
    }
}
