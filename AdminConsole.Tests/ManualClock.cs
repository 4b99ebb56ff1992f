namespace AdminConsole.Tests;

/// <summary>A clock that follows the real time until a test moves it. Pending timers are not affected.</summary>
public sealed class ManualClock : TimeProvider
{
    private long ahead;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref ahead));

    public void Advance(TimeSpan by) => Interlocked.Add(ref ahead, by.Ticks);
}
