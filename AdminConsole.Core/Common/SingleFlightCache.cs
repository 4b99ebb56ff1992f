using System.Diagnostics;

namespace AdminConsole.Core.Common;

/// <summary>Caches the result of a query. The query runs at most once at a time and once per lifetime, however many
/// callers ask.</summary>
internal sealed class SingleFlightCache<T>(TimeSpan lifetime, Func<Task<T>> load)
{
    private readonly Lock gate = new();
    private Task<T>? current;
    private long began;

    /// <summary>Evicts the value, including one that is being loaded. The next call runs the query again.</summary>
    public void Clear()
    {
        lock (gate)
        {
            current = null;
        }
    }

    /// <summary>Returns the value, or throws the exception of the query. Throws <see cref="TimeoutException"/> after
    /// the timeout; the query continues, and no second one starts.</summary>
    public Task<T> GetAsync(TimeSpan timeout, CancellationToken ct)
    {
        lock (gate)
        {
            if (current is null || (current.IsCompleted && Stopwatch.GetElapsedTime(began) >= lifetime))
            {
                began = Stopwatch.GetTimestamp();
                // SQLite's driver runs on the calling thread.
                current = Task.Run(load, CancellationToken.None);
            }

            return current.WaitAsync(timeout, ct);
        }
    }
}
