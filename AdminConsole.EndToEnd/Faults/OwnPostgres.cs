using AdminConsole.Core.Common;

namespace AdminConsole.EndToEnd.Faults;

/// <summary>A PostgreSQL server that a test can stop, restart and fail over, optionally with a synchronous
/// standby.</summary>
internal sealed class OwnPostgres : IAsyncDisposable
{
    private const string Owner = "console";

    private readonly string folder = Directory.CreateTempSubdirectory("adminconsole-own-postgres-").FullName;
    private readonly int[] ports = [PostgresServer.FreePort(), PostgresServer.FreePort()];
    private readonly HashSet<int> running = [];

    public string ConnectionString =>
        $"Host=127.0.0.1:{ports[0]},127.0.0.1:{ports[1]};Target Session Attributes=primary;Host Recheck "
        + $"Seconds=1;Username={Owner};Password={Owner};Database={Owner};Timeout=5;Command Timeout=10;Maximum Pool Size=20";

    public static async Task<OwnPostgres> StartAsync(bool withStandby)
    {
        var own = new OwnPostgres();
        if (Environment.IsPrivilegedProcess)
        {
            await PostgresServer.RunAsync("chown", "postgres", own.folder);
        }

        await RunAsync("initdb", "-D", own.Data(0), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync");
        await own.StartAsync(0);
        await PostgresServer.CreateRoleAsync(own.Superuser, Owner);
        await own.ExecuteAsync($"CREATE DATABASE {Owner} OWNER {Owner}");
        if (withStandby)
        {
            await RunAsync(
                "pg_basebackup",
                "-h",
                "127.0.0.1",
                "-p",
                $"{own.ports[0]}",
                "-U",
                "postgres",
                "-D",
                own.Data(1),
                "-R",
                "-X",
                "stream",
                "-c",
                "fast"
            );
            await own.StartAsync(1);
            await own.ExecuteAsync("ALTER SYSTEM SET synchronous_standby_names = '*'");
            await own.ExecuteAsync("SELECT pg_reload_conf()");
        }

        return own;
    }

    public TestDatabase Database() =>
        new(DatabaseProvider.PostgreSQL, ConnectionString, Directory.CreateTempSubdirectory("adminconsole-test-").FullName);

    /// <summary>Simulates a power loss and a restart of the machine.</summary>
    public async Task CrashAndRestartAsync()
    {
        await CrashAsync();
        await ComeBackAsync();
    }

    public Task CrashAsync() => StopAsync(0);

    public Task ComeBackAsync() => StartAsync(0);

    /// <summary>Simulates the permanent loss of the primary; the standby takes over.</summary>
    public async Task FailOverAsync()
    {
        await StopAsync(0);
        await RunAsync("pg_ctl", "promote", "-w", "-D", Data(1));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in running.ToList())
        {
            await StopAsync(node);
        }

        Directory.Delete(folder, recursive: true);
    }

    private string Data(int node) => Path.Combine(folder, $"data{node}");

    private async Task StartAsync(int node)
    {
        await RunAsync(
            "pg_ctl",
            "start",
            "-w",
            "-D",
            Data(node),
            "-l",
            Path.Combine(folder, $"log{node}"),
            "-o",
            $"-p {ports[node]} -h 127.0.0.1 -c unix_socket_directories= -c fsync=off -c max_connections=60 -c shared_buffers=32MB"
        );
        running.Add(node);
    }

    private async Task StopAsync(int node)
    {
        await RunAsync("pg_ctl", "stop", "-m", "immediate", "-D", Data(node));
        running.Remove(node);
    }

    private string Superuser => $"Host=127.0.0.1;Port={ports[0]};Username=postgres;Database=postgres;Pooling=false";

    private Task ExecuteAsync(string sql) => PostgresServer.ExecuteAsync(Superuser, sql);

    private static Task RunAsync(string program, params string[] arguments) =>
        PostgresServer.RunAsUserAsync(Path.Combine(PostgresServer.Binaries, program), arguments);
}
