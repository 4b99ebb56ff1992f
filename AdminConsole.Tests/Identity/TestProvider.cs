using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;

namespace AdminConsole.Tests.Identity;

/// <summary>An OAuth 2.0 provider with one account on a free port, and its registration as in
/// CONTRIBUTING.md.</summary>
public sealed class TestProvider : IAsyncDisposable
{
    public const string Name = "Example";

    private readonly WebApplication provider;
    private readonly Dictionary<string, string> challenges = [];

    private TestProvider(WebApplication provider) => this.provider = provider;

    /// <summary>The provider's id of the account.</summary>
    public string Subject { get; set; } = "4711";

    /// <summary>True if the user declines the sign-in.</summary>
    public bool Declines { get; set; }

    private string Root => provider.Urls.First();

    public static async Task<TestProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var own = new TestProvider(builder.Build());
        own.provider.MapGet("/authorize", own.Authorize);
        own.provider.MapPost("/token", own.TokenAsync);
        own.provider.MapGet("/userinfo", () => Results.Json(new { sub = own.Subject, email = "ana@elsewhere.example" }));
        await own.provider.StartAsync();
        return own;
    }

    public void AddTo(IServiceCollection services) =>
        services
            .AddAuthentication()
            .AddOAuth(
                Name,
                "Example account",
                options =>
                {
                    (options.ClientId, options.ClientSecret, options.UsePkce) = ("console", "secret", true);
                    (options.AuthorizationEndpoint, options.TokenEndpoint) = ($"{Root}/authorize", $"{Root}/token");
                    options.UserInformationEndpoint = $"{Root}/userinfo";
                    options.CallbackPath = "/signin-example";
                    // The console under test has no HTTPS, without which browsers drop SameSite=None cookies.
                    options.CorrelationCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                    options.CorrelationCookie.SameSite = SameSiteMode.Lax;
                    options.ClaimActions.MapJsonKey(ClaimTypes.NameIdentifier, "sub");
                    options.ClaimActions.MapJsonKey(ClaimTypes.Email, "email");
                    options.Events.OnCreatingTicket = ReadUserAsync;
                }
            );

    public async ValueTask DisposeAsync() => await provider.DisposeAsync();

    private static async Task ReadUserAsync(OAuthCreatingTicketContext context)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, context.Options.UserInformationEndpoint);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", context.AccessToken);
        using var response = await context.Backchannel.SendAsync(request, context.HttpContext.RequestAborted);
        context.RunClaimActions((await response.Content.ReadFromJsonAsync<JsonElement>())!);
    }

    private IResult Authorize(HttpRequest request)
    {
        var query = request.Query;
        if (Declines)
        {
            return Results.Redirect($"{query["redirect_uri"]}?error=access_denied&state={Uri.EscapeDataString(query["state"]!)}");
        }

        var code = Core.Security.Secret.Create();
        challenges[code] = query["code_challenge"]!;
        return Results.Redirect($"{query["redirect_uri"]}?code={code}&state={Uri.EscapeDataString(query["state"]!)}");
    }

    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        var hash = SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()));
        return challenges.Remove(form["code"].ToString(), out var challenge) && challenge == Base64Url.EncodeToString(hash)
            ? Results.Json(new { access_token = "token", token_type = "Bearer" })
            : Results.BadRequest();
    }
}
