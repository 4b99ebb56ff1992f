using AdminConsole.Cli.Configuration;
using AdminConsole.Cli.Http;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace AdminConsole.Cli.SignIn;

/// <summary>Tokens, as RFC 6749 answers them.</summary>
internal sealed record TokenAnswer(string AccessToken, string? RefreshToken, int? ExpiresIn)
{
    public Credential ToCredential(string? user) => new()
    {
        AccessToken = AccessToken,
        RefreshToken = RefreshToken,
        ExpiresAt = ExpiresIn is { } seconds ? TimeProvider.System.GetUtcNow().AddSeconds(seconds) : null,
        User = user,
    };
}

/// <summary>A code that waits for somebody's approval (RFC 8628).</summary>
internal sealed record DeviceAnswer(string DeviceCode, string UserCode, string VerificationUri, string? VerificationUriComplete, int ExpiresIn, int? Interval);

/// <summary>The server's OAuth endpoints, as the client <c>adminctl</c>.</summary>
internal sealed class OAuth(Connection connection)
{
    private const string Client = "adminctl";

    /// <summary>Asks for a code that a person approves in the browser.</summary>
    public Task<(DeviceAnswer? Answer, StopException? Refusal)> RequestDeviceAsync(string device, CancellationToken ct) =>
        AskAsync("oauth/device_authorization", OAuthJson.Default.DeviceAnswer, ct, ("client_id", Client), ("device_name", device));

    public Task<(TokenAnswer? Answer, StopException? Refusal)> PollAsync(string deviceCode, CancellationToken ct) =>
        GrantAsync(ct, ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("device_code", deviceCode), ("client_id", Client));

    public Task<(TokenAnswer? Answer, StopException? Refusal)> RedeemAsync(string code, string device, CancellationToken ct) =>
        GrantAsync(ct, ("grant_type", "urn:adminconsole:grant-type:cli-code"), ("code", code), ("client_id", Client), ("device_name", device));

    public Task<(TokenAnswer? Answer, StopException? Refusal)> RefreshAsync(string refreshToken, CancellationToken ct) =>
        GrantAsync(ct, ("grant_type", "refresh_token"), ("refresh_token", refreshToken), ("client_id", Client));

    /// <summary>Ends the family of a refresh token (RFC 7009).</summary>
    public async Task RevokeAsync(string refreshToken, CancellationToken ct)
    {
        using var response = await connection.SendAsync(
            HttpMethod.Post, "oauth/revoke", Connection.Form(("token", refreshToken), ("token_type_hint", "refresh_token"), ("client_id", Client)), null, ct);
        if (!response.IsSuccessStatusCode)
        {
            throw await Connection.RefusalAsync(response, ct);
        }
    }

    private Task<(TokenAnswer? Answer, StopException? Refusal)> GrantAsync(CancellationToken ct, params (string, string?)[] fields) =>
        AskAsync("oauth/token", OAuthJson.Default.TokenAnswer, ct, fields);

    private async Task<(T? Answer, StopException? Refusal)> AskAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken ct, params (string, string?)[] fields)
        where T : class
    {
        using var response = await connection.SendAsync(HttpMethod.Post, path, Connection.Form(fields), null, ct);
        return response.IsSuccessStatusCode
            ? (JsonSerializer.Deserialize(await response.Content.ReadAsStringAsync(ct), type), null)
            : (null, await Connection.RefusalAsync(response, ct));
    }
}
