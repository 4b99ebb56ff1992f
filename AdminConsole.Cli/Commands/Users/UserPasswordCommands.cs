using System.CommandLine;
using AdminConsole.Cli.Http;
using AdminConsole.Cli.Output;

namespace AdminConsole.Cli.Commands.Users;

/// <summary>Creates invitation and reset links, and sets temporary passwords.</summary>
internal static class UserPasswordCommands
{
    public static IEnumerable<Command> All() => [Invite(), Reset(), Set()];

    private static Command Invite()
    {
        var user = UserResolver.Argument();
        return new Command("invitation-link", "Create a single-use link to choose the first password. It's printed to standard output.")
        {
            user,
            Secrets.Raw,
        }.SetHandler(async run =>
        {
            var path = await UserResolver.PathAsync(run, run.Get(user));
            var answer = await run.Api.PostAsync($"{path}/invitation-link", null, run.Stopped);
            await Secrets.RevealAsync(
                run,
                answer,
                ApiJson.Default.InvitationLink,
                link => link.Url,
                _ => ["Send this link to the user over a secure channel. It works once, for 7 days:"],
                async _ =>
                {
                    await run.Api.AskAsync(HttpMethod.Delete, $"{path}/reset-password", null, CancellationToken.None);
                    return "The link was revoked.";
                }
            );
        });
    }

    private static Command Reset()
    {
        var user = UserResolver.Argument();
        return new Command("reset-password", "Create a single-use reset link. It's printed to standard output.")
        {
            user,
            Secrets.Raw,
        }.SetHandler(async run =>
        {
            var path = await UserResolver.PathAsync(run, run.Get(user));
            var answer = await run.Api.PostAsync($"{path}/reset-password", null, run.Stopped);
            await Secrets.RevealAsync(
                run,
                answer,
                ApiJson.Default.PasswordResetLink,
                link => link.ResetUrl,
                link =>
                    [
                        link.EmailSent
                            ? "The link was emailed to the user. It works once:"
                            : "Send this link to the user over a secure channel. It works once:",
                    ],
                async link =>
                {
                    if (link.EmailSent)
                    {
                        return "The link was emailed to the user and stays valid.";
                    }

                    await run.Api.AskAsync(HttpMethod.Delete, $"{path}/reset-password", null, CancellationToken.None);
                    return "The link was revoked.";
                }
            );
        });
    }

    private static Command Set()
    {
        var user = UserResolver.Argument();
        return new Command("set-password", "Set a temporary password. It's prompted for, or read from standard input.") { user }.SetHandler(
            async run =>
            {
                var path = await UserResolver.PathAsync(run, run.Get(user));
                var body = JsonText.Object(("password", Prompt.AskSecret("New password")));
                await run.Api.PostAsync($"{path}/set-password", body, run.Stopped);
                run.Done("Temporary password set. The user must change it at next sign-in.");
            }
        );
    }
}
