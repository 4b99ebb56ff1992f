using System.Data.Common;
using AdminConsole.Core;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AdminConsole.Tests;

/// <summary>A database of one test's own, that one app, or several, may run on.</summary>
public sealed record TestDatabase(DatabaseProvider Provider, string ConnectionString, string Folder) : IAsyncDisposable
{
    public static async Task<TestDatabase> CreateAsync(DatabaseProvider provider)
    {
        var folder = Directory.CreateTempSubdirectory("adminconsole-test-").FullName;
        return new TestDatabase(
            provider, provider == DatabaseProvider.Sqlite ? $"Data Source={Path.Combine(folder, "console.db")}" : await PostgresServer.CreateDatabaseAsync(), folder);
    }

    /// <summary>A connection that knows nothing of the program's rules: what somebody with the database's password can do.</summary>
    public async Task<DbConnection> OpenAsync()
    {
        DbConnection connection = Provider == DatabaseProvider.Sqlite ? new SqliteConnection(ConnectionString) : new NpgsqlConnection(ConnectionString);
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
            rows.Add(string.Join(" | ", Enumerable.Range(0, reader.FieldCount).Select(column => reader.IsDBNull(column) ? "" : reader.GetValue(column) switch
            {
                byte[] bytes => Convert.ToHexStringLower(bytes),
                var value => value.ToString(),
            })));
        }

        return rows;
    }

    public async ValueTask DisposeAsync()
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

        // An open page's last look into the database may still be under way, and leave a file behind.
        await AdminApp.UntilAsync(() => Task.FromResult(TryDelete()), "the folder is empty");
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
