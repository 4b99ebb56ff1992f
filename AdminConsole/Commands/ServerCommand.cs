using System.Data.Common;
using AdminConsole.Startup;

namespace AdminConsole.Commands;

/// <summary>Shared parts of the server's own commands.</summary>
internal static class ServerCommand
{
    /// <summary>The exit code for an invalid command line.</summary>
    public const int WrongUsage = 2;

    /// <summary>The default public URL. A command only needs the database, so a missing setting must not stop
    /// it.</summary>
    internal static readonly KeyValuePair<string, string?> AnyUrl = new("PublicUrl", ServerStartup.DefaultUrl);

    /// <summary>Finds the database's own exception. EF Core wraps those that it considers transient.</summary>
    internal static DbException? DatabaseFailureIn(Exception? failure) =>
        failure as DbException ?? (failure is null ? null : DatabaseFailureIn(failure.InnerException));

    /// <summary>The suffixes of the files that an SQLite database may consist of.</summary>
    internal static readonly IReadOnlyList<string> DatabaseParts = ["", "-wal", "-shm"];

    /// <summary>Deletes an SQLite file that a command created, with all files that opening it created beside
    /// it.</summary>
    internal static void Remove(string database)
    {
        foreach (var part in DatabaseParts)
        {
            File.Delete(database + part);
        }

        File.Delete(database + ".migrating");
        File.Delete(database + Core.Audit.AuditHighWaterMark.Suffix);
    }

    /// <summary>Writes the reason to standard error. Returns exit code 1.</summary>
    internal static async Task<int> RefuseAsync(string sentence)
    {
        await Console.Error.WriteLineAsync(sentence);
        return 1;
    }
}
