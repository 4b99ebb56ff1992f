using System.CommandLine;
using AdminConsole.Cli.Http;
using AdminConsole.Cli.Output;

namespace AdminConsole.Cli.Commands;

/// <summary>A user's password.</summary>
internal static class UserPasswordCommands
{
    public static IEnumerable<Command> All() => [Reset(), Set()];

    private static Command Reset()
    {
        var user = UserRefs.Argument();
        return new Command("reset-password", "Make a single-use link to set a new password; standard output has the link.") { user, Secrets.Raw }.Does(async run =>
        {
            var path = await UserRefs.PathAsync(run, run.Get(user));
            var answer = await run.Api.PostAsync($"{path}/reset-password", null, run.Stopped);
            run.Show(answer, ApiJson.Default.PasswordResetLink, link =>
                Secrets.Print(run, link.ResetUrl, link.EmailSent ? "The link was mailed to the user. It works once:" : "Hand this link over yourself. It works once:"));
        });
    }

    private static Command Set()
    {
        var user = UserRefs.Argument();
        return new Command("set-password", "Set a password that must be changed at once; it is asked for, or read from standard input.") { user }.Does(async run =>
        {
            var path = await UserRefs.PathAsync(run, run.Get(user));
            var body = JsonText.Object(("password", Questions.AskSecret("New password")));
            await run.Api.PostAsync($"{path}/set-password", body, run.Stopped);
            run.Done("The password is set. The user must change it at the next sign-in.");
        });
    }
}
