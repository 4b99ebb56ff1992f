using Microsoft.Extensions.Hosting;

namespace AdminConsole.Core.Data.Sqlite;

/// <summary>Marks an SQLite file as used by a server, so that no other process on this machine replaces it. The
/// operating system releases the lock when the process is killed.</summary>
public sealed class DatabaseFileLock(string file) : IHostedService, IDisposable
{
    private FileStream? lockFile;

    /// <summary>Takes the lock exclusively, for replacing the file; null while a server runs.</summary>
    public static IDisposable? TryAcquireExclusive(string file)
    {
        try
        {
            return PrivateFiles.Open(LockOf(file), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(LockOf(file)))
        {
            return null;
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lockFile = PrivateFiles.Open(LockOf(file), FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => lockFile?.Dispose();

    private static string LockOf(string file) => file + ".running";
}
