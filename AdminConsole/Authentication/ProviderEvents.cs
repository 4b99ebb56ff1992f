using System.Globalization;
using System.Security.Claims;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Providers;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace AdminConsole.Authentication;

/// <summary>The OpenID Connect handler's events for a provider in the database.</summary>
internal static class ProviderEvents
{
    private const string IssParameterSupported = "authorization_response_iss_parameter_supported";

    public static OpenIdConnectEvents Create(IdentityProvider provider) =>
        new()
        {
            OnRedirectToIdentityProvider = RedirectAsync,
            OnMessageReceived = context => CheckIssuerAsync(context, provider),
            OnPushAuthorization = context => AuthenticateAsync(provider, context.HandleClientAuthentication),
            OnAuthorizationCodeReceived = context => AuthenticateAsync(provider, () => context.TokenEndpointRequest!.ClientSecret = null),
            OnTokenResponseReceived = CheckAlgorithmAsync,
            OnTicketReceived = context => FinishAsync(context, provider),
            OnAccessDenied = async context =>
            {
                await Of(context).RefuseAsync(context.HttpContext, provider, context.Properties, ProviderRefusals.Declined);
                context.HandleResponse();
            },
            OnRemoteFailure = async context =>
            {
                var refusal = ProviderFailures.RefusalOf(context.Failure);
                await Of(context).RefuseAsync(context.HttpContext, provider, context.Properties, refusal);
                context.HandleResponse();
            },
        };

    private static ProviderResponses Of(BaseContext<OpenIdConnectOptions> context) =>
        context.HttpContext.RequestServices.GetRequiredService<ProviderResponses>();

    private static ProviderResponses Of(BaseContext<RemoteAuthenticationOptions> context) =>
        context.HttpContext.RequestServices.GetRequiredService<ProviderResponses>();

    // The header of the backchannel authenticates the console, so the body must not (RFC 6749, section 2.3).
    private static Task AuthenticateAsync(IdentityProvider provider, Action leaveOutSecret)
    {
        if (provider.ClientAuthentication == ClientAuthentications.Basic)
        {
            leaveOutSecret();
        }

        return Task.CompletedTask;
    }

    // The user authenticates again, even with a session at the provider.
    private static Task RedirectAsync(RedirectContext context)
    {
        if (context.Properties.Items.ContainsKey(ProviderRequests.FreshItem))
        {
            context.ProtocolMessage.Prompt = OpenIdConnectPrompt.Login;
            context.ProtocolMessage.MaxAge = "0";
        }

        return Task.CompletedTask;
    }

    // RFC 9207: prevents a mix-up with a response of another provider.
    private static async Task CheckIssuerAsync(MessageReceivedContext context, IdentityProvider provider)
    {
        var sent = context.ProtocolMessage.Iss;
        if (sent is null)
        {
            var configuration = await context.Options.ConfigurationManager!.GetConfigurationAsync(context.HttpContext.RequestAborted);
            var isExpected =
                configuration.AdditionalData.TryGetValue(IssParameterSupported, out var value)
                && "true".Equals(value?.ToString(), StringComparison.OrdinalIgnoreCase);
            sent = isExpected ? "" : provider.Issuer;
        }

        if (sent != provider.Issuer)
        {
            context.Fail(new ProviderFailureException(ProviderRefusals.WrongIssuer));
        }
    }

    // In the code flow, the handler accepts a token without a signature. Other wrong algorithms would be refused for a
    // reason that does not name them.
    private static Task CheckAlgorithmAsync(TokenResponseReceivedContext context)
    {
        var token = context.TokenEndpointResponse.IdToken;
        if (!string.IsNullOrEmpty(token) && RefusalOf(token) is { } refusal)
        {
            context.Fail(new ProviderFailureException(refusal));
        }

        return Task.CompletedTask;
    }

    private static Refusal? RefusalOf(string token)
    {
        try
        {
            var parsed = new JsonWebToken(token);
            return !ProviderMetadata.Algorithms.Contains(parsed.Alg) ? ProviderRefusals.WrongAlgorithm
                : parsed.IsSigned ? null
                : ProviderRefusals.WrongSignature;
        }
        catch (ArgumentException)
        {
            return ProviderRefusals.ProviderError;
        }
    }

    private static async Task FinishAsync(TicketReceivedContext context, IdentityProvider provider)
    {
        if (context.Principal is not { } principal || ProviderClaims.Read(provider, principal) is not { } identity)
        {
            await Of(context).RefuseAsync(context.HttpContext, provider, context.Properties, ProviderRefusals.ProviderError);
            context.HandleResponse();
            return;
        }

        if (await Of(context).FinishAsync(context.HttpContext, provider, context.Properties!, principal, identity))
        {
            context.HandleResponse();
            return;
        }

        // The account is linked on a page that asks for a confirmation, and reads this cookie.
        context.Properties!.Items[ProviderRequests.VersionItem] = provider.UpdatedAt.ToString("O", CultureInfo.InvariantCulture);
        context.Principal = new ClaimsPrincipal(
            new ClaimsIdentity(
                [new(ClaimTypes.NameIdentifier, identity.Key), new(ClaimTypes.Email, identity.Email ?? identity.Name ?? identity.Subject)],
                "provider"
            )
        );
    }
}

/// <summary>A response of a provider that is refused for a known reason.</summary>
internal sealed class ProviderFailureException(Refusal refusal) : Exception(refusal.Message)
{
    public Refusal Refusal { get; } = refusal;
}
