using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AdminConsole.Core.OAuth;

/// <summary>Registers the device flow, refresh and access tokens, and token verification.</summary>
public static class OAuthServices
{
    public static IServiceCollection AddOAuth(this IServiceCollection services)
    {
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<JwtAccessTokens>();
        services.AddSingleton<TokenIntrospection>();
        services.AddSingleton<TokenVerifier>();
        services.TryAddSingleton(new AcceptedIssuer(null));
        services.AddScoped<RefreshTokens>();
        services.AddScoped<TokenEndpointService>();
        services.AddScoped<TokenRevocationEndpoint>();
        services.AddScoped<ConnectedDevices>();
        services.AddScoped<DeviceFlow>();
        services.AddScoped<DeviceApproval>();
        services.AddScoped<DeviceSignIn>();
        services.AddScoped<CliCodes>();
        return services;
    }
}
