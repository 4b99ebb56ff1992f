using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace AdminConsole.Tests;

/// <summary>
/// A PostgreSQL of this test run's own: in a temporary folder (in memory if possible), on a free port of the loopback address, without fsync. Started when the
/// first test needs it and stopped with the process, even a killed one. <c>ADMINCONSOLE_TEST_POSTGRES</c> may name a running one instead.
/// </summary>
public static class PostgresServer
{
    private const string Variable = "ADMINCONSOLE_TEST_POSTGRES";

    private static readonly Lazy<Task<string>> Started = new(StartAsync);

    private static int databases;

    /// <summary>Where PostgreSQL's programs are.</summary>
    internal static string Binaries => Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin"))
        .Where(folder => File.Exists(Path.Combine(folder, "initdb"))).Order(StringComparer.Ordinal).LastOrDefault()
        ?? throw new InvalidOperationException("PostgreSQL is missing; bash scripts/test.sh installs it.");

    /// <summary>The connection string of a new database: a copy of the template, or empty.</summary>
    public static async Task<string> CreateDatabaseAsync(string? template = null)
    {
        var name = $"console_{Environment.ProcessId}_{Interlocked.Increment(ref databases)}";
        await ExecuteAsync($"CREATE DATABASE {name}" + (template is null ? "" : $" TEMPLATE {template}"));
        // Dozens of callers that race each other, beside all other tests on two cores, may wait long for their turn.
        return new NpgsqlConnectionStringBuilder(await Started.Value) { Database = name, MaxPoolSize = 60, CommandTimeout = 120 }.ConnectionString;
    }

    /// <summary>Removes a database, whoever is still connected.</summary>
    public static Task DropDatabaseAsync(string name) => ExecuteAsync($"DROP DATABASE IF EXISTS {name} WITH (FORCE)");

    private static async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(await Started.Value);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The names are made here.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<string> StartAsync()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
        {
            return given;
        }

        var binaries = Binaries;
        var folder = TestFolder.Create("adminconsole-postgres-");
        var port = FreePort();
        if (Environment.IsPrivilegedProcess)
        {
            // PostgreSQL refuses to run as root.
            await RunAsync("chown", "postgres", folder);
        }

        await RunAsUserAsync(Path.Combine(binaries, "initdb"), "-D", Path.Combine(folder, "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync");
        // The shell waits for the end of its input, which comes however this process ends, and takes the server and its folder along.
        var server = Start(AsUser("sh", "-c", "dir=$1; shift; \"$@\" </dev/null & cat >/dev/null; kill -QUIT $!; wait; rm -rf \"$dir\"", "sh", folder,
            Path.Combine(binaries, "postgres"), "-D", Path.Combine(folder, "data"), "-p", port.ToString(), "-h", "127.0.0.1",
            "-c", "unix_socket_directories=", "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "wal_level=minimal", "-c", "max_wal_senders=0", "-c", "max_wal_size=256MB",
            "-c", "max_connections=400", "-c", "shared_buffers=64MB"));
        var connection = $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres;Timeout=30";
        await WaitForAsync(connection, server);
        return connection;
    }

    private static async Task WaitForAsync(string connectionString, Process server)
    {
        for (var deadline = Stopwatch.StartNew(); ;)
        {
            try
            {
                await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException) when (!server.HasExited && deadline.Elapsed < TimeSpan.FromSeconds(60))
            {
                await Task.Delay(50);
            }
        }
    }

    private static ProcessStartInfo AsUser(string program, params string[] arguments)
    {
        var start = Environment.IsPrivilegedProcess
            ? new ProcessStartInfo("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", program, .. arguments])
            : new ProcessStartInfo(program, arguments);
        start.WorkingDirectory = Path.GetTempPath();
        return start;
    }

    private static Process Start(ProcessStartInfo start)
    {
        start.RedirectStandardError = start.RedirectStandardOutput = start.RedirectStandardInput = true;
        var process = Process.Start(start)!;
        // Read, so that a full pipe never stops it.
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    internal static Task RunAsUserAsync(string program, params string[] arguments) => RunAsync(AsUser(program, arguments));

    internal static Task RunAsync(string program, params string[] arguments) => RunAsync(new ProcessStartInfo(program, arguments));

    private static async Task RunAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{start.FileName} {string.Join(' ', start.ArgumentList)}: {await output}{await error}");
        }
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
