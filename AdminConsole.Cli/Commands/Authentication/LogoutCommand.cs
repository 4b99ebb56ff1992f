using System.CommandLine;
using AdminConsole.Cli.Auth;
using AdminConsole.Cli.Http;

namespace AdminConsole.Cli.Commands.Authentication;

internal static class LogoutCommand
{
    public static Command Create() => new Command("logout", "Sign out this device and delete its credentials.").SetHandler(SignOutAsync);

    private static async Task SignOutAsync(CommandContext run)
    {
        // Delete the stored credentials first, so that they cannot be used whatever the server responds.
        using (await run.Credentials.LockAsync(run.Stopped))
        {
            if (run.Credentials.Find(run.Server) is not { } credential)
            {
                run.Done($"You weren't signed in to {run.Server}.");
                return;
            }

            run.Credentials.Save(run.Server, null);
            if (credential.RefreshToken is null)
            {
                run.Done(
                    $"Signed out of {run.Server}. The personal access token stays valid. "
                        + "Revoke it in the console if it's no longer needed."
                );
                return;
            }

            using var connection = new Connection(run.Server);
            await RevokeAsync(connection, credential.RefreshToken);
        }

        run.Done($"Signed out of {run.Server}.");
    }

    private static async Task RevokeAsync(Connection connection, string refreshToken)
    {
        try
        {
            await new OAuth(connection).RevokeAsync(refreshToken, CancellationToken.None);
        }
        catch (Exception failure) when (Failures.Explain(failure) is { } stop)
        {
            throw new CliException(
                stop.ExitCode,
                $"Signed out here, but the server couldn't be notified: {stop.Message}",
                "Sign the device out in the console, under Devices.",
                stop.Code
            );
        }
    }
}
