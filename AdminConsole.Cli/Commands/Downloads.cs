using System.CommandLine;
using AdminConsole.Cli.Output;

namespace AdminConsole.Cli.Commands;

/// <summary>Streams responses of any length to standard output or to a file.</summary>
internal static class Downloads
{
    public static readonly Option<string?> Output = new("--output", "-o")
    {
        Description = "The output file, written only once the download is complete. Default: standard output.",
        HelpName = "file",
    };

    public static async Task WriteAsync(CommandContext run, string path)
    {
        using var response = await run.Api.SendAsync(HttpMethod.Get, path, null, run.Stopped);
        if (response.Content.Headers.ContentType?.MediaType is not ("text/csv" or "application/x-ndjson"))
        {
            throw new CliException(
                ExitCode.Unreachable,
                "This address isn't an AdminConsole server.",
                "Check the address: --server, ADMINCONSOLE_SERVER."
            );
        }

        await using var body = await response.Content.ReadAsStreamAsync(run.Stopped);
        if (run.Get(Output) is { } file and not "-")
        {
            using var output = OutputFile.Open(file);
            await body.CopyToAsync(output.Stream, run.Stopped);
            output.Commit();
            run.Terminal.WriteInfo($"Wrote {file}.");
        }
        else if (run.Terminal.IsScreen)
        {
            using var lines = new StreamReader(body);
            while (await lines.ReadLineAsync(run.Stopped) is { } line)
            {
                run.Terminal.Print(Texts.Clean(line));
            }
        }
        else
        {
            await body.CopyToAsync(run.Terminal.OpenData(), run.Stopped);
        }
    }
}
