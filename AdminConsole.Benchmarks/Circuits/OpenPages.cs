namespace AdminConsole.Benchmarks.Circuits;

/// <summary>Many pages that stay open.</summary>
internal sealed class OpenPages : IAsyncDisposable
{
    // The number of pages opened concurrently; a user opens one page after the other.
    private const int Parallelism = 16;

    private static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource closing = new();

    private OpenPages(IReadOnlyList<Circuit> circuits) => Circuits = circuits;

    public IReadOnlyList<Circuit> Circuits { get; }

    /// <summary>Opens the same page many times, alternating between the browsers.</summary>
    public static async Task<OpenPages> OpenAsync(IReadOnlyList<Browser> browsers, string path, string text, int count)
    {
        var circuits = new Circuit[count];
        await Parallel.ForAsync(
            0,
            count,
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism },
            async (index, _) =>
            {
                var browser = browsers[index % browsers.Count];
                circuits[index] = await Circuit.OpenAsync(browser.Http, new Uri(browser.Address, path), browser.Cookies, text);
            }
        );
        var crowd = new OpenPages(circuits);
        _ = crowd.StayAsync();
        return crowd;
    }

    /// <summary>Completes with the timestamps at which each page receives the text.</summary>
    public Task<long[]> SeesAsync(string text) =>
        Task.WhenAll(Circuits.Select(circuit => circuit.SeesAsync(text))).WaitAsync(TimeSpan.FromMinutes(2));

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        foreach (var circuit in Circuits)
        {
            await circuit.DisposeAsync();
        }

        closing.Dispose();
    }

    private async Task StayAsync()
    {
        using var timer = new PeriodicTimer(PingEvery);
        while (!closing.IsCancellationRequested)
        {
            await timer.WaitForNextTickAsync(closing.Token).AsTask().ContinueWith(_ => { }, TaskScheduler.Default);
            foreach (var circuit in Circuits.Where(circuit => !circuit.ShutOut.IsCompleted))
            {
                await circuit.PingAsync();
            }
        }
    }
}
