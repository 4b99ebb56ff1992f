using AdminConsole.Core.Setup;

namespace AdminConsole.Commands;

/// <summary>
/// <c>recover-admin EMAIL</c>: the break-glass way back in, for whoever can run the program on the server. Works beside a running one.
/// </summary>
internal static class RecoverAdmin
{
    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not [{ Length: > 0 } email, .. var options] || email.StartsWith('-') || options.Any(option => !option.StartsWith('-')))
        {
            await Console.Error.WriteLineAsync("Usage: AdminConsole recover-admin EMAIL [--Setting=value …]");
            return ServerCommand.WrongUsage;
        }

        try
        {
            await using var app = await Startup.BuildAsync(options, ServerCommand.AnyUrl);
            return await RecoverAsync(app.Services, email);
        }
        catch (Exception failure) when (ServerCommand.DatabaseFailureIn(failure) is not null)
        {
            return await ServerCommand.RefuseAsync($"Nothing was changed, the database could not be used: {ServerCommand.DatabaseFailureIn(failure)!.Message}");
        }
    }

    private static async Task<int> RecoverAsync(IServiceProvider services, string email)
    {
        await using var scope = services.CreateAsyncScope();
        var recovered = await scope.ServiceProvider.GetRequiredService<AdminRecovery>().RecoverAsync(email, CancellationToken.None);
        if (recovered.Refusal is { } refusal)
        {
            return await ServerCommand.RefuseAsync($"Nothing was changed: {refusal.Message}");
        }

        var (reset, created) = recovered.Value;
        Console.WriteLine($"""
            {reset.Email} {(created ? "was created as" : "is")} an active administrator. Second factors and lockout are cleared, all their sessions ended.
            Set a new password within the hour, once, at:

              {Urls.Reset(services.GetRequiredService<ConsoleSettings>().PublicUrl!, reset.Email, reset.Secret)}

            """);
        return 0;
    }
}
