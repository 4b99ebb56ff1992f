using System.ComponentModel;
using System.Diagnostics;
using Npgsql;

namespace AdminConsole.Core.Data;

/// <summary>PostgreSQL's own pg_dump and pg_restore, which come with its client programs and have to be as new as the server.</summary>
public static class PostgresTools
{
    /// <summary>Writes an archive of the database. Refused as <c>tool_failed</c> with what the tool said.</summary>
    public static Task<Refusal?> DumpAsync(string connectionString, string file, CancellationToken ct) =>
        RunAsync("pg_dump", ["--format=custom", "--no-owner", "--no-privileges", "--no-password", "--file", file], connectionString, ct);

    /// <summary>Replaces what is in the database by an archive, wholly or not at all. Refused as <c>tool_failed</c>.</summary>
    public static Task<Refusal?> RestoreAsync(string connectionString, string file, CancellationToken ct) =>
        RunAsync("pg_restore", ["--clean", "--if-exists", "--no-owner", "--no-privileges", "--no-password", "--single-transaction", "--exit-on-error",
            "--dbname", new NpgsqlConnectionStringBuilder(connectionString).Database ?? "", file], connectionString, ct);

    /// <summary>How many others are connected to the database.</summary>
    public static async Task<long> OthersAsync(string connectionString, CancellationToken ct)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await using var command = source.CreateCommand("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    private static async Task<Refusal?> RunAsync(string tool, string[] arguments, string connectionString, CancellationToken ct)
    {
        var connection = new NpgsqlConnectionStringBuilder(connectionString);
        var start = new ProcessStartInfo(tool, arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        // By the environment: arguments are there for everybody on the machine to see.
        foreach (var (name, value) in new[]
        {
            ("PGHOST", connection.Host), ("PGPORT", connection.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("PGDATABASE", connection.Database),
            ("PGUSER", connection.Username), ("PGPASSWORD", connection.Password), ("PGPASSFILE", connection.Passfile),
        })
        {
            if (!string.IsNullOrEmpty(value))
            {
                start.Environment[name] = value;
            }
        }

        try
        {
            using var process = Process.Start(start)!;
            var said = process.StandardError.ReadToEndAsync(ct);
            await process.StandardOutput.ReadToEndAsync(ct);
            await process.WaitForExitAsync(ct);
            return process.ExitCode == 0 ? null : Refusal.Conflict("tool_failed", $"{tool} failed: {(await said).Trim()}");
        }
        catch (Win32Exception)
        {
            return Refusal.Conflict("tool_failed", $"{tool} was not found; it comes with PostgreSQL's client programs (Debian: postgresql-client).");
        }
    }
}
