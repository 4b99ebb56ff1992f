using AdminConsole.Core.Common;
using Microsoft.Extensions.Caching.Memory;

namespace AdminConsole.Core.Security;

/// <summary>Remembers for an hour what was written down, so that a loop cannot flood the log.</summary>
internal sealed class HourlyDeduplicator(TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    private readonly MemoryCache seen = new(new MemoryCacheOptions { SizeLimit = 100_000 });
    private readonly Lock turn = new();

    /// <summary>True the first time within the hour, for one of however many that ask at once.</summary>
    public bool IsNew(object key)
    {
        var now = clock.Now();
        lock (turn)
        {
            if (seen.TryGetValue(key, out DateTimeOffset last) && now - last < Window)
            {
                return false;
            }

            seen.Set(key, now, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = Window, Size = 1 });
            return true;
        }
    }

    /// <summary>It could not be written down after all.</summary>
    public void Evict(object key) => seen.Remove(key);

    public void Dispose() => seen.Dispose();
}
