using AdminConsole.Core.Contracts;

namespace AdminConsole.Tests.Tokens;

/// <summary>Token operations of programs.</summary>
internal static class TokenCallers
{
    /// <summary>Creates a token for the caller.</summary>
    public static async Task<CreatedToken> CreateTokenAsync(this ApiClient caller, params string[] scopes) =>
        (await caller.PostAsync("/api/tokens", new { name = TestData.Name("token"), scopes = scopes.Length == 0 ? null : scopes }))
            .Is(201)
            .As<CreatedToken>();

    /// <summary>Creates a client with this token and without cookies.</summary>
    public static TokenCaller With(this AdminApp app, string token) => new(app, token);

    public static Task<ApiResponse> RotateAsync(this ApiClient caller, Guid id, object? body = null) =>
        caller.PostAsync($"/api/tokens/{id}/rotate", body ?? new { });
}

/// <summary>A client that sends a bearer token with every request.</summary>
internal sealed class TokenCaller(AdminApp app, string token)
{
    private readonly ApiClient caller = app.Anonymous();

    private (string, string) Header => ("Authorization", $"Bearer {token}");

    public Task<ApiResponse> GetAsync(string path) => caller.GetAsync(path, Header);

    public Task<ApiResponse> MeAsync() => GetAsync("/api/auth/me");

    public Task<ApiResponse> PostAsync(string path, object? body = null) => caller.PostAsync(path, body, Header);

    public Task<ApiResponse> SendAsync(HttpMethod method, string path, object? body = null) => caller.SendAsync(method, path, body, Header);

    public Task<ApiResponse> RotateAsync(object? body = null) => PostAsync("/api/tokens/current/rotate", body ?? new { });

    public Task<ApiResponse> IntrospectAsync(string about) =>
        caller.SendAsync(HttpMethod.Post, "/oauth/introspect", new FormUrlEncodedContent([new("token", about)]), Header);
}
