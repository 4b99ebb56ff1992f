using Microsoft.Extensions.DependencyInjection;

namespace AdminConsole.Core.Settings;

/// <summary>Registers the settings that administrators change.</summary>
public static class SettingsServices
{
    public static IServiceCollection AddSettings(this IServiceCollection services)
    {
        services.AddSingleton<Organization>();
        services.AddScoped<SettingsStore>();
        return services;
    }
}
