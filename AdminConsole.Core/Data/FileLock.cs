namespace AdminConsole.Core.Data;

/// <summary>A lock between processes on this machine, held by opening a file exclusively.</summary>
internal static class FileLock
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits for the lock. Dispose the result to release it.</summary>
    public static async Task<IAsyncDisposable> AcquireAsync(string path, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return PrivateFiles.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(PollInterval, ct);
            }
        }
    }
}
