using Microsoft.Extensions.Hosting;

namespace AdminConsole.Core.Common;

/// <summary>The result of a run of a worker. Without a problem, it succeeded.</summary>
public sealed record WorkerRun(DateTimeOffset At, string? Problem);

/// <summary>A background worker that stores the result of its last run.</summary>
public abstract class Worker(string name) : BackgroundService
{
    private volatile WorkerRun? lastRun;

    public string Name => name;

    /// <summary>The result of the last run; null until the first run on this node ends.</summary>
    public WorkerRun? LastRun => lastRun;

    /// <summary>Wraps a run so that its result is stored in <see cref="LastRun"/>. Exceptions are rethrown.</summary>
    protected Func<CancellationToken, Task> Noted(TimeProvider clock, Func<CancellationToken, Task> round) =>
        async ct =>
        {
            var began = clock.Now();
            try
            {
                await round(ct);
                lastRun = new WorkerRun(began, null);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                lastRun = new WorkerRun(began, Problem.Of(exception));
                throw;
            }
        };
}
