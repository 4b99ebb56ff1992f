using System.CommandLine;
using System.Net.Http.Headers;
using AdminConsole.Cli.Http;
using AdminConsole.Cli.Output;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Cli.Commands.Users;

/// <summary>Exports and imports users as CSV.</summary>
internal static class UserFileCommands
{
    public static IEnumerable<Command> All() => [Export(), Import()];

    private static Command Export()
    {
        var bom = new Option<bool>("--bom") { Description = "Begin with a byte-order mark, which Excel needs to read UTF-8." };
        return new Command("export", "Write users as CSV to standard output or to a file.")
        {
            UserCommands.Search,
            UserCommands.Role,
            UserCommands.Status,
            UserCommands.Source,
            UserCommands.Active,
            UserCommands.Inactive,
            bom,
            Downloads.Output,
        }.SetHandler(run =>
            Downloads.WriteAsync(run, UserCommands.Filters(run).With("bom", run.Get(bom) ? "true" : null).Of("api/users/export"))
        );
    }

    private static Command Import()
    {
        var file = new Argument<string>("file")
        {
            Description =
                "A CSV file (commas, semicolons or tabs) with a column email, and userName, displayName, roles (with ; between), active. "
                + "Accounts without an email are matched by userName. - is standard input.",
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would happen." };
        return new Command("import", "Create and update users from CSV, all or none. Shows a preview first.")
        {
            file,
            dryRun,
            UserOperationCommands.Yes,
        }.SetHandler(async run =>
        {
            var csv = await ReadAsync(run.Get(file), run.Stopped);
            var (trialAnswer, trial) = await SendAsync(run, csv, dryRun: true);
            if (trial.Errors.Count > 0)
            {
                Refuse(run, trialAnswer, trial);
            }

            if (run.Get(dryRun))
            {
                run.Show(
                    trialAnswer,
                    ApiJson.Default.ImportResult,
                    result => run.Terminal.WriteInfo($"Dry run: {Counts(result)}. Nothing was changed.")
                );
                return;
            }

            if (!run.Get(UserOperationCommands.Yes))
            {
                var wait = trial.EstimatedSeconds > 1 ? $" Other changes wait for about {trial.EstimatedSeconds} s." : "";
                Prompt.Confirm(run.Terminal, yes: false, $"{Counts(trial)}.{wait} Continue?");
            }

            var (answer, done) = await SendAsync(run, csv, dryRun: false);
            if (done.Errors.Count > 0)
            {
                Refuse(run, answer, done);
            }

            run.Show(answer, ApiJson.Default.ImportResult, result => run.Terminal.WriteInfo($"Done: {Counts(result)}."));
        });
    }

    private static async Task<(ApiResponse Answer, ImportResult Result)> SendAsync(CommandContext run, byte[] csv, bool dryRun)
    {
        var answer = await run.Api.AskAsync(
            HttpMethod.Post,
            dryRun ? "api/users/import?dryRun=true" : "api/users/import",
            () => new ByteArrayContent(csv) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } },
            run.Stopped
        );
        return (answer, answer.As(ApiJson.Default.ImportResult));
    }

    // The faulty rows are the output. The refusal reports that nothing was written.
    private static void Refuse(CommandContext run, ApiResponse answer, ImportResult result)
    {
        run.Show(
            answer,
            ApiJson.Default.ImportResult,
            _ =>
            {
                var table = new Table("Row", "Column", "Code", "Problem");
                foreach (var error in result.Errors)
                {
                    table.Add($"{error.Row}", error.Field, error.Code, error.Message);
                }

                table.Print(run.Terminal);
            }
        );
        throw new CliException(
            ExitCode.Refused,
            $"Nothing was imported. The file has {result.Errors.Count} errors.",
            code: "import_failed"
        );
    }

    private static string Counts(ImportResult result) =>
        $"{result.Created} created, {result.Updated} updated, {result.Unchanged} unchanged";

    private static async Task<byte[]> ReadAsync(string file, CancellationToken ct)
    {
        if (file != "-")
        {
            return await File.ReadAllBytesAsync(file, ct);
        }

        using var buffer = new MemoryStream();
        await using var input = Console.OpenStandardInput();
        await input.CopyToAsync(buffer, ct);
        return buffer.ToArray();
    }
}
