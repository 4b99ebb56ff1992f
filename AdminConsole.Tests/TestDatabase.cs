using System.Data.Common;
using AdminConsole.Core.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AdminConsole.Tests;

/// <summary>A database of one test's own, that one app, or several, may run on.</summary>
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

    /// <summary>An empty database: the first start migrates it.</summary>
    public static async Task<TestDatabase> CreateAsync(DatabaseProvider provider)
    {
        var folder = TestFolder.Create("adminconsole-test-");
        return new TestDatabase(
            provider,
            provider == DatabaseProvider.Sqlite ? SqliteIn(folder) : await PostgresServer.CreateDatabaseAsync(),
            folder
        );
    }

    /// <summary>A database that is migrated already, a copy of a template. It has no keys and no events yet, so that no
    /// two share any.</summary>
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

    // A real start migrates it. The keys that it made, and what they sign, are taken out again.
    private static async Task<TestDatabase> MigrateAsync(DatabaseProvider provider)
    {
        var database = await CreateAsync(provider);
        await using (await AdminApp.StartAsync(provider, database))
        {
            // It is stopped again, in order.
        }

        await database.ExecuteAsync("""DELETE FROM "ServerSecrets"; DELETE FROM "DataProtectionKeys"; DELETE FROM "AuditHeads" """);
        database.CloseConnections();
        return database;
    }

    /// <summary>A connection past the program's rules, as an attacker with the database's password has.</summary>
    public async Task<DbConnection> OpenAsync()
    {
        DbConnection connection =
            Provider == DatabaseProvider.Sqlite ? new SqliteConnection(ConnectionString) : new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Runs SQL that passes by the program.</summary>
    public async Task<int> ExecuteAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>The rows of a query, as text.</summary>
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

        // An open page's last look into the database may still be under way, and leave a file behind.
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
