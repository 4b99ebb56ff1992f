using System.CommandLine;
using AdminConsole.Cli.Output;

namespace AdminConsole.Cli.Commands;

/// <summary>Answers of any length, as they come, to standard output or a file.</summary>
internal static class Downloads
{
    public static readonly Option<string?> Output = new("--output", "-o") { Description = "The file to write; it is there only once it is whole. Otherwise: standard output.", HelpName = "file" };

    public static async Task WriteAsync(Run run, string path)
    {
        using var response = await run.Api.SendAsync(HttpMethod.Get, path, null, run.Stopped);
        if (response.Content.Headers.ContentType?.MediaType is not ("text/csv" or "application/x-ndjson"))
        {
            throw new StopException(ExitCode.Unreachable, "What answers at this address is not an AdminConsole.", "Check the address: --server, ADMINCONSOLE_SERVER.");
        }

        await using var body = await response.Content.ReadAsStreamAsync(run.Stopped);
        if (run.Get(Output) is { } file and not "-")
        {
            await ToFileAsync(body, file, run.Stopped);
            run.Terminal.Say($"{file} is written.");
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
            await ToReaderAsync(body, run.Terminal.OpenData(), run.Stopped);
        }
    }

    private static async Task ToFileAsync(Stream body, string file, CancellationToken ct)
    {
        var part = $"{file}.part";
        try
        {
            await using (var stream = File.Create(part))
            {
                await body.CopyToAsync(stream, ct);
            }

            File.Move(part, file, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }

    // Which end broke decides whether it is a failure, so reading and writing are told apart.
    private static async Task ToReaderAsync(Stream body, Stream reader, CancellationToken ct)
    {
        var buffer = new byte[64 * 1024];
        for (int read; (read = await body.ReadAsync(buffer, ct)) > 0;)
        {
            try
            {
                await reader.WriteAsync(buffer.AsMemory(0, read), ct);
            }
            catch (IOException)
            {
                throw new ReaderGoneException();
            }
        }
    }
}
