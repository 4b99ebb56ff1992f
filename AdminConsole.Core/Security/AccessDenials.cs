using Microsoft.Extensions.Caching.Memory;

namespace AdminConsole.Core.Security;

/// <summary>Refusals for lack of a right are recorded once per person, door and hour, so that a loop cannot flood the log.</summary>
public sealed class AccessDenials(TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    private readonly MemoryCache seen = new(new MemoryCacheOptions { SizeLimit = 100_000 });

    /// <summary>True the first time within the hour; nobody known is never recorded.</summary>
    public bool IsNew(Actor actor, string door)
    {
        var key = (actor.UserId, door);
        var now = clock.Now();
        if (actor.UserId is null || (seen.TryGetValue(key, out DateTimeOffset last) && now - last < Window))
        {
            return false;
        }

        seen.Set(key, now, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = Window, Size = 1 });
        return true;
    }

    public void Dispose() => seen.Dispose();
}
