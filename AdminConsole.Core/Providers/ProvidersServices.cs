using Microsoft.Extensions.DependencyInjection;

namespace AdminConsole.Core.Providers;

/// <summary>Registers the identity providers and their rules.</summary>
public static class ProvidersServices
{
    public static IServiceCollection AddProviders(this IServiceCollection services)
    {
        services.AddSingleton<ProviderSecrets>();
        services.AddScoped<IdentityProviders>();
        services.AddScoped<ProviderRules>();
        services.AddScoped<RequiredProviders>();
        services.AddScoped<ProviderAdmission>();
        services.AddScoped<GroupRoleAssignment>();
        return services;
    }
}
