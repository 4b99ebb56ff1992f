using AdminConsole.Core.Data;
using Microsoft.Extensions.Hosting;

namespace AdminConsole.Core.Backups;

/// <summary>Shows other processes of this machine that a server uses an SQLite file, so that nobody replaces it
/// meanwhile. The system lets go of it when the process is killed.</summary>
public sealed class DatabaseFileLock(string file) : IHostedService, IDisposable
{
    private FileStream? held;

    /// <summary>Holds the file alone, for replacing it; null where a server runs.</summary>
    public static IDisposable? TakeAlone(string file)
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
        held = PrivateFiles.Open(LockOf(file), FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => held?.Dispose();

    private static string LockOf(string file) => file + ".running";
}
