using System.Collections.Concurrent;
using AdminConsole.Core.Common;
using AdminConsole.Core.Providers;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.Configuration;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace AdminConsole.Authentication;

/// <summary>The discovery documents and keys of the identity providers (OpenID Connect Discovery 1.0). They are cached,
/// and fetched once more for a signature with an unknown key.</summary>
public sealed class ProviderMetadata(IHttpClientFactory clients, IssuerPolicy issuers, TimeProvider clock)
{
    /// <summary>The name of the HTTP client for all requests to providers.</summary>
    public const string ClientName = "identity-providers";

    /// <summary>The time allowed for one request to a provider, and for fetching the document and the keys.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(4);

    /// <summary>The signature algorithms that are accepted (RFC 7518, section 3.1).</summary>
    public static readonly IReadOnlyList<string> Algorithms =
    [
        SecurityAlgorithms.EcdsaSha256,
        SecurityAlgorithms.RsaSha256,
        SecurityAlgorithms.RsaSsaPssSha256,
    ];

    // How long a provider that answered is assumed to be available.
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(Guid, string), DateTimeOffset> answered = new();

    private readonly ConcurrentDictionary<(Guid, string), ConfigurationManager<OpenIdConnectConfiguration>> managers = new();

    /// <summary>Returns the cache of a provider's document.</summary>
    public ConfigurationManager<OpenIdConnectConfiguration> Of(IdentityProvider provider) =>
        managers.GetOrAdd((provider.Id, provider.Issuer), _ => Create(provider.Issuer));

    /// <summary>Returns the rules for tokens of a provider. A key that is not known yet is fetched once.</summary>
    public TokenValidationParameters ValidationOf(IdentityProvider provider) =>
        new()
        {
            ConfigurationManager = Of(provider),
            ValidIssuer = provider.Issuer,
            ValidAudience = provider.ClientId,
            ValidAlgorithms = Algorithms,
            ClockSkew = TimeSpan.FromMinutes(1),
        };

    /// <summary>Returns a provider's document, from the cache if the provider answered within the last minute.
    /// Otherwise asks the provider, so that a browser is not sent to one that is down. Refused as
    /// <c>provider_unreachable</c>, or <c>wrong_issuer</c> if the document names another issuer.</summary>
    public async Task<Result<OpenIdConnectConfiguration>> FindAsync(IdentityProvider provider, CancellationToken ct)
    {
        var (key, now) = ((provider.Id, provider.Issuer), clock.GetUtcNow());
        var isKnown = answered.TryGetValue(key, out var last);
        var found = await RunAsync(
            async limited =>
            {
                if (isKnown && last < now - ProbeInterval)
                {
                    await ProbeAsync(provider, limited);
                }

                return await Of(provider).GetConfigurationAsync(limited);
            },
            ct
        );
        if (found.Refusal is null && (!isKnown || last < now - ProbeInterval))
        {
            answered[key] = now;
        }

        return found;
    }

    /// <summary>Fetches a provider's document and keys again. Refused as by <see cref="FindAsync"/>.</summary>
    public async Task<Result<OpenIdConnectConfiguration>> FetchAsync(IdentityProvider provider, CancellationToken ct)
    {
        var fetched = await RunAsync(limited => Create(provider.Issuer).GetConfigurationAsync(limited), ct);
        if (fetched.Refusal is null)
        {
            Of(provider).RequestRefresh();
        }

        return fetched;
    }

    private async Task ProbeAsync(IdentityProvider provider, CancellationToken ct)
    {
        using var response = await clients.CreateClient(ClientName).GetAsync(DocumentOf(provider.Issuer), ct);
        response.EnsureSuccessStatusCode();
    }

    private static async Task<Result<OpenIdConnectConfiguration>> RunAsync(
        Func<CancellationToken, Task<OpenIdConnectConfiguration>> fetch,
        CancellationToken ct
    )
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limited.CancelAfter(Timeout);
        try
        {
            return await fetch(limited.Token);
        }
        catch (Exception exception) when (!ct.IsCancellationRequested && IsFailure(exception))
        {
            var isInvalid = ProviderFailures.Causes(exception).OfType<InvalidConfigurationException>().Any();
            return (isInvalid ? ProviderRefusals.WrongIssuer : ProviderRefusals.Unreachable) with { Message = Describe(exception) };
        }
    }

    private static string DocumentOf(string issuer) => issuer.TrimEnd('/') + "/.well-known/openid-configuration";

    /// <summary>True for exceptions of a provider that is unavailable or responds incorrectly.</summary>
    public static bool IsFailure(Exception exception) =>
        exception is HttpRequestException or IOException or OperationCanceledException or InvalidOperationException or ArgumentException;

    private ConfigurationManager<OpenIdConnectConfiguration> Create(string issuer)
    {
        var http = issuers.AllowsHttp(new Uri(issuer));
        return new ConfigurationManager<OpenIdConnectConfiguration>(
            DocumentOf(issuer),
            new OpenIdConnectConfigurationRetriever(),
            new HttpDocumentRetriever(clients.CreateClient(ClientName)) { RequireHttps = !http },
            new IssuerConfigurationValidator(issuer, issuers)
        )
        {
            // How often an unknown key may cause another request.
            RefreshInterval = TimeSpan.FromSeconds(30),
        };
    }

    private static string Describe(Exception exception) =>
        exception is OperationCanceledException
            ? $"The identity provider didn't answer within {Timeout.TotalSeconds:0} seconds."
            : "The identity provider's configuration can't be read: " + exception.GetBaseException().Message;

    // OpenID Connect Discovery 1.0, section 4.3. Without encryption, an endpoint would get the secret, or could send any
    // identity.
    private sealed class IssuerConfigurationValidator(string issuer, IssuerPolicy issuers)
        : IConfigurationValidator<OpenIdConnectConfiguration>
    {
        public ConfigurationValidationResult Validate(OpenIdConnectConfiguration configuration) =>
            configuration.Issuer != issuer ? Failed($"It names the issuer '{configuration.Issuer}' instead of '{issuer}'.")
            : EndpointsOf(configuration).FirstOrDefault(endpoint => !IsAllowed(endpoint)) is { } insecure
                ? Failed($"The endpoint '{insecure}' is not an https URL.")
            : new ConfigurationValidationResult { Succeeded = true };

        private static ConfigurationValidationResult Failed(string message) => new() { ErrorMessage = message };

        private static IEnumerable<string> EndpointsOf(OpenIdConnectConfiguration configuration) =>
            new[]
            {
                configuration.AuthorizationEndpoint,
                configuration.TokenEndpoint,
                configuration.UserInfoEndpoint,
                configuration.PushedAuthorizationRequestEndpoint,
            }.Where(endpoint => !string.IsNullOrEmpty(endpoint));

        private bool IsAllowed(string endpoint) =>
            Uri.TryCreate(endpoint, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttps || issuers.AllowsHttp(url));
    }
}
