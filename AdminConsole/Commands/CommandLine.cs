using System.CommandLine;
using AdminConsole.Cli;

namespace AdminConsole.Commands;

/// <summary>The server's own command line: <c>AdminConsole COMMAND …</c>. Without a command, the server
/// starts.</summary>
public static class CommandLine
{
    private const string AdditionalSettings = "--Setting=value";

    /// <summary>Runs the command that the arguments name. Null when they start the server.</summary>
    public static async Task<int?> RunAsync(string[] args)
    {
        if (!args.Any(IsQuestion) && !IsCommand(args.FirstOrDefault() ?? ""))
        {
            return null;
        }

        var root = Root();
        string[] words = args is ["help", .. var topic] ? [.. topic, "--help"] : args;
        try
        {
            if (IsCommand(words[0]) && !IsQuestion(words[0]) && root.Subcommands.All(command => command.Name != words[0]))
            {
                return await MisunderstoodAsync(root, root, $"There is no command '{words[0]}'.");
            }

            var parsed = Parse(root, words);
            return parsed.Errors.Count > 0 && parsed.Action is System.CommandLine.Invocation.ParseErrorAction
                ? await MisunderstoodAsync(
                    root,
                    parsed.CommandResult.Command,
                    string.Join(' ', parsed.Errors.Select(error => error.Message))
                )
                : await parsed.InvokeAsync(
                    new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }
                );
        }
        catch (IOException unwritable) when (unwritable.InnerException is null)
        {
            return await ServerCommand.RefuseAsync($"The output could not be written: {unwritable.Message}");
        }
    }

    /// <summary>Creates the argument for server settings, such as <c>--DataDirectory=/var/lib/console</c>.</summary>
    internal static Argument<string[]> Settings()
    {
        var settings = new Argument<string[]>("settings")
        {
            Description = "Settings of the server, such as --DataDirectory=/var/lib/console.",
            HelpName = AdditionalSettings,
            Arity = ArgumentArity.ZeroOrMore,
        };
        settings.Validators.Add(given =>
        {
            foreach (
                var token in given.Tokens.Where(token =>
                    !token.Value.StartsWith("--", StringComparison.Ordinal) || !token.Value.Contains('=', StringComparison.Ordinal)
                )
            )
            {
                given.AddError($"'{token.Value}' is not known; a setting is given as {AdditionalSettings}.");
            }
        });
        return settings;
    }

    /// <summary>Creates the required first argument of a command, such as a file. An empty value or an option is an
    /// error.</summary>
    internal static Argument<string> Operand(string name, string description)
    {
        var operand = new Argument<string>(name) { Description = description };
        operand.Validators.Add(given =>
        {
            if (given.Tokens is [{ Value: "" or ['-', ..] }])
            {
                given.AddError($"The first argument is the {name}.");
            }
        });
        return operand;
    }

    private static bool IsQuestion(string argument) => argument is "--help" or "-h" or "-?" or "--version";

    // A word that is not a setting (--Urls=…, Urls=…, /Urls …) must not start the server.
    private static bool IsCommand(string word) =>
        word is [var first, ..] && char.IsLetter(first) ? !word.Contains('=', StringComparison.Ordinal) : word is ['-', not '-', ..];

    private static RootCommand Root()
    {
        var root = new RootCommand(
            "The server of AdminConsole. Without a command it starts; settings are given as --Urls=http://localhost:5080."
        )
        {
            Backup.Create(),
            Restore.Create(),
            UndoRestore.Create(),
            RecoverAdmin.Create(),
            AuditRepairCommand.Create(),
            SeedDemo.Create(),
            new Command("help", "Show how a command is used.")
            {
                new Argument<string>("command") { Arity = ArgumentArity.ZeroOrOne, Description = "The command." },
            },
        };
        root.Options.Remove(root.Options.OfType<VersionOption>().Single());
        root.Add(
            new Option<bool>("--version")
            {
                Description = "Show the version and the commit that it was built from.",
                Action = new ShowVersion(),
            }
        );
        return root;
    }

    private static ParseResult Parse(RootCommand root, IReadOnlyList<string> args) =>
        root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });

    // Usage is printed to standard error, because scripts read standard output.
    private static async Task<int> MisunderstoodAsync(RootCommand root, Command command, string problem)
    {
        await Console.Error.WriteLineAsync($"{problem}\n");
        await Parse(root, command is RootCommand ? ["--help"] : [command.Name, "--help"])
            .InvokeAsync(new InvocationConfiguration { Output = Console.Error, ProcessTerminationTimeout = null });
        return ServerCommand.WrongUsage;
    }

    private sealed class ShowVersion : System.CommandLine.Invocation.SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine($"AdminConsole {ConsoleVersion.WithCommit}");
            return 0;
        }
    }
}
