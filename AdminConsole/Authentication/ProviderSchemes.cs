using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Providers;
using AdminConsole.Startup;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace AdminConsole.Authentication;

/// <summary>An authentication scheme for each identity provider in the database. The name of the scheme is the id of the
/// provider. Its options are built from the row when they are first needed, and again when the row has changed.</summary>
public sealed class ProviderSchemes(
    ProviderMetadata metadata,
    ProviderSecrets secrets,
    ConsoleSettings settings,
    IHttpClientFactory clients,
    IOptionsMonitorCache<OpenIdConnectOptions> cache
) : IConfigureNamedOptions<OpenIdConnectOptions>
{
    private readonly ConcurrentDictionary<string, IdentityProvider> prepared = new();

    /// <summary>Makes the scheme of a provider available, as its row is now. Call it before using the scheme.</summary>
    public AuthenticationScheme Prepare(IdentityProvider provider)
    {
        var name = provider.LoginProvider;
        var before = prepared.TryGetValue(name, out var known) ? known : null;
        prepared[name] = provider;
        if (before?.UpdatedAt != provider.UpdatedAt)
        {
            cache.TryRemove(name);
        }

        return new AuthenticationScheme(name, provider.Name, typeof(OpenIdConnectHandler));
    }

    /// <summary>Returns the scheme of a provider that was prepared, or null.</summary>
    public AuthenticationScheme? Find(string name) =>
        prepared.TryGetValue(name, out var provider) ? new AuthenticationScheme(name, provider.Name, typeof(OpenIdConnectHandler)) : null;

    /// <summary>Returns the path of a provider's redirect URI.</summary>
    public static string CallbackPath(Guid id) => $"/oidc/{id}/callback";

    public void Configure(OpenIdConnectOptions options) { }

    public void Configure(string? name, OpenIdConnectOptions options)
    {
        if (name is null || !prepared.TryGetValue(name, out var provider))
        {
            return;
        }

        options.ClientId = provider.ClientId;
        options.ClientSecret = secrets.Unprotect(provider);
        options.ConfigurationManager = metadata.Of(provider);
        options.CallbackPath = CallbackPath(provider.Id);
        // The handler also serves the paths of sign-outs, which are not used.
        options.RemoteSignOutPath = options.SignedOutCallbackPath = PathString.Empty;
        options.SignInScheme = IdentityConstants.ExternalScheme;
        options.ResponseType = OpenIdConnectResponseType.Code;
        // The response is a GET, so that cookies with SameSite=Lax come with it.
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        options.UsePkce = true;
        options.SaveTokens = false;
        options.MapInboundClaims = false;
        options.GetClaimsFromUserInfoEndpoint = true;
        options.Scope.Clear();
        provider.Scopes.ForEach(options.Scope.Add);
        ProviderClaims.Map(options.ClaimActions, provider.GroupsClaim);
        options.TokenValidationParameters = metadata.ValidationOf(provider);
        ConfigureCookie(options.CorrelationCookie);
        ConfigureCookie(options.NonceCookie);
        options.Backchannel = Backchannel(provider, options.ClientSecret);
        options.Events = ProviderEvents.Create(provider);
    }

    private HttpClient Backchannel(IdentityProvider provider, string secret)
    {
        var client = clients.CreateClient(ProviderMetadata.ClientName);
        if (provider.ClientAuthentication == ClientAuthentications.Basic)
        {
            // RFC 6749, section 2.3.1. The request for the user info has its own header.
            var credentials = Uri.EscapeDataString(provider.ClientId) + ":" + Uri.EscapeDataString(secret);
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
                "Basic",
                Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials))
            );
        }

        return client;
    }

    private void ConfigureCookie(CookieBuilder cookie)
    {
        // Browsers reject a cookie with the prefix __Host- and another path.
        cookie.Path = settings.CookiePath;
        cookie.Name = settings.CookieName(cookie.Name!.Contains("Nonce", StringComparison.Ordinal) ? ".Nonce." : ".Provider.");
        cookie.SameSite = SameSiteMode.Lax;
        cookie.SecurePolicy = settings.SecureCookies ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
    }
}

/// <summary>The scheme provider of ASP.NET Core, with the identity providers in the database.</summary>
public sealed class ConsoleSchemeProvider(IOptions<AuthenticationOptions> options, ProviderSchemes providers)
    : AuthenticationSchemeProvider(options)
{
    public override async Task<AuthenticationScheme?> GetSchemeAsync(string name) =>
        await base.GetSchemeAsync(name) ?? providers.Find(name);
}
