using System.Buffers.Text;
using System.Text.Json;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.OAuth;
using AdminConsole.Core.Security;
using AdminConsole.Tests.Tokens;

namespace AdminConsole.Tests.OAuth;

/// <summary>A connected device with its latest tokens.</summary>
internal sealed record Device(AdminApp App, TokenResponse Tokens)
{
    public Guid Id => Guid.Parse(Claim("sid").GetString()!);

    public TokenCaller Caller => App.With(Tokens.AccessToken);

    public JsonElement Claim(string name) => DeviceCallers.PartOf(Tokens.AccessToken, 1).GetProperty(name);

    public async Task<Device> RefreshedAsync() => this with { Tokens = (await RefreshAsync()).Is(200).As<TokenResponse>() };

    public Task<ApiResponse> RefreshAsync(params (string Name, string Value)[] more) =>
        App.Anonymous().FormAsync("/oauth/token", [("grant_type", "refresh_token"), ("refresh_token", Tokens.RefreshToken), .. more]);
}

/// <summary>Operations of devices and of the users who connect them.</summary>
internal static class DeviceCallers
{
    public static Task<ApiResponse> FormAsync(this ApiClient caller, string path, params (string Name, string Value)[] fields) =>
        caller.SendAsync(
            HttpMethod.Post,
            path,
            new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)))
        );

    /// <summary>Connects a device with a code from the console, as the given user.</summary>
    public static async Task<Device> ConnectAsync(this AdminApp app, ApiClient person, string? scope = null, string name = "laptop")
    {
        var code = (await person.PostAsync("/api/auth/cli-code")).Is(200).As<CliCode>();
        return new Device(
            app,
            (
                await app.RedeemAsync(
                    code.Code,
                    [("device_name", name), .. scope is null ? Array.Empty<(string, string)>() : [("scope", scope)]]
                )
            )
                .Is(200)
                .As<TokenResponse>()
        );
    }

    public static Task<ApiResponse> RedeemAsync(this AdminApp app, string code, params (string Name, string Value)[] more) =>
        app.Anonymous()
            .FormAsync(
                "/oauth/token",
                [("grant_type", "urn:adminconsole:grant-type:cli-code"), ("code", code), ("client_id", "adminctl"), .. more]
            );

    public static async Task<DeviceAuthorization> RequestDeviceAsync(this AdminApp app, params (string Name, string Value)[] more) =>
        (await app.Anonymous().FormAsync("/oauth/device_authorization", [("client_id", "adminctl"), .. more]))
            .Is(200)
            .As<DeviceAuthorization>();

    public static Task<ApiResponse> PollAsync(this AdminApp app, DeviceAuthorization request) =>
        app.Anonymous()
            .FormAsync(
                "/oauth/token",
                ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
                ("device_code", request.DeviceCode),
                ("client_id", "adminctl")
            );

    /// <summary>Runs an operation on device codes as the user of a session.</summary>
    public static async Task<Result<T>> AsAsync<T>(
        this AdminApp app,
        ApiClient person,
        Func<DeviceApproval, Actor, Task<Result<T>>> operation
    )
    {
        var session = (await person.GetAsync("/api/sessions")).Is(200).As<Page<SessionSummary>>().Items.Single(one => one.Current);
        var actor = await app.RunAsync<ActorResolver, Actor?>(actors =>
            actors.BySessionAsync(session.Id, new ClientInfo(null, null, null), default)
        );
        return await app.RunAsync<DeviceApproval, Result<T>>(approval => operation(approval, actor!));
    }

    public static Task<Result<Unit>> ApproveAsync(this AdminApp app, ApiClient person, string code) =>
        app.AsAsync(person, (approval, actor) => approval.ApproveAsync(actor, code, default));

    public static Task<Result<WaitingDevice>> FindAsync(this AdminApp app, ApiClient person, string code) =>
        app.AsAsync(person, (approval, actor) => approval.FindAsync(actor, code, default));

    /// <summary>Asserts an error response of RFC 6749 that must not be cached.</summary>
    public static ApiResponse RefusesGrant(this ApiResponse answer, string error, int status = 400)
    {
        answer.Is(status);
        Assert.Equal((error, "application/json"), (answer.Json.GetProperty("error").GetString(), answer.ContentType));
        Assert.False(string.IsNullOrWhiteSpace(answer.Json.GetProperty("error_description").GetString()));
        Assert.StartsWith("no-store", Assert.Single(answer.Headers["Cache-Control"]), StringComparison.Ordinal);
        return answer;
    }

    /// <summary>Returns the header (0) or the claims (1) of a JWT.</summary>
    public static JsonElement PartOf(string jwt, int part) =>
        JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(jwt.Split('.')[part]));
}
