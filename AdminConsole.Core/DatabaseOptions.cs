namespace AdminConsole.Core;

/// <summary>Which databases there are.</summary>
public enum DatabaseProvider
{
    Sqlite,
    PostgreSQL,
}

/// <summary>Where the data is.</summary>
public sealed record DatabaseOptions(DatabaseProvider Provider, string ConnectionString);
