using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace AdminConsole.Tests;

/// <summary>The PostgreSQL server of this test run: in a temporary folder (in memory if possible), on a free loopback
/// port, without fsync. Started by the first test that needs it and stopped with the process, even a killed one.
/// <c>ADMINCONSOLE_TEST_POSTGRES</c> can name a running server instead.</summary>
public static class PostgresServer
{
    private const string Variable = "ADMINCONSOLE_TEST_POSTGRES";

    // The owner of the databases, without further privileges, as in operations.md. Only some tests connect as the
    // superuser.
    private const string Owner = "console_owner";

    private static readonly Lazy<Task<string>> Started = new(StartWithOwnerAsync);

    private static int databases;

    /// <summary>The folder of PostgreSQL's programs.</summary>
    internal static string Binaries =>
        Directory
            .GetDirectories("/usr/lib/postgresql")
            .Select(version => Path.Combine(version, "bin"))
            .Where(folder => File.Exists(Path.Combine(folder, "initdb")))
            .Order(StringComparer.Ordinal)
            .LastOrDefault()
        ?? throw new InvalidOperationException("PostgreSQL is missing; bash scripts/test.sh installs it.");

    /// <summary>Creates a database, empty or as a copy of the template, and returns the connection string of its
    /// owner.</summary>
    public static async Task<string> CreateDatabaseAsync(string? template = null)
    {
        var name = $"console_{Environment.ProcessId}_{Interlocked.Increment(ref databases)}";
        var server = await Started.Value;
        await ExecuteAsync(server, $"CREATE DATABASE {name} OWNER {Owner}" + (template is null ? "" : $" TEMPLATE {template}"));
        // Dozens of concurrent callers on two cores may wait long for their connection.
        return As(
            Owner,
            new NpgsqlConnectionStringBuilder(server)
            {
                Database = name,
                MaxPoolSize = 60,
                CommandTimeout = 120,
            }.ConnectionString
        );
    }

    /// <summary>Drops a database even with open connections.</summary>
    public static async Task DropDatabaseAsync(string name) =>
        await ExecuteAsync(await Started.Value, $"DROP DATABASE IF EXISTS {name} WITH (FORCE)");

    /// <summary>Returns the connection string for another role, whose password is its name.</summary>
    internal static string As(string role, string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Username = role, Password = role }.ConnectionString;

    /// <summary>Returns the connection string for the superuser.</summary>
    internal static async Task<string> AsSuperuserAsync(string connectionString) =>
        new NpgsqlConnectionStringBuilder(await Started.Value)
        {
            Database = new NpgsqlConnectionStringBuilder(connectionString).Database,
        }.ConnectionString;

    /// <summary>Runs SQL as the role in the connection string.</summary>
    internal static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Creates a role without privileges but LOGIN, unless it exists.</summary>
    internal static Task CreateRoleAsync(string server, string role) =>
        ExecuteAsync(
            server,
            $"""
            DO $$ BEGIN CREATE ROLE {role} LOGIN PASSWORD '{role}'; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$
            """
        );

    private static async Task<string> StartWithOwnerAsync()
    {
        var server = await StartAsync();
        await CreateRoleAsync(server, Owner);
        return server;
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

        await RunAsUserAsync(
            Path.Combine(binaries, "initdb"),
            "-D",
            Path.Combine(folder, "data"),
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync"
        );
        // The shell waits for the end of its input, which occurs however this process ends, and then stops the server
        // and deletes its folder.
        var server = Start(
            AsUser(
                "sh",
                "-c",
                "dir=$1; shift; \"$@\" </dev/null & cat >/dev/null; kill -QUIT $!; wait; rm -rf \"$dir\"",
                "sh",
                folder,
                Path.Combine(binaries, "postgres"),
                "-D",
                Path.Combine(folder, "data"),
                "-p",
                port.ToString(),
                "-h",
                "127.0.0.1",
                "-c",
                "unix_socket_directories=",
                "-c",
                "fsync=off",
                "-c",
                "full_page_writes=off",
                "-c",
                "wal_level=minimal",
                "-c",
                "max_wal_senders=0",
                "-c",
                "max_wal_size=256MB",
                "-c",
                "max_connections=400",
                "-c",
                "shared_buffers=64MB",
                // With hundreds of short-lived databases, autovacuum would start several processes per second.
                "-c",
                "autovacuum=off",
                "-c",
                "jit=off"
            )
        );
        var connection = $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres;Timeout=30";
        await WaitForAsync(connection, server);
        return connection;
    }

    private static async Task WaitForAsync(string connectionString, Process server)
    {
        var elapsed = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException) when (!server.HasExited && elapsed.Elapsed < TimeSpan.FromSeconds(60))
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
        // Reads the output, so that a full pipe does not block the process.
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
