using System.Data.Common;
using AdminConsole.Core.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AdminConsole.Tests;

/// <summary>A database of one test, for one app or several.</summary>
public sealed record TestDatabase(DatabaseProvider Provider, string ConnectionString, string Folder) : IAsyncDisposable
{
    private const string FileName = "console.db";

    private static readonly Lazy<Task<byte[]>> SqliteTemplate = new(async () =>
    {
        await using var made = await MigrateAsync(DatabaseProvider.Sqlite);
        return await File.ReadAllBytesAsync(Path.Combine(made.Folder, FileName));
    });

    private static readonly Lazy<Task<string>> PostgresTemplate = new(async () =>
    {
        var made = await MigrateAsync(DatabaseProvider.PostgreSQL);
        Directory.Delete(made.Folder, recursive: true);
        return made.Name;
    });

    /// <summary>Creates an empty database, which the first start migrates.</summary>
    public static async Task<TestDatabase> CreateAsync(DatabaseProvider provider)
    {
        var folder = TestFolder.Create("adminconsole-test-");
        return new TestDatabase(
            provider,
            provider == DatabaseProvider.Sqlite ? SqliteIn(folder) : await PostgresServer.CreateDatabaseAsync(),
            folder
        );
    }

    /// <summary>Creates a migrated database, as a copy of a template. It has neither keys nor events, so that no two
    /// databases share any.</summary>
    public static async Task<TestDatabase> CreateMigratedAsync(DatabaseProvider provider)
    {
        var folder = TestFolder.Create("adminconsole-test-");
        if (provider == DatabaseProvider.PostgreSQL)
        {
            return new TestDatabase(provider, await PostgresServer.CreateDatabaseAsync(await PostgresTemplate.Value), folder);
        }

        await File.WriteAllBytesAsync(Path.Combine(folder, FileName), await SqliteTemplate.Value);
        return new TestDatabase(provider, SqliteIn(folder), folder);
    }

    // Migrates by a real start, and removes the generated keys and the data they sign.
    private static async Task<TestDatabase> MigrateAsync(DatabaseProvider provider)
    {
        var database = await CreateAsync(provider);
        await using (await AdminApp.StartAsync(provider, database))
        {
            // Shuts down gracefully.
        }

        await database.ExecuteAsync("""DELETE FROM "ServerSecrets"; DELETE FROM "DataProtectionKeys"; DELETE FROM "AuditHeads" """);
        database.CloseConnections();
        return database;
    }

    /// <summary>Opens a connection that bypasses the program, as an attacker with the database password
    /// would.</summary>
    public async Task<DbConnection> OpenAsync()
    {
        DbConnection connection =
            Provider == DatabaseProvider.Sqlite ? new SqliteConnection(ConnectionString) : new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Runs SQL that bypasses the program.</summary>
    public async Task<int> ExecuteAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>Returns the rows of a query as text.</summary>
    public async Task<List<string>> QueryAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(
                string.Join(
                    " | ",
                    Enumerable
                        .Range(0, reader.FieldCount)
                        .Select(column =>
                            reader.IsDBNull(column)
                                ? ""
                                : reader.GetValue(column) switch
                                {
                                    byte[] bytes => Convert.ToHexStringLower(bytes),
                                    var value => value.ToString(),
                                }
                        )
                )
            );
        }

        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        CloseConnections();
        if (Provider == DatabaseProvider.PostgreSQL)
        {
            await PostgresServer.DropDatabaseAsync(Name);
        }

        // The last query of an open page may still be running and create a file.
        await AdminApp.UntilAsync(() => Task.FromResult(TryDelete()), "the folder is empty");
    }

    private string Name => new NpgsqlConnectionStringBuilder(ConnectionString).Database!;

    private static string SqliteIn(string folder) => $"Data Source={Path.Combine(folder, FileName)}";

    private void CloseConnections()
    {
        if (Provider == DatabaseProvider.Sqlite)
        {
            using var connection = new SqliteConnection(ConnectionString);
            SqliteConnection.ClearPool(connection);
        }
        else
        {
            using var connection = new NpgsqlConnection(ConnectionString);
            NpgsqlConnection.ClearPool(connection);
        }
    }

    private bool TryDelete()
    {
        try
        {
            Directory.Delete(Folder, recursive: true);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
