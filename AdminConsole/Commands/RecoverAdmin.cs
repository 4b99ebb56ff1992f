using System.CommandLine;
using AdminConsole.Core.Authentication;
using AdminConsole.Startup;

namespace AdminConsole.Commands;

/// <summary><c>recover-admin EMAIL</c>: break-glass recovery of an administrator. Can run beside a running
/// server.</summary>
internal static class RecoverAdmin
{
    public static Command Create()
    {
        var email = CommandLine.Operand(
            "email",
            "Who becomes an administrator; created where there is no such user. The username, for an account without an email."
        );
        var settings = CommandLine.Settings();
        var yes = new Option<bool>("--yes", "-y") { Description = "Don't ask before tokens are revoked and devices are signed out." };
        var command = new Command(
            "recover-admin",
            "Make a user an active administrator and print a link to set a new password. Clears lockout and two-factor "
                + "authentication, ends all sessions of the\naccount, signs its devices out and revokes its access tokens."
        )
        {
            email,
            settings,
            yes,
        };
        command.SetAction((given, _) => RunAsync(given.GetValue(email)!, given.GetValue(settings)!, given.GetValue(yes)));
        return command;
    }

    private static async Task<int> RunAsync(string email, string[] options, bool yes)
    {
        try
        {
            await using var app = await ServerStartup.BuildAsync(options, ServerCommand.AnyUrl);
            await using var scope = app.Services.CreateAsyncScope();
            var recovery = scope.ServiceProvider.GetRequiredService<AdminRecovery>();
            return await RefusedAsync(await recovery.PreviewAsync(email, CancellationToken.None), yes)
                ?? await RecoverAsync(recovery, email, app.Services.GetRequiredService<ConsoleSettings>().PublicUrl!);
        }
        catch (Exception failure) when (ServerCommand.DatabaseFailureIn(failure) is not null)
        {
            return await ServerCommand.RefuseAsync(
                $"Nothing was changed, the database could not be used: {ServerCommand.DatabaseFailureIn(failure)!.Message}"
            );
        }
    }

    // Ended tokens and devices break programs, whereas users only sign in again. Therefore this requires confirmation,
    // and refuses when the input is not interactive.
    private static async Task<int?> RefusedAsync(AccountAccess access, bool yes)
    {
        if (yes || access is { Devices: 0, Tokens: 0 })
        {
            return null;
        }

        var warning =
            $"This account's access tokens are revoked ({access.Tokens}) and its devices signed out ({access.Devices}). "
            + "Programs that use them stop working.";
        if (Console.IsInputRedirected)
        {
            return await ServerCommand.RefuseAsync($"Nothing was changed. {warning} Add --yes to confirm.");
        }

        await Console.Error.WriteAsync($"{warning}\nContinue? [y/N] ");
        return Console.ReadLine()?.Trim().ToUpperInvariant() is "Y" or "YES"
            ? null
            : await ServerCommand.RefuseAsync("Nothing was changed.");
    }

    private static async Task<int> RecoverAsync(AdminRecovery recovery, string email, Uri publicUrl)
    {
        var recovered = await recovery.RecoverAsync(email, CancellationToken.None);
        if (recovered.Refusal is { } refusal)
        {
            return await ServerCommand.RefuseAsync($"Nothing was changed: {refusal.Message}");
        }

        var (reset, created, ended) = recovered.Value;
        try
        {
            Console.WriteLine(
                $"""
                {reset.Name} {(
                    created ? "was created as" : "is"
                )} an active administrator. Two-factor authentication and lockout are cleared.
                Ended: {ended.Sessions} sessions, {ended.Devices} devices, {ended.Tokens} access tokens.
                Set a new password within the hour, once, at:

                  {Urls.Reset(publicUrl, reset.Name, reset.Secret)}

                """
            );
            return 0;
        }
        catch (IOException unwritable)
        {
            await recovery.RevokeLinkAsync(reset, CancellationToken.None);
            return await ServerCommand.RefuseAsync(
                $"The link could not be printed ({unwritable.Message}), so it was revoked. The account is an active "
                    + $"administrator, and {ended.Tokens} access tokens and {ended.Devices} devices were ended. Run the command again."
            );
        }
    }
}
