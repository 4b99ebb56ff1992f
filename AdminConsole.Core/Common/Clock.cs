namespace AdminConsole.Core.Common;

public static class Clock
{
    /// <summary>Now, in UTC, cut to the microseconds that both databases keep.</summary>
    public static DateTimeOffset Now(this TimeProvider clock) => clock.GetUtcNow().Stored();

    /// <summary>A time as both databases keep it: in UTC, cut to the microsecond.</summary>
    public static DateTimeOffset Stored(this DateTimeOffset time)
    {
        var utc = time.ToUniversalTime();
        return utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
