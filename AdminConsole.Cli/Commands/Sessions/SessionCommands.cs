using System.CommandLine;
using AdminConsole.Cli.Commands.Users;
using AdminConsole.Cli.Http;
using AdminConsole.Cli.Output;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Cli.Commands.Sessions;

/// <summary>Lists and ends sessions: the user's own, or with <c>--user</c> those of another user.</summary>
internal static class SessionCommands
{
    private static readonly Option<string?> User = UserResolver.Option("Another user's sessions, by email, username or id.");

    public static Command Create() => new("sessions", "List and end sessions.") { List(), End() };

    private static Command List() =>
        new Command("list", "List active sessions.") { User, Paging.Limit, Paging.All }.SetHandler(async run =>
            Paging.Show(run, await Paging.ReadAsync(run, await PathAsync(run), new Query()), ApiJson.Default.SessionSummary, Rows)
        );

    private static Command End()
    {
        var session = new Argument<Guid?>("session") { Description = "The session's id.", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all")
        {
            Description = "All sessions and connected devices. Without --user, the one in use stays signed in.",
        };
        return new Command("end", "End a session, or all.") { session, all, User }.SetHandler(async run =>
        {
            if (run.Get(session) is null != run.Get(all))
            {
                throw CliException.Usage("Name one session, or --all.");
            }

            var path = await PathAsync(run);
            await run.Api.AskAsync(HttpMethod.Delete, run.Get(session) is { } id ? $"{path}/{id}" : path, null, run.Stopped);
            run.Done(run.Get(all) ? "Sessions ended." : "Session ended.");
        });
    }

    private static async Task<string> PathAsync(CommandContext run) =>
        run.Get(User) is { } user ? $"{await UserResolver.PathAsync(run, user)}/sessions" : "api/sessions";

    private static Table Rows(IEnumerable<SessionSummary> sessions)
    {
        var table = new Table("Id", "Method", "IP address", "Last seen", "Ends", "Browser");
        foreach (var session in sessions)
        {
            table.Add(
                session.Id.ToString(),
                session.Method,
                session.Ip,
                Texts.Time(session.LastSeenAt),
                Texts.Time(session.ExpiresAt),
                session.UserAgent
            );
        }

        return table;
    }
}
