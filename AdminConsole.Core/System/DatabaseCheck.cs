using System.Diagnostics;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AdminConsole.Core.System;

/// <summary>Checks that the database can be read and accepts a change, which is begun and rolled back. Unhealthy when
/// either fails; degraded when the change waits too long for the write lock. Queries at most once a second, however
/// many callers ask.</summary>
public sealed class DatabaseCheck : IHealthCheck
{
    internal const string Name = "database";

    private const string TookKey = "readMilliseconds";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    private readonly SingleFlightCache<TimeSpan> read;
    private readonly SingleFlightCache<Unit> begun;

    public DatabaseCheck(IServiceScopeFactory scopes)
    {
        read = new(
            HealthServices.PollInterval,
            () =>
                WithAsync(
                    scopes,
                    async db =>
                    {
                        var began = Stopwatch.GetTimestamp();
                        await db.ProbeReadAsync(CancellationToken.None);
                        return Stopwatch.GetElapsedTime(began);
                    }
                )
        );
        begun = new(
            HealthServices.PollInterval,
            () =>
                WithAsync(
                    scopes,
                    async db =>
                    {
                        await db.ProbeWriteAsync(CancellationToken.None);
                        return default(Unit);
                    }
                )
        );
    }

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        TimeSpan took;
        try
        {
            took = await read.GetAsync(Timeout, cancellationToken);
        }
        catch (TimeoutException)
        {
            return HealthCheckResult.Unhealthy($"It has not answered for {Timeout.TotalSeconds} s.");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy($"It cannot be read. {Problem.Of(exception)}");
        }

        try
        {
            await begun.GetAsync(Timeout, cancellationToken);
            return HealthCheckResult.Healthy(data: DataOf(took));
        }
        catch (TimeoutException)
        {
            return HealthCheckResult.Degraded($"A change has waited {Timeout.TotalSeconds} s for the write lock.", data: DataOf(took));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy($"Changes fail. {Problem.Of(exception)}", data: DataOf(took));
        }
    }

    /// <summary>Returns the duration of the small read in milliseconds; null when it failed.</summary>
    internal static double? ReadMilliseconds(HealthReportEntry entry) =>
        entry.Data.TryGetValue(TookKey, out var milliseconds) ? (double)milliseconds : null;

    private static Dictionary<string, object> DataOf(TimeSpan time) => new() { [TookKey] = Math.Round(time.TotalMilliseconds, 2) };

    private static async Task<T> WithAsync<T>(IServiceScopeFactory scopes, Func<AppDbContext, Task<T>> query)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await query(scope.ServiceProvider.GetRequiredService<AppDbContext>());
    }
}
