using System.CommandLine;
using AdminConsole.Cli.Http;
using AdminConsole.Cli.Output;

namespace AdminConsole.Cli.Commands.Users;

/// <summary>Activates, deactivates, unlocks, locks down and deletes users, and exempts them from identity
/// providers.</summary>
internal static class UserOperationCommands
{
    public static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Don't ask." };

    public static IEnumerable<Command> All() =>
        [
            Act("activate", "Reactivate a user."),
            Deactivate(),
            Act("unlock", "Unlock an account after failed sign-ins."),
            BreakGlass(),
            LockDown(),
            Delete(),
        ];

    private static Command Act(string verb, string description)
    {
        var user = UserResolver.Argument();
        return new Command(verb, description) { user }.SetHandler(async run => await DoAsync(run, run.Get(user), verb, null));
    }

    private static Command Deactivate()
    {
        var user = UserResolver.Argument();
        var reason = new Option<string?>("--reason") { Description = "Why; it is shown beside the user." };
        var until = new Option<string?>("--until")
        {
            Description = "When the user becomes active again by itself: a time, or 12h, 30d from now.",
        };
        return new Command("deactivate", "Block a user's sign-in and end their sessions.") { user, reason, until }.SetHandler(async run =>
            await DoAsync(
                run,
                run.Get(user),
                "deactivate",
                JsonText.Object(("reason", run.Get(reason)), ("until", Times.ToCome(run.Get(until), "--until")))
            )
        );
    }

    private static Command BreakGlass()
    {
        var user = UserResolver.Argument();
        var off = new Option<bool>("--off") { Description = "End the exemption." };
        return new Command("break-glass", "Exempt a user from signing in with an identity provider.") { user, off }.SetHandler(async run =>
            run.Show(
                await run.Api.AskAsync(
                    run.Get(off) ? HttpMethod.Delete : HttpMethod.Put,
                    $"{await UserResolver.PathAsync(run, run.Get(user))}/break-glass",
                    null,
                    run.Stopped
                ),
                ApiJson.Default.UserDetails,
                details => UserCommands.Write(run, details)
            )
        );
    }

    private static Command LockDown()
    {
        var user = UserResolver.Argument();
        var reason = new Option<string?>("--reason") { Description = "Why; it is shown beside the user." };
        return new Command("lockdown", "Deactivate a compromised account, end its sessions and devices and revoke its tokens.")
        {
            user,
            reason,
            Yes,
        }.SetHandler(async run =>
        {
            Prompt.Confirm(run.Terminal, run.Get(Yes), $"Lock down {run.Get(user)}? Their sessions, devices and tokens stop working now.");
            await DoAsync(run, run.Get(user), "lockdown", JsonText.Object(("reason", run.Get(reason))));
        });
    }

    private static Command Delete()
    {
        var user = UserResolver.Argument();
        return new Command("delete", "Delete a user with their sessions, devices and tokens.") { user, Yes }.SetHandler(async run =>
        {
            var path = await UserResolver.PathAsync(run, run.Get(user));
            Prompt.Confirm(run.Terminal, run.Get(Yes), $"Delete {run.Get(user)}? This can't be undone.");
            await run.Api.AskAsync(HttpMethod.Delete, path, null, run.Stopped);
            run.Done($"{run.Get(user)} deleted.");
        });
    }

    private static async Task DoAsync(CommandContext run, string user, string verb, string? body) =>
        run.Show(
            await run.Api.PostAsync($"{await UserResolver.PathAsync(run, user)}/{verb}", body, run.Stopped),
            ApiJson.Default.UserDetails,
            details => UserCommands.Write(run, details)
        );
}
