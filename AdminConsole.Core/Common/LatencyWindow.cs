using AdminConsole.Core.Contracts;

namespace AdminConsole.Core.Common;

/// <summary>The durations of the last 256 operations. Thread-safe.</summary>
public sealed class LatencyWindow
{
    private readonly double[] milliseconds = new double[256];
    private readonly Lock gate = new();
    private long count;

    public void Add(TimeSpan time)
    {
        lock (gate)
        {
            milliseconds[count++ % milliseconds.Length] = time.TotalMilliseconds;
        }
    }

    public Timing ToTiming()
    {
        double[] sorted;
        lock (gate)
        {
            sorted = milliseconds[..(int)Math.Min(count, milliseconds.Length)];
        }

        Array.Sort(sorted);
        return sorted.Length == 0
            ? new Timing(null, null)
            : new Timing(Math.Round(sorted[sorted.Length / 2], 2), Math.Round(sorted[^1], 2));
    }
}
