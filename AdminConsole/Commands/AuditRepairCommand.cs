using System.CommandLine;
using AdminConsole.Core.Audit;
using AdminConsole.Core.Data;
using AdminConsole.Startup;

namespace AdminConsole.Commands;

/// <summary><c>audit-repair [--accept]</c>: repairs an audit log that was modified outside the program, and records the
/// repair. Can run beside a running server.</summary>
internal static class AuditRepairCommand
{
    public static Command Create()
    {
        var settings = CommandLine.Settings();
        var accept = new Option<bool>("--accept")
        {
            Description = "Go on from the events that are left, although others had been written.",
        };
        var command = new Command(
            "audit-repair",
            "Move rows that AdminConsole did not write out of the audit log, and restore its head, triggers and index. "
                + "The repair is recorded."
        )
        {
            accept,
            settings,
        };
        command.SetAction((given, _) => RunAsync(given.GetValue(settings)!, given.GetValue(accept)));
        return command;
    }

    private static async Task<int> RunAsync(string[] options, bool accept)
    {
        try
        {
            await using var app = await ServerStartup.BuildAsync(options, ServerCommand.AnyUrl);
            await using var scope = app.Services.CreateAsyncScope();
            try
            {
                return await RepairAsync(scope.ServiceProvider, accept);
            }
            catch (Exception failure) when (scope.ServiceProvider.GetRequiredService<AppDbContext>().Unavailable(failure) is { } refusal)
            {
                return await ServerCommand.RefuseAsync($"Nothing was changed. {refusal.Message}");
            }
        }
        catch (Exception failure) when (ServerCommand.DatabaseFailureIn(failure) is not null)
        {
            return await ServerCommand.RefuseAsync(
                $"Nothing was changed, the database could not be used: {ServerCommand.DatabaseFailureIn(failure)!.Message}"
            );
        }
    }

    private static async Task<int> RepairAsync(IServiceProvider services, bool accept)
    {
        var repaired = await services.GetRequiredService<AuditRepair>().RepairAsync(accept, CancellationToken.None);
        if (repaired.Refusal is { Code: "nothing_to_repair" } nothing)
        {
            Console.WriteLine($"Nothing was changed. {nothing.Message}");
        }
        else if (repaired.Refusal is { } refusal)
        {
            return await ServerCommand.RefuseAsync($"Nothing was changed. {refusal.Message}");
        }
        else
        {
            Say(repaired.Value);
        }

        var log = await services.GetRequiredService<AuditVerifier>().CheckAsync(null, CancellationToken.None);
        if (!log.Valid)
        {
            return await ServerCommand.RefuseAsync($"The audit log does not verify. {log.Problem}");
        }

        Console.WriteLine($"The audit log verifies: {log.Events} events.");
        return 0;
    }

    private static void Say(AuditRepaired done)
    {
        if (done.Quarantined > 0)
        {
            Console.WriteLine($"Rows moved to the table AuditQuarantine: {done.Quarantined}.");
        }

        if (done.EndsAt is { } end)
        {
            Console.WriteLine($"The log goes on after event {end}.");
        }

        if (done.IsIndexRebuilt)
        {
            Console.WriteLine("The index of times was rebuilt.");
        }

        if (done.Triggers.Count > 0)
        {
            Console.WriteLine($"Triggers restored: {string.Join(", ", done.Triggers)}.");
        }

        Console.WriteLine("Recorded in the audit log as audit.repaired.");
    }
}
