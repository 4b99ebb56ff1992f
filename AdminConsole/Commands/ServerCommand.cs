using System.Data.Common;
using AdminConsole.Startup;

namespace AdminConsole.Commands;

/// <summary>What the server's own commands have in common.</summary>
internal static class ServerCommand
{
    /// <summary>What a shell is told when the command line could not be understood.</summary>
    public const int WrongUsage = 2;

    /// <summary>A command needs nothing more than the database, so a missing public address is no obstacle.</summary>
    internal static readonly KeyValuePair<string, string?> AnyUrl = new("PublicUrl", ServerStartup.DefaultUrl);

    /// <summary>The database's own complaint; EF wraps what it takes for passing trouble.</summary>
    internal static DbException? DatabaseFailureIn(Exception? failure) =>
        failure as DbException ?? (failure is null ? null : DatabaseFailureIn(failure.InnerException));

    /// <summary>What an SQLite database may consist of.</summary>
    internal static readonly IReadOnlyList<string> DatabaseParts = ["", "-wal", "-shm"];

    /// <summary>Removes an SQLite file that a command made for itself, with all that opening it left beside
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

    /// <summary>Says why not; 1 for the shell.</summary>
    internal static async Task<int> RefuseAsync(string sentence)
    {
        await Console.Error.WriteLineAsync(sentence);
        return 1;
    }
}
