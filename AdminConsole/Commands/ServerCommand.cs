namespace AdminConsole.Commands;

/// <summary>A verb of the server's own command line: <c>AdminConsole VERB …</c>.</summary>
public sealed record ServerCommand(Func<Task<int>> RunAsync)
{
    /// <summary>What a shell is told when the command line could not be understood.</summary>
    public const int WrongUsage = 2;

    /// <summary>The verb that the arguments begin with; null where they start the server.</summary>
    public static ServerCommand? Find(string[] args) => args switch
    {
        ["recover-admin", .. var rest] => new ServerCommand(() => RecoverAdmin.RunAsync(rest)),
        ["seed-demo", .. var rest] => new ServerCommand(() => SeedDemo.RunAsync(rest)),
        // A word that is no setting (--Urls=…, Urls=…, /Urls …): somebody meant a verb, and must not get a server instead.
        [{ Length: > 0 } word, ..] when char.IsLetter(word[0]) && !word.Contains('=', StringComparison.Ordinal) => new ServerCommand(() => Unknown(word)),
        _ => null,
    };

    private static async Task<int> Unknown(string verb)
    {
        await Console.Error.WriteLineAsync($"There is no command '{verb}'. Commands: recover-admin, seed-demo. Without one, the server starts.");
        return WrongUsage;
    }
}
