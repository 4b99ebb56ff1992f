using System.Text.Json;
using AdminConsole.Cli.Http;
using AdminConsole.Cli.Output;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Cli.Auth;

/// <summary>Signs in with a password, and a second factor if required.</summary>
internal static class PasswordSignIn
{
    private const string Instead =
        "Without --password, adminctl login lets you approve in the browser: that also works with a passkey, or without a password.";
    private const int DigitsOfCode = 6;

    public static async Task<TokenResponse> RunAsync(Connection connection, string? login, string device, CancellationToken ct)
    {
        var user = login ?? Prompt.Ask("Email or username");
        var password = Prompt.AskSecret("Password");
        try
        {
            return await AskAsync(connection, Body(user, password, device), ct);
        }
        catch (CliException due) when (due.Code == "mfa_required")
        {
            var code = Prompt.Ask("Authentication code or recovery code").Replace(" ", "", StringComparison.Ordinal);
            return await AskAsync(connection, Body(user, password, device, code), ct);
        }
    }

    private static string Body(string user, string password, string device, string? code = null)
    {
        var isFromApp = code?.Length == DigitsOfCode && code.All(char.IsAsciiDigit);
        return JsonText.Object(
            ("login", user),
            ("password", password),
            ("deviceName", device),
            ("code", isFromApp ? code : null),
            ("recoveryCode", isFromApp ? null : code)
        );
    }

    private static async Task<TokenResponse> AskAsync(Connection connection, string body, CancellationToken ct)
    {
        using var response = await connection.SendAsync(HttpMethod.Post, "api/auth/token", Connection.Json(body), null, ct);
        if (response.IsSuccessStatusCode)
        {
            return JsonSerializer.Deserialize(await response.Content.ReadAsStringAsync(ct), ApiJson.Default.TokenResponse)!;
        }

        var refusal = await Connection.RefusalAsync(response, ct);
        throw refusal.ExitCode == ExitCode.Unreachable
            ? refusal
            : new CliException(refusal.ExitCode, refusal.Message, Instead, refusal.Code) { Problem = refusal.Problem };
    }
}
