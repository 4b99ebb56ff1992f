using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AdminConsole.Core.Audit;

/// <summary>
/// Looks at the end of the log at start and every ten seconds, so that a rollback is found and logged whether anybody
/// verifies or not, and stores how far the log
/// was seen in a row of its own.
/// </summary>
public sealed class AuditHeartbeat(IServiceScopeFactory scopes, AuditHighWaterMark mark, TimeProvider clock, ILogger<AuditHeartbeat> log)
    : Worker("auditHeartbeat")
{
    internal const string CursorName = "seen";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private string? known;

    /// <summary>One round; the worker does it regularly.</summary>
    public async Task<AuditFault?> RunOnceAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var fault = await scope.ServiceProvider.GetRequiredService<AuditInspection>().LookAsync(ct);
        if (fault is not null && fault.Problem != known)
        {
            log.LogCritical("The audit log is not in order. {Problem}", fault.Problem);
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
        const string failure = "The end of the audit log could not be looked at";
        var round = Noted(clock, RunOnceAsync);
        try
        {
            await round(stoppingToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            log.LogError(exception, "{Failure}; trying again in {Every}.", failure, Interval);
        }

        await Rounds.RunAsync(clock, Interval, round, log, failure, stoppingToken);
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
