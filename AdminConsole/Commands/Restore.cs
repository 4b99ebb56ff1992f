using System.CommandLine;
using System.Globalization;
using AdminConsole.Core.Backups;
using AdminConsole.Core.Data;
using AdminConsole.Core.Data.Postgres;
using AdminConsole.Core.Data.Sqlite;
using AdminConsole.Startup;

namespace AdminConsole.Commands;

/// <summary><c>restore FILE [--keep-tokens]</c>: replaces the database with a backup while no server runs.</summary>
internal static class Restore
{
    private static string Now => TimeProvider.System.GetUtcNow().ToString("yyyyMMdd_HHmmss", CultureInfo.InvariantCulture);

    public static Command Create()
    {
        var (file, settings) = (CommandLine.Operand("file", "The backup."), CommandLine.Settings());
        var keepTokens = new Option<bool>("--keep-tokens")
        {
            Description = "Leave access tokens as they were in the backup, also those that were revoked since.",
        };
        var command = new Command("restore", "Put a backup in the database's place, while no server runs.") { file, settings, keepTokens };
        command.SetAction((given, _) => RunAsync(given.GetValue(file)!, given.GetValue(settings)!, given.GetValue(keepTokens)));
        return command;
    }

    private static async Task<int> RunAsync(string file, string[] options, bool keepTokens)
    {
        if (!File.Exists(file))
        {
            return await ServerCommand.RefuseAsync($"Nothing was changed: there is no file {Path.GetFullPath(file)}.");
        }

        try
        {
            var database = ServerStartup.Read(options, ServerCommand.AnyUrl).Database;
            return database.File is { } live
                ? await ReplaceAsync(file, live, options, keepTokens)
                : await RefillAsync(
                    file,
                    await PostgresTools.AsOwnerAsync(database.ConnectionString, CancellationToken.None),
                    options,
                    keepTokens
                );
        }
        catch (Exception failure)
            when (failure is IOException or UnauthorizedAccessException || ServerCommand.DatabaseFailureIn(failure) is not null)
        {
            return await ServerCommand.RefuseAsync($"Not restored: {(ServerCommand.DatabaseFailureIn(failure) ?? failure).Message}");
        }
    }

    // Everything is prepared beside the live database, which is moved aside last and kept.
    private static async Task<int> ReplaceAsync(string file, string live, string[] options, bool keepTokens)
    {
        PrivateFiles.CreateFolder(Path.GetDirectoryName(live)!);
        using var alone = DatabaseFileLock.TryAcquireExclusive(live);
        if (alone is null)
        {
            return await ServerCommand.RefuseAsync("Nothing was changed: a server runs on this database. Stop it first.");
        }

        var ready = live + ".restoring";
        ServerCommand.Remove(ready);
        try
        {
            await CopyAsync(file, ready);
            if (
                await SettleAsync([.. options, $"--ConnectionStrings:Console=Data Source={ready};Pooling=False"], keepTokens)
                is var code
                    and not 0
            )
            {
                return code;
            }

            Swap(ready, live);
            return 0;
        }
        finally
        {
            ServerCommand.Remove(ready);
        }
    }

    // Does not copy the file mode of the backup, which may come from elsewhere.
    private static async Task CopyAsync(string file, string ready)
    {
        await using var backup = File.OpenRead(file);
        await using var copy = PrivateFiles.Open(ready, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        await backup.CopyToAsync(copy);
    }

    private static void Swap(string ready, string live)
    {
        if (File.Exists(live))
        {
            var aside = $"{live}.before-restore-{Now}";
            foreach (var part in ServerCommand.DatabaseParts.Where(part => File.Exists(live + part)))
            {
                File.Move(live + part, aside + part);
            }

            Console.WriteLine($"What was there until now is in {aside}.");
        }

        File.Move(ready, live);
    }

    private static async Task<int> RefillAsync(string file, string connection, string[] options, bool keepTokens)
    {
        if (await PostgresTools.CountOtherConnectionsAsync(connection, CancellationToken.None) is var others and > 0)
        {
            return await ServerCommand.RefuseAsync(
                $"Nothing was changed: {others} others are connected to this database. Stop the servers first."
            );
        }

        var aside = $"{PostgresTools.BackupSchemaPrefix}{Now}";
        await PostgresTools.RenameToBackupAsync(connection, aside, CancellationToken.None);
        var code = 1;
        try
        {
            code = await PostgresTools.RestoreAsync(connection, file, CancellationToken.None) is { } failed
                ? await ServerCommand.RefuseAsync($"Not restored: {failed.Message}")
                : await SettleAsync([.. options, $"--ConnectionStrings:Console={connection}"], keepTokens);
            return code;
        }
        finally
        {
            if (code != 0)
            {
                await PostgresTools.RestoreBackupAsync(connection, aside, CancellationToken.None);
            }
            else if (!await PostgresTools.DropIfEmptyAsync(connection, aside, CancellationToken.None))
            {
                Console.WriteLine(
                    $"What was there until now is in the schema {aside}: undo-restore puts it back, DROP SCHEMA {aside} CASCADE removes it."
                );
            }
        }
    }

    private static async Task<int> SettleAsync(string[] options, bool keepTokens)
    {
        await using var app = await ServerStartup.BuildAsync(options, ServerCommand.AnyUrl);
        await using var scope = app.Services.CreateAsyncScope();
        var settled = await scope.ServiceProvider.GetRequiredService<RestoredDatabase>().SettleAsync(keepTokens, CancellationToken.None);
        if (settled.Refusal is { } refusal)
        {
            return await ServerCommand.RefuseAsync($"Not restored: {refusal.Message}");
        }

        Console.WriteLine(
            $"Restored. {settled.Value.Events} audit events verified, {settled.Value.Sessions} sessions ended, "
                + $"{settled.Value.Devices} devices signed out, {settled.Value.Tokens} access tokens switched off."
        );
        return 0;
    }
}
