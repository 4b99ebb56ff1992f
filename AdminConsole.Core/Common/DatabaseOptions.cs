using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AdminConsole.Core.Common;

/// <summary>Which databases there are.</summary>
public enum DatabaseProvider
{
    Sqlite,
    PostgreSQL,
}

/// <summary>Where the data is.</summary>
public sealed record DatabaseOptions(DatabaseProvider Provider, string ConnectionString)
{
    /// <summary>The file of SQLite's database; null on PostgreSQL.</summary>
    public string? File =>
        Provider == DatabaseProvider.Sqlite ? Path.GetFullPath(new SqliteConnectionStringBuilder(ConnectionString).DataSource) : null;

    /// <summary>What is wrong with the connection string, without its values, of which one may be a password; null when
    /// it can be read.</summary>
    public string? Problem
    {
        get
        {
            try
            {
                _ =
                    Provider == DatabaseProvider.Sqlite
                        ? new SqliteConnectionStringBuilder(ConnectionString)
                        : (DbConnectionStringBuilder)new NpgsqlConnectionStringBuilder(ConnectionString);
                return null;
            }
            catch (Exception exception) when (exception is ArgumentException or FormatException)
            {
                return exception.Message;
            }
        }
    }
}
