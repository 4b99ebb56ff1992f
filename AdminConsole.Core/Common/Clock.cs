namespace AdminConsole.Core.Common;

public static class Clock
{
    /// <summary>Returns the current time in UTC, truncated to the microseconds that both databases store.</summary>
    public static DateTimeOffset Now(this TimeProvider clock) => clock.GetUtcNow().Stored();

    /// <summary>Converts a time to the form that both databases store: UTC, truncated to microseconds.</summary>
    public static DateTimeOffset Stored(this DateTimeOffset time)
    {
        var utc = time.ToUniversalTime();
        return utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    /// <summary>Returns the microseconds since 1970, as the audit chain hashes them and SQLite stores them.</summary>
    public static long ToMicroseconds(this DateTimeOffset time) =>
        (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}
