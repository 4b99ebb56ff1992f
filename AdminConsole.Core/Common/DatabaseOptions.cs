using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AdminConsole.Core.Common;

/// <summary>The supported databases.</summary>
public enum DatabaseProvider
{
    Sqlite,
    PostgreSQL,
}

/// <summary>The database provider and its connection string.</summary>
public sealed record DatabaseOptions(DatabaseProvider Provider, string ConnectionString)
{
    /// <summary>The full path of the SQLite database; null on PostgreSQL.</summary>
    public string? File =>
        Provider == DatabaseProvider.Sqlite ? Path.GetFullPath(new SqliteConnectionStringBuilder(ConnectionString).DataSource) : null;

    /// <summary>Describes what is wrong with the connection string, without its values, which may include a password.
    /// Null when it can be parsed.</summary>
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
