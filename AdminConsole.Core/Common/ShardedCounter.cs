namespace AdminConsole.Core.Common;

/// <summary>A counter sharded per CPU to avoid false sharing.</summary>
internal sealed class ShardedCounter
{
    // 128 bytes: two cache lines, which some processors fetch together.
    private const int Stride = 16;

    private readonly long[] counts = new long[(Environment.ProcessorCount + 1) * Stride];

    public long Sum
    {
        get
        {
            var sum = 0L;
            for (var shard = Stride; shard < counts.Length; shard += Stride)
            {
                sum += Volatile.Read(ref counts[shard]);
            }

            return sum;
        }
    }

    // The thread may move to another CPU between the two calls, so the increment must be atomic.
    public void Increment() =>
        Interlocked.Increment(ref counts[((Thread.GetCurrentProcessorId() % Environment.ProcessorCount) + 1) * Stride]);
}
