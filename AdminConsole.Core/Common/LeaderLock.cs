using Microsoft.Extensions.Logging;
using Npgsql;

namespace AdminConsole.Core.Common;

/// <summary>
/// Which of several nodes does what one has to do for all: the one that holds a lock of the PostgreSQL database, for as
/// long as its connection lasts. When that ends, with the process or
/// without it, the next node that asks has it. On SQLite there is one node. It spares work and keeps what is forwarded
/// together; what must never happen twice is decided by the rows themselves.
/// </summary>
public sealed class LeaderLock(DatabaseOptions database, ILogger<LeaderLock> log) : IDisposable
{
    /// <summary>How the connection is called in pg_stat_activity.</summary>
    internal const string ApplicationName = "AdminConsole duty";

    // Any number will do, as long as every node takes the same, and no other lock does.
    private const long Lock = 0x41434F4E_00000003;

    private const int PatienceSeconds = 2;

    // The server asks a connection that says nothing for a sign of life: that of a machine that vanished ends within 20
    // seconds, not two hours.
    private const string SignsOfLife = "SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3";

    private readonly SemaphoreSlim asking = new(1, 1);
    private NpgsqlConnection? connection;
    private bool isOurs;

    /// <summary>Does it where the duty is this node's, else nothing.</summary>
    public async Task RunAsync(Func<CancellationToken, Task> work, CancellationToken ct)
    {
        if (await TryHoldAsync(ct))
        {
            await work(ct);
        }
    }

    /// <summary>True where it is this node's now; asks the database each time.</summary>
    public async Task<bool> TryHoldAsync(CancellationToken ct)
    {
        if (database.Provider == DatabaseProvider.Sqlite)
        {
            return true;
        }

        await asking.WaitAsync(ct);
        try
        {
            return await AskAsync(ct);
        }
        catch (NpgsqlException) when (!ct.IsCancellationRequested)
        {
            // Most likely the connection broke since the last time. The lock went with it, so begin again.
            return await AskAsync(ct);
        }
        finally
        {
            asking.Release();
        }
    }

    public void Dispose()
    {
        connection?.Dispose();
        asking.Dispose();
    }

    private async Task<bool> AskAsync(CancellationToken ct)
    {
        try
        {
            connection ??= await ConnectAsync(ct);
            // Who has it already gets it again.
            await using var ask = new NpgsqlCommand($"SELECT pg_try_advisory_lock({Lock})", connection);
            var now = await ask.ExecuteScalarAsync(ct) is true;
            if (now && !isOurs)
            {
                log.LogInformation("What one node does for all is done by this one from now on.");
            }

            return isOurs = now;
        }
        catch
        {
            isOurs = false;
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
        // Of its own: a pool would keep it, and with it the lock, after it was given back.
        var address = new NpgsqlConnectionStringBuilder(database.ConnectionString)
        {
            Pooling = false,
            ApplicationName = ApplicationName,
            Timeout = PatienceSeconds,
            CommandTimeout = PatienceSeconds,
            CancellationTimeout = -1,
        };
        var opened = new NpgsqlConnection(address.ConnectionString);
        try
        {
            await opened.OpenAsync(ct);
            await using var set = new NpgsqlCommand(SignsOfLife, opened);
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
