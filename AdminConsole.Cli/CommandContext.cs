using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using AdminConsole.Cli.Auth;
using AdminConsole.Cli.Configuration;
using AdminConsole.Cli.Http;
using AdminConsole.Cli.Output;

namespace AdminConsole.Cli;

/// <summary>The context of one command invocation: its arguments, the server, and the output.</summary>
internal sealed class CommandContext : IDisposable
{
    private readonly ParseResult parsed;
    private readonly Lazy<Api> api;

    private CommandContext(ParseResult parsed, CancellationToken stopped)
    {
        this.parsed = parsed;
        Stopped = stopped;
        Terminal = new Terminal(parsed.GetValue(Adminctl.Json));
        api = new Lazy<Api>(() => new Api(Server, AccessTokenProvider.To(Server, Credentials)));
    }

    public Terminal Terminal { get; }

    /// <summary>Canceled when the user presses Ctrl+C.</summary>
    public CancellationToken Stopped { get; }

    public ConfigFolder Folder { get; } = ConfigFolder.OfUser();

    public CredentialStore Credentials => new(Folder);

    /// <summary>The server to use. Throws a <see cref="CliException"/> if none is configured.</summary>
    public Uri Server => field ??= ServerAddress.Choose(parsed.GetValue(Adminctl.Server), Folder);

    /// <summary>The server's API, called as the signed-in user.</summary>
    public Api Api => api.Value;

    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    public T Get<T>(Argument<T> argument) => parsed.GetValue(argument)!;

    public bool Has(Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <summary>Shows one response: unchanged with <c>--json</c>, otherwise formatted for the terminal.</summary>
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

    /// <summary>Reports success, with <c>--json</c> as <c>{"ok":true}</c>.</summary>
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

    /// <summary>Runs a command's handler and converts its outcome to messages and the exit code.</summary>
    public static async Task<int> InvokeAsync(ParseResult parsed, Func<CommandContext, Task> handler, CancellationToken stopped)
    {
        using var run = new CommandContext(parsed, stopped);
        try
        {
            return await run.EndAsync(handler);
        }
        catch (OutputException output)
        {
            return Explain(run.Terminal, output, run.api is { IsValueCreated: true, Value.HasChanged: true });
        }
    }

    /// <summary>Reports that output could not be written and returns the exit code.</summary>
    public static int Explain(Terminal terminal, OutputException output, bool isDone = false)
    {
        if (output.IsReaderGone)
        {
            // The reader of the pipe (head, less) closed it.
            return (int)ExitCode.Ok;
        }

        terminal.WriteError(new CliException(ExitCode.Refused, output.Message, isDone ? "The change itself was made." : null, "output"));
        return (int)ExitCode.Refused;
    }

    private async Task<int> EndAsync(Func<CommandContext, Task> handler)
    {
        try
        {
            await handler(this);
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
    /// <summary>Sets the handler that the command runs.</summary>
    public static Command SetHandler(this Command command, Func<CommandContext, Task> handler)
    {
        command.SetAction((parsed, stopped) => CommandContext.InvokeAsync(parsed, handler, stopped));
        return command;
    }
}
