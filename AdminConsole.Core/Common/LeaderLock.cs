using Microsoft.Extensions.Logging;
using Npgsql;

namespace AdminConsole.Core.Common;

/// <summary>Leader election by a PostgreSQL session advisory lock. The lock is held as long as its connection lasts;
/// then the next node that asks becomes the leader. On SQLite there is one node, which always leads. The lock saves
/// work and keeps forwarded events together. Actions that must never happen twice are decided by database
/// rows.</summary>
public sealed class LeaderLock(DatabaseOptions database, ILogger<LeaderLock> log) : IDisposable
{
    /// <summary>The name of the connection in pg_stat_activity.</summary>
    internal const string ApplicationName = "AdminConsole leader";

    // An arbitrary number that every node shares and no other lock uses.
    private const long Lock = 0x41434F4E_00000003;

    private const int TimeoutSeconds = 2;

    // TCP keepalive: the server closes the connection of a vanished machine within 20 seconds, not two hours.
    private const string KeepAlive = "SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3";

    private readonly SemaphoreSlim gate = new(1, 1);
    private NpgsqlConnection? connection;
    private bool isLeader;

    /// <summary>Runs the work when this node is the leader; otherwise does nothing.</summary>
    public async Task RunAsync(Func<CancellationToken, Task> work, CancellationToken ct)
    {
        if (await TryHoldAsync(ct))
        {
            await work(ct);
        }
    }

    /// <summary>Tries to acquire or keep the lock, and returns true when this node is the leader. Queries the database
    /// each time.</summary>
    public async Task<bool> TryHoldAsync(CancellationToken ct)
    {
        if (database.Provider == DatabaseProvider.Sqlite)
        {
            return true;
        }

        await gate.WaitAsync(ct);
        try
        {
            return await AskAsync(ct);
        }
        catch (NpgsqlException) when (!ct.IsCancellationRequested)
        {
            // Most likely the connection broke since the last call, which released the lock. Retry on a new connection.
            return await AskAsync(ct);
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose()
    {
        connection?.Dispose();
        gate.Dispose();
    }

    private async Task<bool> AskAsync(CancellationToken ct)
    {
        try
        {
            connection ??= await ConnectAsync(ct);
            // Advisory locks are reentrant: the leader gets the lock again.
            await using var ask = new NpgsqlCommand($"SELECT pg_try_advisory_lock({Lock})", connection);
            var acquired = await ask.ExecuteScalarAsync(ct) is true;
            if (acquired && !isLeader)
            {
                log.LogInformation("This node is now the leader for background jobs.");
            }

            return isLeader = acquired;
        }
        catch
        {
            isLeader = false;
            if (connection is { } broken)
            {
                connection = null;
                await broken.DisposeAsync();
            }

            throw;
        }
    }

    private async Task<NpgsqlConnection> ConnectAsync(CancellationToken ct)
    {
        // Not pooled: a pool would keep the returned connection open, and with it the lock.
        var address = new NpgsqlConnectionStringBuilder(database.ConnectionString)
        {
            Pooling = false,
            ApplicationName = ApplicationName,
            Timeout = TimeoutSeconds,
            CommandTimeout = TimeoutSeconds,
            CancellationTimeout = -1,
        };
        var opened = new NpgsqlConnection(address.ConnectionString);
        try
        {
            await opened.OpenAsync(ct);
            await using var set = new NpgsqlCommand(KeepAlive, opened);
            await set.ExecuteNonQueryAsync(ct);
            return opened;
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }
}
