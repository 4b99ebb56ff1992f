using Microsoft.Extensions.DependencyInjection;

namespace AdminConsole.Core.System;

/// <summary>Registers the overview, the attention counts, and housekeeping.</summary>
public static class SystemServices
{
    public static IServiceCollection AddSystem(this IServiceCollection services)
    {
        services.AddScoped<DatabaseStartup>();
        services.AddScoped<ConsoleOverview>();
        services.AddSingleton<Attention>();
        services.AddSingleton<Housekeeping>();
        services.AddHostedService(provider => provider.GetRequiredService<Housekeeping>());
        return services;
    }
}
