using Microsoft.Extensions.Hosting;

namespace AdminConsole.Core.Common;

/// <summary>How a round of a worker went; without a problem it went well.</summary>
public sealed record WorkerRun(DateTimeOffset At, string? Problem);

/// <summary>Something that works beside the requests, and remembers how its last round went.</summary>
public abstract class Worker(string name) : BackgroundService
{
    private volatile WorkerRun? lastRun;

    public string Name => name;

    /// <summary>Null until the first round on this node is over.</summary>
    public WorkerRun? LastRun => lastRun;

    /// <summary>The same round, remembered. What it throws is thrown on.</summary>
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
