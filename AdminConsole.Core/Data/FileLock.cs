namespace AdminConsole.Core.Data;

/// <summary>Lets one process of this machine in at a time.</summary>
internal static class FileLock
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits for the lock; dispose what it returns to let the next one in.</summary>
    public static async Task<IAsyncDisposable> TakeAsync(string path, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return PrivateFiles.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(Timeout, ct);
            }
        }
    }
}
