using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using AdminConsole.Core.Common;
using Npgsql;

namespace AdminConsole.Core.Data.Postgres;

/// <summary>Runs PostgreSQL's pg_dump and pg_restore, which come with its client programs and must be as new as the
/// server.</summary>
public static class PostgresTools
{
    /// <summary>The prefix of the names of backup schemas, which hold the data from before a restore. Archives exclude
    /// them.</summary>
    public const string BackupSchemaPrefix = "before_restore_";

    /// <summary>Writes an archive of the database. Refused as <c>tool_failed</c> with the tool's error
    /// output.</summary>
    public static Task<Refusal?> DumpAsync(string connectionString, string file, CancellationToken ct) =>
        RunAsync(
            "pg_dump",
            [
                "--format=custom",
                "--no-owner",
                "--no-privileges",
                "--no-password",
                $"--exclude-schema={BackupSchemaPrefix}*",
                "--file",
                file,
            ],
            connectionString,
            ct
        );

    /// <summary>Restores an archive into the empty schema, completely or not at all. Refused as <c>tool_failed</c>.
    /// Restores only the contents of the schema: the extension, the schema itself and comments on them may belong to
    /// another role.</summary>
    public static Task<Refusal?> RestoreAsync(string connectionString, string file, CancellationToken ct) =>
        RunAsync(
            "pg_restore",
            [
                "--schema=public",
                "--no-comments",
                "--no-owner",
                "--no-privileges",
                "--no-password",
                "--single-transaction",
                "--exit-on-error",
                "--dbname",
                new NpgsqlConnectionStringBuilder(connectionString).Database ?? "",
                file,
            ],
            connectionString,
            ct
        );

    /// <summary>Returns the connection string with the role that owns the tables, or the database while it is empty.
    /// Otherwise the console's own role couldn't access what a superuser restores. Unchanged when the current role may
    /// not act as the owner.</summary>
    public static async Task<string> AsOwnerAsync(string connectionString, CancellationToken ct)
    {
        await using var source = Unpooled(connectionString);
        await using var command = source.CreateCommand(
            """
            SELECT owner FROM (
                SELECT pg_get_userbyid(coalesce((SELECT relowner FROM pg_class WHERE oid = to_regclass('public."Users"')), datdba)) AS owner
                FROM pg_database WHERE datname = current_database()) found
            WHERE owner <> current_user AND pg_has_role(current_user, owner, 'MEMBER')
            """
        );
        if (await command.ExecuteScalarAsync(ct) is not string owner)
        {
            return connectionString;
        }

        var connection = new NpgsqlConnectionStringBuilder(connectionString);
        connection.Options =
            $"{connection.Options} -c "
            + $"role={owner.Replace("\\", @"\\", StringComparison.Ordinal).Replace(" ", @"\ ", StringComparison.Ordinal)}".Trim();
        return connection.ConnectionString;
    }

    /// <summary>Moves all objects to a new backup schema with this name. The schema public itself, its privileges and
    /// the extension stay, because a plain database owner may not move them.</summary>
    public static Task RenameToBackupAsync(string connectionString, string schema, CancellationToken ct) =>
        RunAsync(
            connectionString,
            $"""
            CREATE EXTENSION IF NOT EXISTS pg_trgm;
            CREATE SCHEMA {schema};
            {Move("public", schema)}
            """,
            ct
        );

    /// <summary>Moves the objects of a backup schema back to public, and drops those that are there now.</summary>
    public static Task RestoreBackupAsync(string connectionString, string schema, CancellationToken ct) =>
        RunAsync(
            connectionString,
            $"""
            CREATE SCHEMA discarded_{schema};
            {Move("public", $"discarded_{schema}")}
            DROP SCHEMA discarded_{schema} CASCADE;
            {Move(schema, "public")}
            DROP SCHEMA {schema};
            """,
            ct
        );

    /// <summary>Returns the schema to which the last restore moved the data; null when there is none.</summary>
    public static async Task<string?> FindLatestBackupSchemaAsync(string connectionString, CancellationToken ct)
    {
        await using var source = Unpooled(connectionString);
        await using var command = source.CreateCommand(
            $"SELECT max(nspname::text) FROM pg_namespace WHERE starts_with(nspname::text, '{BackupSchemaPrefix}')"
        );
        return await command.ExecuteScalarAsync(ct) as string;
    }

    /// <summary>Drops a backup schema if it is empty. Returns true when it was dropped.</summary>
    public static async Task<bool> DropIfEmptyAsync(string connectionString, string schema, CancellationToken ct)
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

    /// <summary>Counts the other connections to the database, excluding those of PostgreSQL's own workers.</summary>
    public static async Task<long> CountOtherConnectionsAsync(string connectionString, CancellationToken ct)
    {
        await using var source = Unpooled(connectionString);
        await using var command = source.CreateCommand(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND usesysid IS NOT NULL"
        );
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    // Tables take their indexes, triggers and owned sequences along. Objects of an extension stay.
    private static string Move(string from, string to) =>
        $"""
            DO $$ DECLARE command text; BEGIN
                FOR command IN
                    SELECT format('ALTER %s %s SET SCHEMA {to}',
                        CASE relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END,
                        oid::regclass)
                    FROM pg_class moved
                    WHERE relnamespace = '{from}'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S') AND NOT EXISTS (
                        SELECT FROM pg_depend
                        WHERE classid = 'pg_class'::regclass AND objid = moved.oid AND objsubid = 0 AND deptype IN ('a', 'e', 'i'))
                    UNION ALL
                    SELECT format('ALTER ROUTINE %s SET SCHEMA {to}', oid::regprocedure)
                    FROM pg_proc moved WHERE pronamespace = '{from}'::regnamespace AND NOT EXISTS (
                        SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = moved.oid AND deptype = 'e')
                LOOP
                    EXECUTE command;
                END LOOP;
            END $$;
            """;

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
        var start = new ProcessStartInfo(tool, arguments)
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        // Passed as environment variables, because every user of the machine can see arguments.
        foreach (
            var (name, value) in new[]
            {
                ("PGHOST", connection.Host),
                ("PGPORT", connection.Port.ToString(CultureInfo.InvariantCulture)),
                ("PGDATABASE", connection.Database),
                ("PGUSER", connection.Username),
                ("PGPASSWORD", connection.Password),
                ("PGPASSFILE", connection.Passfile),
                ("PGOPTIONS", connection.Options),
            }
        )
        {
            if (!string.IsNullOrEmpty(value))
            {
                start.Environment[name] = value;
            }
        }

        try
        {
            using var process = Process.Start(start)!;
            // Otherwise a cancelled tool would keep its locks on the database and go on writing its file. Killing it ends
            // the reads, so that it has always ended when this returns or throws.
            await using var cancellation = ct.Register(() => process.Kill(entireProcessTree: true));
            var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
            await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            await process.WaitForExitAsync(CancellationToken.None);
            ct.ThrowIfCancellationRequested();
            return process.ExitCode == 0 ? null : Refusal.Conflict("tool_failed", $"{tool} failed: {(await errors).Trim()}");
        }
        catch (Win32Exception)
        {
            return Refusal.Conflict(
                "tool_failed",
                $"{tool} was not found; it comes with PostgreSQL's client programs (Debian: postgresql-client)."
            );
        }
    }
}
