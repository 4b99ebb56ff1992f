using System.CommandLine;
using AdminConsole.Cli.Http;
using AdminConsole.Cli.SignIn;

namespace AdminConsole.Cli.Commands;

internal static class LogoutCommand
{
    public static Command Create() => new Command("logout", "Sign out: disconnects this device, and forgets what it signed in with.").Does(SignOutAsync);

    private static async Task SignOutAsync(Run run)
    {
        // First here: whatever the server says, nobody can go on with what is stored.
        using (await run.Credentials.LockAsync(run.Stopped))
        {
            if (run.Credentials.Find(run.Server) is not { } credential)
            {
                run.Done($"You were not signed in to {run.Server}.");
                return;
            }

            run.Credentials.Keep(run.Server, null);
            if (credential.RefreshToken is null)
            {
                run.Done($"Signed out of {run.Server}. The personal access token itself still works: revoke it in the console if nobody needs it.");
                return;
            }

            using var connection = new Connection(run.Server);
            await TellAsync(connection, credential.RefreshToken);
        }

        run.Done($"Signed out of {run.Server}.");
    }

    private static async Task TellAsync(Connection connection, string refreshToken)
    {
        try
        {
            await new OAuth(connection).RevokeAsync(refreshToken, CancellationToken.None);
        }
        catch (Exception failure) when (Failures.Explain(failure) is { } stop)
        {
            throw new StopException(stop.ExitCode, $"Signed out here, but the server was not told: {stop.Message}", "End the device in the console, under Devices & sessions.", stop.Code);
        }
    }
}
