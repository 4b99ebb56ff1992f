using System.Diagnostics;

namespace AdminConsole.Core.Common;

/// <summary>A look that is taken at most once at a time, and at most once in so long: however many ask, the database is
/// asked once.</summary>
internal sealed class SingleFlightCache<T>(TimeSpan lasts, Func<Task<T>> look)
{
    private readonly Lock gate = new();
    private Task<T>? current;
    private long began;

    /// <summary>Something changed: the next one who asks looks anew.</summary>
    public void Clear()
    {
        lock (gate)
        {
            current = null;
        }
    }

    /// <summary>The answer, or what the look threw. Throws <see cref="TimeoutException"/> where it takes longer; the
    /// look goes on, and no second one begins.</summary>
    public Task<T> GetAsync(TimeSpan patience, CancellationToken ct)
    {
        lock (gate)
        {
            if (current is null || (current.IsCompleted && Stopwatch.GetElapsedTime(began) >= lasts))
            {
                began = Stopwatch.GetTimestamp();
                // SQLite's driver works on the thread that asks.
                current = Task.Run(look, CancellationToken.None);
            }

            return current.WaitAsync(patience, ct);
        }
    }
}
