using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AdminConsole.Core.Audit;

/// <summary>Inspects the end of the log at startup and every 10 seconds. A rollback is therefore found and logged even
/// when the log is never verified. Stores the highest event id seen in a cursor row.</summary>
public sealed class AuditHeartbeat(
    IServiceScopeFactory scopes,
    AuditHighWaterMark mark,
    ChangeFeed feed,
    TimeProvider clock,
    ILogger<AuditHeartbeat> log
) : PeriodicWorker("auditHeartbeat")
{
    internal const string CursorName = "seen";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private string? known;

    /// <summary>Inspects the log once and returns the fault, or null. The worker calls this at each interval.</summary>
    public async Task<AuditFault?> RunOnceAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var fault = await scope.ServiceProvider.GetRequiredService<AuditInspection>().InspectAsync(ct);
        if (fault is not null && fault.Problem != known)
        {
            log.LogCritical("The audit log failed its integrity check. {Problem}", fault.Problem);
        }

        known = fault?.Problem;
        if (fault is null && mark.Current is { LastId: > 0 } seen)
        {
            await StoreAsync(scope.ServiceProvider.GetRequiredService<AppDbContext>(), seen.LastId, ct);
        }

        return fault;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        const string failure = "The end of the audit log could not be inspected";
        var run = StoringResult(clock, RunOnceAsync);
        feed.AfterRemoteCommit = InspectAsync;
        try
        {
            await run(stoppingToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            log.LogError(exception, "{Failure}; retrying in {Interval}.", failure, Interval);
        }

        await RunPeriodicallyAsync(clock, Interval, run, log, failure, stoppingToken);
    }

    // A notice of another node can be forged, but a signed head can't. Each node therefore records how far the others
    // wrote.
    private async Task InspectAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<AuditInspection>().InspectAsync(ct);
    }

    private static async Task StoreAsync(AppDbContext db, long last, CancellationToken ct)
    {
        var stored = await db.AuditCursors.AsNoTracking().SingleOrDefaultAsync(cursor => cursor.Name == CursorName, ct);
        if (stored?.LastId >= last)
        {
            return;
        }

        await db.WriteUnauditedAsync(
            UnauditedWrite.AuditHeartbeat,
            async () =>
            {
                if (
                    await db
                        .AuditCursors.Where(cursor => cursor.Name == CursorName)
                        .ExecuteUpdateAsync(
                            set => set.SetProperty(cursor => cursor.LastId, cursor => cursor.LastId < last ? last : cursor.LastId),
                            ct
                        ) == 0
                )
                {
                    db.Add(new AuditCursor { Name = CursorName, LastId = last });
                }

                return await db.SaveChangesAsync(ct);
            },
            ct
        );
    }
}
