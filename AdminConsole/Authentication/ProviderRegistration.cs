using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AdminConsole.Authentication;

/// <summary>Registers the services for sign-in with identity providers in the database.</summary>
public static class ProviderRegistration
{
    // A discovery document or a set of keys has some kilobytes.
    private const int MaxResponseBytes = 1024 * 1024;

    internal static void AddProviders(this IServiceCollection services)
    {
        services
            .AddHttpClient(
                ProviderMetadata.ClientName,
                client =>
                {
                    client.Timeout = ProviderMetadata.Timeout;
                    client.MaxResponseContentBufferSize = MaxResponseBytes;
                    client.DefaultRequestHeaders.UserAgent.ParseAdd("AdminConsole");
                }
            )
            // Clients are kept as long as a provider doesn't change, so connections must end for changes in DNS to be seen.
            .ConfigurePrimaryHttpMessageHandler(() =>
                new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }
            )
            .RemoveAllLoggers();
        services.AddSingleton<ProviderMetadata>();
        services.AddSingleton<ProviderTests>();
        services.AddSingleton<ProviderSchemes>();
        services.AddSingleton<IConfigureOptions<OpenIdConnectOptions>>(provider => provider.GetRequiredService<ProviderSchemes>());
        // The same registrations as AddOpenIdConnect, without a fixed scheme.
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IPostConfigureOptions<OpenIdConnectOptions>, OpenIdConnectPostConfigureOptions>()
        );
        services.TryAddTransient<OpenIdConnectHandler>();
        services.AddSingleton<IAuthenticationSchemeProvider, ConsoleSchemeProvider>();
        services.AddScoped<ProviderList>();
        services.AddScoped<ProviderGateway>();
        services.AddScoped<ProviderResponses>();
        services.AddScoped<ProviderCheckup>();
        services.AddScoped<BackChannelLogout>();
    }
}
