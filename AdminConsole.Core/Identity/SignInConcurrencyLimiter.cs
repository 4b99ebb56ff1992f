namespace AdminConsole.Core.Identity;

/// <summary>Limits concurrent sign-ins per name, known or unknown. A caller waits up to 10 seconds for a slot. Names
/// are hashed to 256 semaphores, so that different names rarely share one.</summary>
public sealed class SignInConcurrencyLimiter : IDisposable
{
    private const int MaxConcurrent = 4;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim[] gates = [.. Enumerable.Range(0, 256).Select(_ => new SemaphoreSlim(MaxConcurrent, MaxConcurrent))];

    internal async Task<IDisposable?> EnterAsync(string name, CancellationToken ct)
    {
        var gate = gates[(uint)string.GetHashCode(name, StringComparison.Ordinal) % gates.Length];
        return await gate.WaitAsync(Timeout, ct) ? new Lease(gate) : null;
    }

    public void Dispose() => Array.ForEach(gates, gate => gate.Dispose());

    private sealed class Lease(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
