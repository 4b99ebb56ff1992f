using System.CommandLine;
using System.CommandLine.Invocation;
using AdminConsole.Cli.Configuration;
using AdminConsole.Cli.Http;
using AdminConsole.Cli.Output;

namespace AdminConsole.Cli.Commands.System;

/// <summary>Which version this is, and whether the server's is another. The server says its own in a header of every
/// answer under /cli.</summary>
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

    /// <summary>Warns where this program and the server are not of the same version. A server that does not say is no
    /// reason to.</summary>
    public static async Task WarnIfApartAsync(CommandContext run, Connection connection) =>
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
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Timeout);
        try
        {
            using var response = await connection.SendAsync(HttpMethod.Get, "cli/install.sh", null, null, patience.Token);
            return response.Headers.TryGetValues(Header, out var values) ? values.First() : null;
        }
        catch (Exception away) when (away is HttpRequestException or OperationCanceledException)
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
