using System.CommandLine;
using System.CommandLine.Invocation;
using AdminConsole.Cli.Configuration;
using AdminConsole.Cli.Http;
using AdminConsole.Cli.Output;

namespace AdminConsole.Cli.Commands.System;

/// <summary>Shows this program's version and warns if the server's differs. The server sends its version in a header of
/// every response under /cli.</summary>
internal static class VersionCommand
{
    private const string Header = "AdminConsole-Version";

    private static string? Commit => Connection.VersionWithCommit.Split('+') is [_, var commit] ? commit : null;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    public static readonly Option<bool> Option = new("--version")
    {
        Description = "Show this program's version; warns where the server's is another.",
        Action = new Show(),
    };

    /// <summary>Warns if this program and the server have different versions. Does nothing if the server does not send
    /// its version.</summary>
    public static async Task WarnIfDifferentAsync(CommandContext run, Connection connection) =>
        Warn(run.Terminal, await OfServerAsync(connection, run.Stopped));

    private static void Warn(Terminal terminal, string? server)
    {
        if (server is not null && server != Connection.Version)
        {
            terminal.WriteInfo(
                $"The server is version {server}, this adminctl {Connection.Version}. The server's own adminctl is at its page /install."
            );
        }
    }

    private static async Task<string?> OfServerAsync(Connection connection, CancellationToken ct)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(Timeout);
        try
        {
            using var response = await connection.SendAsync(HttpMethod.Get, "cli/install.sh", null, null, timeout.Token);
            return response.Headers.TryGetValues(Header, out var values) ? values.First() : null;
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }

    private sealed class Show : AsynchronousCommandLineAction
    {
        public override Task<int> InvokeAsync(ParseResult parseResult, CancellationToken cancellationToken = default) =>
            CommandContext.InvokeAsync(
                parseResult,
                async run =>
                {
                    string? server = null;
                    if (ServerAddress.Find(parseResult.GetValue(Adminctl.Server), run.Folder) is { } address)
                    {
                        using var connection = new Connection(address);
                        server = await OfServerAsync(connection, run.Stopped);
                    }

                    run.Terminal.Print(
                        run.Terminal.IsJson
                            ? JsonText.Object(("version", Connection.Version), ("commit", Commit), ("serverVersion", server))
                            : $"adminctl {Connection.VersionWithCommit}"
                    );
                    Warn(run.Terminal, server);
                },
                cancellationToken
            );
    }
}
