using System.Diagnostics;
using AdminConsole.Core;
using AdminConsole.Core.Demo;

namespace AdminConsole.Commands;

/// <summary><c>seed-demo [--users N] [--audit N]</c>: fills the console with made-up people and history, up to these numbers.</summary>
internal sealed record SeedDemo(int Users, int Events)
{
    private const int DefaultUsers = 1_000;
    private const int Most = 10_000_000;

    private const string Usage = """
        seed-demo [--users N] [--audit N]
          --users N   how many made-up users there shall be in all (1000)
          --audit N   how many made-up events there shall be in all, besides one for each user (as many as users)
        Running it again adds only what is missing. Users who exist are never changed.
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["--help" or "-h"])
        {
            Console.WriteLine(Usage);
            return 0;
        }

        if (Read(args, out var wrong) is not { } wanted)
        {
            await Console.Error.WriteLineAsync($"{wrong}\n\n{Usage}");
            return ServerCommand.WrongUsage;
        }

        await using var app = await Startup.BuildAsync([]);
        await using var scope = app.Services.CreateAsyncScope();
        return await wanted.SeedAsync(scope.ServiceProvider.GetRequiredService<DemoData>());
    }

    /// <summary>Null with a sentence where the arguments are not what is expected.</summary>
    internal static SeedDemo? Read(string[] args, out string wrong)
    {
        int? users = null;
        int? events = null;
        for (var at = 0; at < args.Length; at += 2)
        {
            if (args[at] is not ("--users" or "--audit"))
            {
                wrong = $"seed-demo does not know '{args[at]}'.";
                return null;
            }

            if (at + 1 == args.Length || !int.TryParse(args[at + 1], out var number) || number is < 0 or > Most)
            {
                wrong = $"{args[at]} needs a number from 0 to {Most}.";
                return null;
            }

            users = args[at] == "--users" ? number : users;
            events = args[at] == "--audit" ? number : events;
        }

        wrong = "";
        return new SeedDemo(users ?? DefaultUsers, events ?? users ?? DefaultUsers);
    }

    private async Task<int> SeedAsync(DemoData demo)
    {
        var administrator = await demo.AddAdministratorAsync(CancellationToken.None);
        if (administrator.Refusal is { } closed)
        {
            return await RefusedAsync(closed);
        }

        if (administrator.Value is { } password)
        {
            Console.WriteLine($"""
                There was no user yet, so an administrator was created. The password is shown this once and must be changed at the first sign-in.
                  Sign in as  {DemoData.AdministratorEmail}
                  Password    {password}

                """);
        }

        var watch = Stopwatch.StartNew();
        var tenths = 0;
        var added = await demo.AddAsync(Users, Events, progress =>
        {
            // A line for each tenth, but none for what takes a moment.
            if ((int)(progress.Share * 10) > tenths && watch.Elapsed.TotalSeconds > 1)
            {
                Console.WriteLine($"{progress.Share,5:P0}  {progress.Users} users, {progress.Events} events added");
            }

            tenths = (int)(progress.Share * 10);
        }, CancellationToken.None);
        if (added.Refusal is { } refusal)
        {
            return await RefusedAsync(refusal);
        }

        Console.WriteLine($"Added {added.Value.Users} users and {added.Value.Events} events in {watch.Elapsed.TotalSeconds:0.0} s; {Users} and {Events} were asked for in all.");
        return 0;
    }

    private static async Task<int> RefusedAsync(Refusal refusal)
    {
        await Console.Error.WriteLineAsync(refusal.Message);
        return 1;
    }
}
