using System.ComponentModel;
using System.Diagnostics;
using Npgsql;

namespace AdminConsole.Core.Data;

/// <summary>PostgreSQL's own pg_dump and pg_restore, which come with its client programs and have to be as new as the server.</summary>
public static class PostgresTools
{
    /// <summary>What the names of schemas that were moved aside begin with; no archive has them.</summary>
    public const string Aside = "before_restore_";

    /// <summary>Writes an archive of the database. Refused as <c>tool_failed</c> with what the tool said.</summary>
    public static Task<Refusal?> DumpAsync(string connectionString, string file, CancellationToken ct) =>
        RunAsync("pg_dump", ["--format=custom", "--no-owner", "--no-privileges", "--no-password", $"--exclude-schema={Aside}*", "--file", file], connectionString, ct);

    /// <summary>Fills the empty schema with an archive, wholly or not at all. Refused as <c>tool_failed</c>.</summary>
    public static Task<Refusal?> RestoreAsync(string connectionString, string file, CancellationToken ct) =>
        RunAsync("pg_restore", ["--no-owner", "--no-privileges", "--no-password", "--single-transaction", "--exit-on-error",
            "--dbname", new NpgsqlConnectionStringBuilder(connectionString).Database ?? "", file], connectionString, ct);

    /// <summary>Moves everything out of the way, into a schema with this name, and leaves an empty one.</summary>
    public static Task SetAsideAsync(string connectionString, string schema, CancellationToken ct) => RunAsync(connectionString, $"""
        ALTER SCHEMA public RENAME TO "{schema}";
        CREATE SCHEMA public;
        {MoveExtension("public")}
        """, ct);

    /// <summary>Puts it back, in place of whatever is there now.</summary>
    public static Task PutBackAsync(string connectionString, string schema, CancellationToken ct) => RunAsync(connectionString, $"""
        {MoveExtension(schema)}
        DROP SCHEMA public CASCADE;
        ALTER SCHEMA "{schema}" RENAME TO public;
        """, ct);

    /// <summary>Removes what was set aside if it was nothing; true where it was.</summary>
    public static async Task<bool> ForgetEmptyAsync(string connectionString, string schema, CancellationToken ct)
    {
        try
        {
            await RunAsync(connectionString, $"DROP SCHEMA \"{schema}\"", ct);
            return true;
        }
        catch (PostgresException notEmpty) when (notEmpty.SqlState == PostgresErrorCodes.DependentObjectsStillExist)
        {
            return false;
        }
    }

    /// <summary>How many others are connected to the database.</summary>
    public static async Task<long> OthersAsync(string connectionString, CancellationToken ct)
    {
        await using var source = Unpooled(connectionString);
        await using var command = source.CreateCommand("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    // The one there is: an archive asks for it in the schema public, and moving a schema takes it along.
    private static string MoveExtension(string schema) =>
        $"DO $$ BEGIN IF EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') THEN ALTER EXTENSION pg_trgm SET SCHEMA \"{schema}\"; END IF; END $$;";

    private static NpgsqlDataSource Unpooled(string connectionString) =>
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);

    private static async Task RunAsync(string connectionString, string sql, CancellationToken ct)
    {
        await using var source = Unpooled(connectionString);
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        await command.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
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
