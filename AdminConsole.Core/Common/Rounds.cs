using Microsoft.Extensions.Logging;

namespace AdminConsole.Core.Common;

/// <summary>What workers do again and again. A round that fails is logged, and the next one tries again.</summary>
internal static class Rounds
{
    /// <param name="clock">What the rounds go by.</param>
    /// <param name="every">From the beginning of one round to the next.</param>
    /// <param name="round">One round.</param>
    /// <param name="log">Where a failure is written.</param>
    /// <param name="failure">What could not be done, as a sentence without its full stop.</param>
    /// <param name="ct">Ends the rounds.</param>
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
