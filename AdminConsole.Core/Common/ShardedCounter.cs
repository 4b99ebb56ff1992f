namespace AdminConsole.Core.Common;

/// <summary>A count that all processors add to at once without passing one line of memory around: each has its
/// own.</summary>
internal sealed class ShardedCounter
{
    // 128 bytes: two lines of memory, which some processors fetch together.
    private const int Apart = 16;

    private readonly long[] counts = new long[(Environment.ProcessorCount + 1) * Apart];

    public long Sum
    {
        get
        {
            var sum = 0L;
            for (var own = Apart; own < counts.Length; own += Apart)
            {
                sum += Volatile.Read(ref counts[own]);
            }

            return sum;
        }
    }

    // A thread may be moved between the two, so the addition has to be safe all the same.
    public void Increment() =>
        Interlocked.Increment(ref counts[((Thread.GetCurrentProcessorId() % Environment.ProcessorCount) + 1) * Apart]);
}
