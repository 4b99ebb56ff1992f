using System.CommandLine;
using AdminConsole.Core.Data.Postgres;
using AdminConsole.Startup;

namespace AdminConsole.Commands;

/// <summary><c>undo-restore</c>: restores what the last restore moved aside, on PostgreSQL, even if that restore was
/// killed.</summary>
internal static class UndoRestore
{
    public static Command Create()
    {
        var settings = CommandLine.Settings();
        var command = new Command(
            "undo-restore",
            "PostgreSQL: put back what the last restore moved aside, while no server runs. What was restored is removed."
        )
        {
            settings,
        };
        command.SetAction((given, _) => RunAsync(given.GetValue(settings)!));
        return command;
    }

    private static async Task<int> RunAsync(string[] options)
    {
        try
        {
            var database = ServerStartup.Read(options, ServerCommand.AnyUrl).Database;
            if (database.File is { } file)
            {
                return await ServerCommand.RefuseAsync(
                    $"Nothing was changed: on SQLite, put {file}.before-restore-… in the place of {file}."
                );
            }

            var connection = await PostgresTools.AsOwnerAsync(database.ConnectionString, CancellationToken.None);
            if (await PostgresTools.CountOtherConnectionsAsync(connection, CancellationToken.None) is var others and > 0)
            {
                return await ServerCommand.RefuseAsync(
                    $"Nothing was changed: {others} others are connected to this database. Stop the servers first."
                );
            }

            if (await PostgresTools.FindLatestBackupSchemaAsync(connection, CancellationToken.None) is not { } aside)
            {
                return await ServerCommand.RefuseAsync("Nothing was changed: there is no schema that a restore moved aside.");
            }

            await PostgresTools.RestoreBackupAsync(connection, aside, CancellationToken.None);
            Console.WriteLine($"What was in the schema {aside} is in place again.");
            return 0;
        }
        catch (Exception failure) when (ServerCommand.DatabaseFailureIn(failure) is not null)
        {
            return await ServerCommand.RefuseAsync($"Nothing was changed: {ServerCommand.DatabaseFailureIn(failure)!.Message}");
        }
    }
}
