namespace AdminConsole.Core;

public static class Clock
{
    /// <summary>Now, in UTC, cut to the microseconds that both databases keep.</summary>
    public static DateTimeOffset Now(this TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
