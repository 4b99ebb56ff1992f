using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AdminConsole.Core.Users;

/// <summary>Reactivates users whose deactivation has expired. Runs every 15 seconds on the leader.</summary>
public sealed class Reactivation(IServiceScopeFactory scopes, LeaderLock leader, TimeProvider clock, ILogger<Reactivation> log)
    : PeriodicWorker("reactivation")
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);
    private static readonly Actor System = Actor.System("reactivation");

    /// <summary>Runs one pass, and returns the number of users that were reactivated. The worker calls it
    /// periodically.</summary>
    public async Task<int> RunOnceAsync(CancellationToken ct)
    {
        var now = clock.Now();
        await using var scope = scopes.CreateAsyncScope();
        var due = await Due(scope.ServiceProvider.GetRequiredService<AppDbContext>(), now).Select(user => user.Id).ToListAsync(ct);
        var activated = 0;
        foreach (var id in due)
        {
            activated += await ActivateAsync(id, ct) ? 1 : 0;
        }

        return activated;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        RunPeriodicallyAsync(
            clock,
            Interval,
            ct => leader.RunAsync(StoringResult(clock, RunOnceAsync), ct),
            log,
            "Could not reactivate users whose deactivation has expired",
            stoppingToken
        );

    // Queried again inside the change, because another node or an administrator may have changed the user since.
    private async Task<bool> ActivateAsync(Guid id, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        var activated = await db.ChangeAsync<bool>(
            System,
            null,
            async change =>
            {
                if (await Due(db, change.At).SingleOrDefaultAsync(user => user.Id == id, ct) is not { } user)
                {
                    return false;
                }

                var until = user.DeactivatedUntil;
                user.Activate(change.At);
                change.Record(AuditActions.UserActivated, user.AsTarget(), new { reason = "the deactivation had an end", until });
                return true;
            },
            ct,
            ChangeLock.Administrators
        );
        return activated.Value;
    }

    private static IQueryable<AppUser> Due(AppDbContext db, DateTimeOffset now) =>
        db.Users.Where(user => !user.Active && user.DeactivatedUntil <= now);
}
