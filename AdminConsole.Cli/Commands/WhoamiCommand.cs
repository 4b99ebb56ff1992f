using System.CommandLine;
using AdminConsole.Cli.Http;
using AdminConsole.Cli.Output;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Cli.Commands;

internal static class WhoamiCommand
{
    public static Command Create() => new Command("whoami", "Who you are to the server, and what you may do now.").Does(async run =>
        run.Show(await run.Api.GetAsync("api/auth/me", run.Stopped), ApiJson.Default.Me, me => Tell(run, me)));

    private static void Tell(Run run, Me me) => new Facts()
        .Add("Server", run.Server.ToString())
        .Add("E-mail", me.Email ?? Words.NoEmail)
        .Add("User name", me.UserName)
        .Add("Name", me.DisplayName)
        .Add("Roles", string.Join(", ", me.Roles))
        .Add("May", string.Join(", ", me.Permissions))
        .Add("Signed in by", me.AuthMethod)
        .Add("Id", me.Id.ToString())
        .Print(run.Terminal);
}
