using System.Security.Claims;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication.Cookies;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace AdminConsole.Tests.Providers;

/// <summary>OpenIddict as a provider with one user and one client: an implementation that this repository did not
/// write.</summary>
public sealed class OpenIddictProvider : IAsyncDisposable
{
    public const string Email = "olga@example.com";

    private readonly WebApplication host;

    private OpenIddictProvider(WebApplication host) => this.host = host;

    /// <summary>The issuer as OpenIddict spells it, with a slash.</summary>
    public string Issuer => host.Urls.First() + "/";

    public static async Task<OpenIddictProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
        builder.Services.AddOpenIddict().AddServer(Configure);
        var own = new OpenIddictProvider(builder.Build());
        own.host.UseAuthentication();
        own.host.MapGet("/connect/authorize", Authorize);
        await own.host.StartAsync();
        // The first request compiles much of OpenIddict, and the console waits only four seconds.
        using var client = new HttpClient();
        await client.GetStringAsync(own.Issuer + ".well-known/openid-configuration");
        await client.GetStringAsync(own.Issuer + ".well-known/jwks");
        return own;
    }

    public async ValueTask DisposeAsync() => await host.DisposeAsync();

    // Without a store, the two handlers decide about clients.
    private static void Configure(OpenIddictServerBuilder options)
    {
        options.EnableDegradedMode();
        options.SetAuthorizationEndpointUris("connect/authorize").SetTokenEndpointUris("connect/token");
        options.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
        options.RegisterScopes("profile", "email");
        options.AddEphemeralEncryptionKey().AddEphemeralSigningKey();
        options.AddEventHandler<ValidateAuthorizationRequestContext>(handler =>
            handler.UseInlineHandler(context =>
            {
                if (context.ClientId != OidcTestProvider.ClientId)
                {
                    context.Reject(OpenIddictConstants.Errors.InvalidClient);
                }

                return default;
            })
        );
        options.AddEventHandler<ValidateTokenRequestContext>(handler =>
            handler.UseInlineHandler(context =>
            {
                var client = (context.Request.ClientId, context.Request.ClientSecret);
                if (client != (OidcTestProvider.ClientId, OidcTestProvider.ClientSecret))
                {
                    context.Reject(OpenIddictConstants.Errors.InvalidClient);
                }

                return default;
            })
        );
        options.UseAspNetCore().EnableAuthorizationEndpointPassthrough().DisableTransportSecurityRequirement();
    }

    private static IResult Authorize(HttpContext context)
    {
        var request = context.GetOpenIddictServerRequest() ?? throw new InvalidOperationException("No request of OpenIddict.");
        var identity = new ClaimsIdentity("provider", "name", "role");
        identity.AddClaim(new Claim("sub", "olga-1"));
        identity.AddClaim(new Claim("email", Email));
        identity.AddClaim(new Claim("email_verified", "true", ClaimValueTypes.Boolean));
        identity.AddClaim(new Claim("name", "Olga Example"));
        identity.AddClaim(new Claim("groups", "staff"));
        identity.AddClaim(new Claim("groups", "auditors"));
        identity.SetScopes(request.GetScopes());
        identity.SetDestinations(_ => [OpenIddictConstants.Destinations.IdentityToken]);
        return Results.SignIn(new ClaimsPrincipal(identity), properties: null, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }
}
