namespace AdminConsole.Core.Authentication;

/// <summary>A few sign-ins at a time for each name, known or not; other names hardly ever share them.</summary>
public sealed class SignInConcurrencyLimiter : IDisposable
{
    private const int MaxConcurrent = 4;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim[] turns = [.. Enumerable.Range(0, 256).Select(_ => new SemaphoreSlim(MaxConcurrent, MaxConcurrent))];

    internal async Task<IDisposable?> EnterAsync(string name, CancellationToken ct)
    {
        var turn = turns[(uint)string.GetHashCode(name, StringComparison.Ordinal) % turns.Length];
        return await turn.WaitAsync(Timeout, ct) ? new Lease(turn) : null;
    }

    public void Dispose() => Array.ForEach(turns, turn => turn.Dispose());

    private sealed class Lease(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
