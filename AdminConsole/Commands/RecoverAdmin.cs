using System.Data.Common;
using AdminConsole.Core.Setup;

namespace AdminConsole.Commands;

/// <summary>
/// <c>recover-admin EMAIL</c>: the break-glass way back in, for whoever can run the program on the server. Works beside a running one.
/// </summary>
internal static class RecoverAdmin
{
    private const int Recovered = 0;
    private const int Refused = 1;

    private const string DefaultUrl = "http://localhost:5080";

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not [{ Length: > 0 } email, .. var options] || email.StartsWith('-') || options.Any(option => !option.StartsWith('-')))
        {
            await Console.Error.WriteLineAsync("Usage: AdminConsole recover-admin EMAIL [--Setting=value …]");
            return ServerCommand.WrongUsage;
        }

        try
        {
            // In an emergency nothing more than the database must be needed, so a missing public address is no obstacle.
            await using var app = await Startup.BuildAsync(options, new KeyValuePair<string, string?>("PublicUrl", DefaultUrl));
            return await RecoverAsync(app.Services, email);
        }
        catch (Exception failure) when (DatabaseFailureIn(failure) is not null)
        {
            await Console.Error.WriteLineAsync($"Nothing was changed, the database could not be used: {DatabaseFailureIn(failure)!.Message}");
            return Refused;
        }
    }

    // EF wraps what it takes for passing trouble.
    private static DbException? DatabaseFailureIn(Exception? failure) => failure as DbException ?? (failure is null ? null : DatabaseFailureIn(failure.InnerException));

    private static async Task<int> RecoverAsync(IServiceProvider services, string email)
    {
        await using var scope = services.CreateAsyncScope();
        var recovered = await scope.ServiceProvider.GetRequiredService<AdminRecovery>().RecoverAsync(email, CancellationToken.None);
        if (recovered.Refusal is { } refusal)
        {
            await Console.Error.WriteLineAsync($"Nothing was changed: {refusal.Message}");
            return Refused;
        }

        var (reset, created) = recovered.Value;
        Console.WriteLine($"""
            {reset.Email} {(created ? "was created as" : "is")} an active administrator. Second factors and lockout are cleared, all their sessions ended.
            Set a new password within the hour, once, at:

              {Urls.Reset(services.GetRequiredService<ConsoleSettings>().PublicUrl!, reset.Email, reset.Secret)}

            """);
        return Recovered;
    }
}
