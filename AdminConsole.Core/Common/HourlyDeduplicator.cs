using Microsoft.Extensions.Caching.Memory;

namespace AdminConsole.Core.Common;

/// <summary>Tracks which keys were recorded in the last hour. Prevents a caller in a loop from flooding the audit log.
/// Thread-safe.</summary>
internal sealed class HourlyDeduplicator(TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    private readonly MemoryCache seen = new(new MemoryCacheOptions { SizeLimit = 100_000 });
    private readonly Lock gate = new();

    /// <summary>Returns true for the first call with a key within an hour; of concurrent calls, only one returns
    /// true.</summary>
    public bool IsNew(object key)
    {
        var now = clock.Now();
        lock (gate)
        {
            if (seen.TryGetValue(key, out DateTimeOffset last) && now - last < Window)
            {
                return false;
            }

            seen.Set(key, now, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = Window, Size = 1 });
            return true;
        }
    }

    /// <summary>Removes a key whose event could not be recorded, so that the next attempt counts as new.</summary>
    public void Evict(object key) => seen.Remove(key);

    public void Dispose() => seen.Dispose();
}
