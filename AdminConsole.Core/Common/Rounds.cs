using Microsoft.Extensions.Logging;

namespace AdminConsole.Core.Common;

/// <summary>Runs periodic work. A failed run is logged, and the next one tries again.</summary>
internal static class Rounds
{
    /// <param name="clock">The clock of the timer.</param>
    /// <param name="every">The interval between the starts of two runs.</param>
    /// <param name="round">One run.</param>
    /// <param name="log">Receives failures.</param>
    /// <param name="failure">The failure to log, as a sentence without its full stop.</param>
    /// <param name="ct">Stops the runs.</param>
    public static async Task RunAsync(
        TimeProvider clock,
        TimeSpan every,
        Func<CancellationToken, Task> round,
        ILogger log,
        string failure,
        CancellationToken ct
    )
    {
        using var timer = new PeriodicTimer(every, clock);
        while (await timer.WaitForNextTickAsync(ct))
        {
            try
            {
                await round(ct);
            }
            catch (Exception exception) when (exception is not OperationCanceledException || !ct.IsCancellationRequested)
            {
                log.LogError(exception, "{Failure}; trying again in {Every}.", failure, every);
            }
        }
    }
}
