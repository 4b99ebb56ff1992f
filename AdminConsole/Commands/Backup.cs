using System.CommandLine;
using AdminConsole.Core.Audit;
using AdminConsole.Core.Backups;
using AdminConsole.Startup;

namespace AdminConsole.Commands;

/// <summary><c>backup FILE</c>: writes a consistent copy of the database to one file while the server runs.</summary>
internal static class Backup
{
    public static Command Create()
    {
        var (file, settings) = (CommandLine.Operand("file", "The file to write; it must not exist yet."), CommandLine.Settings());
        var command = new Command("backup", "Back up the database to one file while the server is running.") { file, settings };
        command.SetAction((given, _) => RunAsync(given.GetValue(file)!, given.GetValue(settings)!));
        return command;
    }

    private static async Task<int> RunAsync(string file, string[] options)
    {
        try
        {
            await using var app = await ServerStartup.BuildAsync(options, ServerCommand.AnyUrl);
            await using var scope = app.Services.CreateAsyncScope();
            if (
                (await scope.ServiceProvider.GetRequiredService<DatabaseBackup>().CreateAsync(file, CancellationToken.None)).Refusal is
                { } refusal
            )
            {
                return await ServerCommand.RefuseAsync($"There is no backup: {refusal.Message}");
            }

            Console.WriteLine($"Everything is in {Path.GetFullPath(file)}, keys included: keep it as safe as the database.");
            return app.Services.GetRequiredService<ConsoleSettings>().Database.File is null ? 0 : await CheckAsync(file, options);
        }
        catch (Exception failure)
            when (failure is IOException or UnauthorizedAccessException || ServerCommand.DatabaseFailureIn(failure) is not null)
        {
            return await ServerCommand.RefuseAsync($"There is no backup: {(ServerCommand.DatabaseFailureIn(failure) ?? failure).Message}");
        }
    }

    // A backup is only useful when it can be read. Opens a copy of it and verifies the audit log, as a restore would.
    private static async Task<int> CheckAsync(string file, string[] options)
    {
        var copy = file + ".checking";
        try
        {
            File.Copy(file, copy);
            return await OpenAsync(copy, options);
        }
        finally
        {
            ServerCommand.Remove(copy);
        }
    }

    private static async Task<int> OpenAsync(string copy, string[] options)
    {
        await using var app = await ServerStartup.BuildAsync(
            [.. options, $"--ConnectionStrings:Console=Data Source={Path.GetFullPath(copy)};Pooling=False"],
            ServerCommand.AnyUrl
        );
        await using var scope = app.Services.CreateAsyncScope();
        var log = await scope.ServiceProvider.GetRequiredService<AuditVerifier>().CheckAsync(null, CancellationToken.None);
        if (!log.Valid)
        {
            return await ServerCommand.RefuseAsync(
                $"But the audit log in it does not verify: {log.Problem} First broken event: {log.FirstBroken}."
            );
        }

        Console.WriteLine($"Opened and verified: {log.Events} audit events.");
        return 0;
    }
}
