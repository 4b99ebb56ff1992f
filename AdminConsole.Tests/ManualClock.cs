namespace AdminConsole.Tests;

/// <summary>Runs with the real time until a test moves it ahead; a timer that waits is not moved.</summary>
public sealed class ManualClock : TimeProvider
{
    private long ahead;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref ahead));

    public void Advance(TimeSpan by) => Interlocked.Add(ref ahead, by.Ticks);
}
