using System.CommandLine;
using System.Diagnostics;
using AdminConsole.Core.Demo;
using AdminConsole.Startup;

namespace AdminConsole.Commands;

/// <summary><c>seed-demo [--users N] [--audit N]</c>: adds demo users and audit events up to these totals.</summary>
internal sealed record SeedDemo(int Users, int Events)
{
    private const int DefaultUsers = 1_000;
    private const int MaxRows = 10_000_000;

    public static Command Create()
    {
        var users = new Option<int>("--users")
        {
            Description = "How many made-up users there shall be in all.",
            HelpName = "n",
            DefaultValueFactory = _ => DefaultUsers,
        };
        var events = new Option<int?>("--audit")
        {
            Description = "How many made-up events there shall be in all, besides one for each user. As many as users.",
            HelpName = "n",
        };
        foreach (var option in new Option[] { users, events })
        {
            option.Validators.Add(given =>
            {
                if (given.Tokens is [var token] && !(int.TryParse(token.Value, out var number) && number is >= 0 and <= MaxRows))
                {
                    given.AddError($"{option.Name} needs a number from 0 to {MaxRows}.");
                }
            });
        }

        var settings = CommandLine.Settings();
        var command = new Command(
            "seed-demo",
            "Fill the console with made-up people and history, up to these numbers. Running it again adds only what is "
                + "missing. Users who exist are never changed."
        )
        {
            users,
            events,
            settings,
        };
        command.SetAction(
            (given, _) =>
                RunAsync(new SeedDemo(given.GetValue(users), given.GetValue(events) ?? given.GetValue(users)), given.GetValue(settings)!)
        );
        return command;
    }

    private static async Task<int> RunAsync(SeedDemo wanted, string[] options)
    {
        await using var app = await ServerStartup.BuildAsync(options);
        await using var scope = app.Services.CreateAsyncScope();
        return await wanted.SeedAsync(scope.ServiceProvider.GetRequiredService<DemoData>());
    }

    private async Task<int> SeedAsync(DemoData demo)
    {
        var administrator = await demo.AddAdministratorAsync(CancellationToken.None);
        if (administrator.Refusal is { } closed)
        {
            return await ServerCommand.RefuseAsync(closed.Message);
        }

        if (administrator.Value is { } password)
        {
            const string created =
                "There was no user yet, so an administrator was created. "
                + "The password is shown this once and must be changed at the first sign-in.";
            Console.WriteLine(
                $"""
                {created}
                  Sign in as  {DemoData.AdministratorEmail}
                  Password    {password}

                """
            );
        }

        var watch = Stopwatch.StartNew();
        var tenths = 0;
        var added = await demo.AddAsync(
            Users,
            Events,
            progress =>
            {
                // Prints one line for each tenth, but none within the first second.
                if ((int)(progress.Share * 10) > tenths && watch.Elapsed.TotalSeconds > 1)
                {
                    Console.WriteLine(
                        $"{progress.Share.ToString("P0").PadLeft(5)}  {progress.Users} users, {progress.Events} events added"
                    );
                }

                tenths = (int)(progress.Share * 10);
            },
            CancellationToken.None
        );
        if (added.Refusal is { } refusal)
        {
            return await ServerCommand.RefuseAsync(refusal.Message);
        }

        Console.WriteLine(
            $"Added {added.Value.Users} users and {added.Value.Events} events in {watch.Elapsed.TotalSeconds:0.0} s; "
                + $"{Users} and {Events} were asked for in all."
        );
        return 0;
    }
}
