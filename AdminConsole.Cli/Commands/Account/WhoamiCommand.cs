using System.CommandLine;
using AdminConsole.Cli.Http;
using AdminConsole.Cli.Output;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Cli.Commands.Account;

internal static class WhoamiCommand
{
    public static Command Create() =>
        new Command("whoami", "Show who you're signed in as, and your permissions.").SetHandler(async run =>
            run.Show(await run.Api.GetAsync("api/auth/me", run.Stopped), ApiJson.Default.Me, me => Write(run, me))
        );

    private static void Write(CommandContext run, Me me) =>
        new PropertyList()
            .Add("Server", run.Server.ToString())
            .Add("Email", me.Email ?? SharedTexts.NoEmail)
            .Add("Username", me.UserName)
            .Add("Name", me.DisplayName)
            .Add("Roles", string.Join(", ", me.Roles))
            .Add("May", string.Join(", ", me.Permissions))
            .Add("Signed in by", me.AuthMethod)
            .Add("Id", me.Id.ToString())
            .Print(run.Terminal);
}
