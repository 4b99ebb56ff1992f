using System.Text.Json;
using System.Text.Json.Serialization;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Cli.Http;

/// <summary>An error response of the server: problem details (RFC 9457) or an OAuth error (RFC 6749).</summary>
internal sealed record ServerProblem
{
    public string? Code { get; init; }
    public string? Detail { get; init; }
    public Dictionary<string, string[]>? Errors { get; init; }
    public ImportError[]? Rows { get; init; }
    public int? RetryAfter { get; init; }
    public string? Error { get; init; }

    [JsonPropertyName("error_description")]
    public string? ErrorDescription { get; init; }

    /// <summary>The stable code; null if the response is not from an AdminConsole server.</summary>
    [JsonIgnore]
    public string? Reason => Code ?? Error;

    /// <summary>Parses an error response. Returns null if it is not from the server, but for example from a
    /// proxy.</summary>
    public static ServerProblem? Read(string text)
    {
        try
        {
            return text.StartsWith('{') && JsonSerializer.Deserialize(text, ApiJson.Default.ServerProblem) is { Reason: not null } problem
                ? problem
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Converts the error to the exception that ends the command.</summary>
    public CliException ToException(int status, string text)
    {
        var fields = Errors?.SelectMany(field => field.Value.Select(message => $"{field.Key}: {message}")) ?? [];
        var rows = Rows?.Select(row => $"row {row.Row}{(row.Field is null ? "" : $", {row.Field}")}: {row.Message}") ?? [];
        var words = string.Join('\n', fields.Concat(rows).Prepend(Detail ?? ErrorDescription ?? Reason!));
        return new CliException(status == 401 ? ExitCode.NotSignedIn : ExitCode.Refused, words, HintOf(status), Reason) { Problem = text };
    }

    private string? HintOf(int status) =>
        Reason switch
        {
            "fresh_sign_in_required" => "This needs a recent sign-in. Sign in again: adminctl login",
            "interactive_required" => "A personal access token can't do this. Sign in as yourself: adminctl login",
            "insufficient_scope" => "Sign in with full access: adminctl login",
            "password_change_required" => "Change your password in the browser first.",
            "setup_required" => "Open the console in a browser and create the first administrator.",
            _ when RetryAfter is { } seconds => $"Try again in {seconds} s.",
            _ when status == 401 => "Sign in: adminctl login",
            _ => null,
        };
}
