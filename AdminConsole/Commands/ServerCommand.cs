using System.Data.Common;

namespace AdminConsole.Commands;

/// <summary>A verb of the server's own command line: <c>AdminConsole VERB …</c>.</summary>
public sealed record ServerCommand(Func<Task<int>> RunAsync)
{
    /// <summary>What a shell is told when the command line could not be understood.</summary>
    public const int WrongUsage = 2;

    /// <summary>A command needs nothing more than the database, so a missing public address is no obstacle.</summary>
    internal static readonly KeyValuePair<string, string?> AnyUrl = new("PublicUrl", Startup.DefaultUrl);

    /// <summary>The verb that the arguments begin with; null where they start the server.</summary>
    public static ServerCommand? Find(string[] args) => args switch
    {
        ["recover-admin", .. var rest] => new ServerCommand(() => RecoverAdmin.RunAsync(rest)),
        ["audit-repair", .. var rest] => new ServerCommand(() => AuditRepairCommand.RunAsync(rest)),
        ["backup", .. var rest] => new ServerCommand(() => Backup.RunAsync(rest)),
        ["restore", .. var rest] => new ServerCommand(() => Restore.RunAsync(rest)),
        ["seed-demo", .. var rest] => new ServerCommand(() => SeedDemo.RunAsync(rest)),
        // A word that is no setting (--Urls=…, Urls=…, /Urls …): somebody meant a verb, and must not get a server instead.
        [{ Length: > 0 } word, ..] when char.IsLetter(word[0]) && !word.Contains('=', StringComparison.Ordinal) => new ServerCommand(() => Unknown(word)),
        _ => null,
    };

    /// <summary>The database's own complaint; EF wraps what it takes for passing trouble.</summary>
    internal static DbException? DatabaseFailureIn(Exception? failure) => failure as DbException ?? (failure is null ? null : DatabaseFailureIn(failure.InnerException));

    /// <summary>What an SQLite database may consist of.</summary>
    internal static readonly IReadOnlyList<string> DatabaseParts = ["", "-wal", "-shm"];

    /// <summary>Removes an SQLite file that a command made for itself, with all that opening it left beside it.</summary>
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

    private static async Task<int> Unknown(string verb)
    {
        await Console.Error.WriteLineAsync($"There is no command '{verb}'. Commands: audit-repair, backup, recover-admin, restore, seed-demo. Without one, the server starts.");
        return WrongUsage;
    }
}
