using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AdminConsole.Core.Common;

/// <summary>The result of a run of a worker. Without a problem, it succeeded.</summary>
public sealed record WorkerRun(DateTimeOffset At, string? Problem);

/// <summary>A background service that works in runs and stores the result of the last one.</summary>
public abstract class PeriodicWorker(string name) : BackgroundService
{
    private volatile WorkerRun? lastRun;

    public string Name => name;

    /// <summary>The result of the last run; null until the first run on this node ends.</summary>
    public WorkerRun? LastRun => lastRun;

    /// <summary>Runs work at an interval until it is cancelled. A failed run is logged, and the next one tries
    /// again.</summary>
    /// <param name="clock">The clock of the timer.</param>
    /// <param name="interval">The time between the starts of two runs.</param>
    /// <param name="run">One run.</param>
    /// <param name="log">Receives failures.</param>
    /// <param name="failure">The failure to log, as a sentence without its full stop.</param>
    /// <param name="ct">Stops the runs.</param>
    internal static async Task RunPeriodicallyAsync(
        TimeProvider clock,
        TimeSpan interval,
        Func<CancellationToken, Task> run,
        ILogger log,
        string failure,
        CancellationToken ct
    )
    {
        using var timer = new PeriodicTimer(interval, clock);
        while (await timer.WaitForNextTickAsync(ct))
        {
            try
            {
                await run(ct);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !ct.IsCancellationRequested)
            {
                log.LogError(exception, "{Failure}; retrying in {Interval}.", failure, interval);
            }
        }
    }

    /// <summary>Wraps a run so that its result is stored in <see cref="LastRun"/>. Exceptions are rethrown.</summary>
    protected Func<CancellationToken, Task> StoringResult(TimeProvider clock, Func<CancellationToken, Task> run) =>
        async ct =>
        {
            var began = clock.Now();
            try
            {
                await run(ct);
                lastRun = new WorkerRun(began, null);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                lastRun = new WorkerRun(began, Problem.Of(exception));
                throw;
            }
        };
}
