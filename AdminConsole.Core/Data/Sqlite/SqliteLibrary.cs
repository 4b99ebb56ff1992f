using SQLitePCL;

namespace AdminConsole.Core.Data.Sqlite;

/// <summary>The bundled SQLite library and its settings for the whole process.</summary>
internal static class SqliteLibrary
{
    private const int ConfigMultiThread = 2;
    private const int ConfigMemoryStatus = 9;

    /// <summary>True when the settings took effect. SQLite refuses them once a connection was opened, and then uses its
    /// defaults.</summary>
    public static bool IsTuned { get; } = Tune();

    public static string Version => raw.sqlite3_libversion().utf8_to_string();

    private static bool Tune()
    {
        Batteries_V2.Init();
        // A connection is never used by two threads at once, so column reads need no mutex. Memory statistics would
        // take a global mutex.
        return raw.sqlite3_config(ConfigMultiThread) == raw.SQLITE_OK & raw.sqlite3_config(ConfigMemoryStatus, 0) == raw.SQLITE_OK;
    }
}
