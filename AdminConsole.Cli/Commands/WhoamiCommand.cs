using System.CommandLine;
using AdminConsole.Cli.Http;
using AdminConsole.Cli.Output;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Cli.Commands;

internal static class WhoamiCommand
{
    public static Command Create() =>
        new Command("whoami", "Show who you're signed in as, and your permissions.").Does(async run =>
            run.Show(await run.Api.GetAsync("api/auth/me", run.Stopped), ApiJson.Default.Me, me => Tell(run, me))
        );

    private static void Tell(Run run, Me me) =>
        new Facts()
            .Add("Server", run.Server.ToString())
            .Add("Email", me.Email ?? Words.NoEmail)
            .Add("Username", me.UserName)
            .Add("Name", me.DisplayName)
            .Add("Roles", string.Join(", ", me.Roles))
            .Add("May", string.Join(", ", me.Permissions))
            .Add("Signed in by", me.AuthMethod)
            .Add("Id", me.Id.ToString())
            .Print(run.Terminal);
}
