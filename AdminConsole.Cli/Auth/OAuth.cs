using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AdminConsole.Cli.Configuration;
using AdminConsole.Cli.Http;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Cli.Auth;

/// <summary>The server's OAuth endpoints, called as the client <c>adminctl</c>.</summary>
internal sealed class OAuth(Connection connection)
{
    private const string Client = "adminctl";

    /// <summary>Converts newly issued tokens to the credential to store.</summary>
    public static Credential ToCredential(TokenResponse tokens, string? user = null) =>
        new()
        {
            AccessToken = tokens.AccessToken,
            RefreshToken = tokens.RefreshToken,
            ExpiresAt = TimeProvider.System.GetUtcNow().AddSeconds(tokens.ExpiresIn),
            User = user,
        };

    /// <summary>Requests a code that the user approves in the browser.</summary>
    public Task<(DeviceAuthorization? Answer, CliException? Refusal)> RequestDeviceAsync(string device, CancellationToken ct) =>
        AskAsync("oauth/device_authorization", ApiJson.Default.DeviceAuthorization, ct, ("client_id", Client), ("device_name", device));

    public Task<(TokenResponse? Answer, CliException? Refusal)> PollAsync(string deviceCode, CancellationToken ct) =>
        GrantAsync(ct, ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("device_code", deviceCode), ("client_id", Client));

    public Task<(TokenResponse? Answer, CliException? Refusal)> RedeemAsync(string code, string device, CancellationToken ct) =>
        GrantAsync(
            ct,
            ("grant_type", "urn:adminconsole:grant-type:cli-code"),
            ("code", code),
            ("client_id", Client),
            ("device_name", device)
        );

    public Task<(TokenResponse? Answer, CliException? Refusal)> RefreshAsync(string refreshToken, CancellationToken ct) =>
        GrantAsync(ct, ("grant_type", "refresh_token"), ("refresh_token", refreshToken), ("client_id", Client));

    /// <summary>Revokes the family of a refresh token (RFC 7009).</summary>
    public async Task RevokeAsync(string refreshToken, CancellationToken ct)
    {
        using var response = await connection.SendAsync(
            HttpMethod.Post,
            "oauth/revoke",
            Connection.Form(("token", refreshToken), ("token_type_hint", "refresh_token"), ("client_id", Client)),
            null,
            ct
        );
        if (!response.IsSuccessStatusCode)
        {
            throw await Connection.RefusalAsync(response, ct);
        }
    }

    private Task<(TokenResponse? Answer, CliException? Refusal)> GrantAsync(CancellationToken ct, params (string, string?)[] fields) =>
        AskAsync("oauth/token", ApiJson.Default.TokenResponse, ct, fields);

    private async Task<(T? Answer, CliException? Refusal)> AskAsync<T>(
        string path,
        JsonTypeInfo<T> type,
        CancellationToken ct,
        params (string, string?)[] fields
    )
        where T : class
    {
        using var response = await connection.SendAsync(HttpMethod.Post, path, Connection.Form(fields), null, ct);
        return response.IsSuccessStatusCode
            ? (JsonSerializer.Deserialize(await response.Content.ReadAsStringAsync(ct), type), null)
            : (null, await Connection.RefusalAsync(response, ct));
    }
}
