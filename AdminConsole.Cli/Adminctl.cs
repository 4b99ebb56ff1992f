using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using AdminConsole.Cli.Commands;
using AdminConsole.Cli.Commands.Account;
using AdminConsole.Cli.Commands.Audit;
using AdminConsole.Cli.Commands.Authentication;
using AdminConsole.Cli.Commands.Providers;
using AdminConsole.Cli.Commands.Sessions;
using AdminConsole.Cli.Commands.System;
using AdminConsole.Cli.Commands.Tokens;
using AdminConsole.Cli.Commands.Users;
using AdminConsole.Cli.Output;

namespace AdminConsole.Cli;

/// <summary>Defines the command line and runs it.</summary>
internal static class Adminctl
{
    public static readonly Option<string?> Server = new("--server")
    {
        Description = "The console's address. Default: ADMINCONSOLE_SERVER, or the server signed in to last.",
        HelpName = "url",
        Recursive = true,
    };

    public static readonly Option<bool> Json = new("--json") { Description = "Print the API's response as JSON.", Recursive = true };

    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Root().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0 && parsed.Action is System.CommandLine.Invocation.ParseErrorAction)
        {
            return Misunderstood(parsed);
        }

        try
        {
            // System.CommandLine writes help and completion suggestions to this output.
            var exitCode = await parsed.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = Terminal.Writer }
            );
            await Terminal.Writer.FlushAsync();
            return exitCode;
        }
        catch (OutputException output)
        {
            return CommandContext.Explain(new Terminal(json: false), output);
        }
        catch (IOException output)
        {
            // On Windows, a failed write is a plain IOException.
            return CommandContext.Explain(new Terminal(json: false), new OutputException(output.Message, isReaderGone: false));
        }
    }

    private static RootCommand Root()
    {
        var root = new RootCommand("The command line of AdminConsole: users, roles, tokens, sessions and the audit log.")
        {
            LoginCommand.Create(),
            LogoutCommand.Create(),
            WhoamiCommand.Create(),
            UserCommands.Create(),
            TokenCommands.Create(),
            SessionCommands.Create(),
            AuditCommands.Create(),
            ProviderCommands.Create(),
            SystemCommand.Create(),
            CompletionCommand.Create(),
        };
        // Keep --help and -h only: "/?" and "-?" are not customary on these platforms and would be offered as
        // completions.
        root.Options.Remove(root.Options.OfType<HelpOption>().Single());
        root.Options.Remove(root.Options.OfType<VersionOption>().Single());
        root.Add(new HelpOption("--help", "-h") { Recursive = true });
        root.Add(VersionCommand.Option);
        root.Add(Server);
        root.Add(Json);
        return root;
    }

    private static int Misunderstood(ParseResult parsed)
    {
        var command = string.Join(' ', Path(parsed.CommandResult).Reverse());
        var wrong = CliException.Usage(
            string.Join(' ', parsed.Errors.Select(error => error.Message)),
            $"{command} --help says how it is used."
        );
        new Terminal(parsed.GetResult(Json) is { Implicit: false }).WriteError(wrong);
        return (int)wrong.ExitCode;
    }

    private static IEnumerable<string> Path(CommandResult? command)
    {
        for (; command is not null; command = command.Parent as CommandResult)
        {
            yield return command.Command is RootCommand ? "adminctl" : command.Command.Name;
        }
    }
}
