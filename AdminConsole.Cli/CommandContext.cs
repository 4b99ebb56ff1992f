using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using AdminConsole.Cli.Auth;
using AdminConsole.Cli.Configuration;
using AdminConsole.Cli.Http;
using AdminConsole.Cli.Output;

namespace AdminConsole.Cli;

/// <summary>One run of one command: what was asked, the server it goes to, and where the answers go.</summary>
internal sealed class CommandContext : IDisposable
{
    private readonly ParseResult given;
    private readonly Lazy<Api> api;

    private CommandContext(ParseResult given, CancellationToken stopped)
    {
        this.given = given;
        Stopped = stopped;
        Terminal = new Terminal(given.GetValue(Adminctl.Json));
        api = new Lazy<Api>(() => new Api(Server, AccessTokenProvider.To(Server, Credentials)));
    }

    public Terminal Terminal { get; }

    /// <summary>Set when the person presses Ctrl+C.</summary>
    public CancellationToken Stopped { get; }

    public ConfigFolder Folder { get; } = ConfigFolder.OfUser();

    public CredentialStore Credentials => new(Folder);

    /// <summary>The server to talk to; stops the command where none is named anywhere.</summary>
    public Uri Server => field ??= ServerAddress.Choose(given.GetValue(Adminctl.Server), Folder);

    /// <summary>The server, called as the signed-in user.</summary>
    public Api Api => api.Value;

    public T? Get<T>(Option<T> option) => given.GetValue(option);

    public T Get<T>(Argument<T> argument) => given.GetValue(argument)!;

    public bool Has(Option option) => given.GetResult(option) is { Implicit: false };

    /// <summary>Shows one answer: to programs as it came, to people in words.</summary>
    public void Show<T>(ApiResponse answer, JsonTypeInfo<T> type, Action<T> toPeople)
    {
        if (Terminal.IsJson)
        {
            Terminal.Print(answer.Text);
        }
        else
        {
            toPeople(answer.As(type));
        }
    }

    /// <summary>Says that it is done; to programs as <c>{"ok":true}</c>.</summary>
    public void Done(string words)
    {
        if (Terminal.IsJson)
        {
            Terminal.Print("""{"ok":true}""");
        }
        else
        {
            Terminal.WriteInfo(words);
        }
    }

    public void Dispose()
    {
        if (api.IsValueCreated)
        {
            api.Value.Dispose();
        }
    }

    /// <summary>Runs an act as the command's action, and turns how it ends into words and the exit code.</summary>
    public static async Task<int> InvokeAsync(ParseResult given, Func<CommandContext, Task> act, CancellationToken stopped)
    {
        using var run = new CommandContext(given, stopped);
        try
        {
            return await run.EndAsync(act);
        }
        catch (OutputException output)
        {
            return Explain(run.Terminal, output, run.api is { IsValueCreated: true, Value.HasChanged: true });
        }
    }

    /// <summary>The exit code of a command whose output could not be written.</summary>
    public static int Explain(Terminal terminal, OutputException output, bool isDone = false)
    {
        if (output.IsReaderGone)
        {
            // The reader of the pipe (head, less) has closed it.
            return (int)ExitCode.Ok;
        }

        terminal.WriteError(new CliException(ExitCode.Refused, output.Message, isDone ? "The change itself was made." : null, "output"));
        return (int)ExitCode.Refused;
    }

    private async Task<int> EndAsync(Func<CommandContext, Task> act)
    {
        try
        {
            await act(this);
            Terminal.Flush();
            return (int)ExitCode.Ok;
        }
        catch (CliException stop)
        {
            return Fail(stop);
        }
        catch (OperationCanceledException) when (Stopped.IsCancellationRequested)
        {
            return 130;
        }
        catch (Exception exception) when (Failures.Explain(exception) is { } stop)
        {
            return Fail(stop);
        }
    }

    private int Fail(CliException stop)
    {
        try
        {
            Terminal.Flush();
        }
        catch (OutputException output)
        {
            Explain(Terminal, output);
        }

        Terminal.WriteError(stop);
        return (int)stop.ExitCode;
    }
}

internal static class CommandExtensions
{
    /// <summary>What the command does.</summary>
    public static Command SetHandler(this Command command, Func<CommandContext, Task> act)
    {
        command.SetAction((given, stopped) => CommandContext.InvokeAsync(given, act, stopped));
        return command;
    }
}
