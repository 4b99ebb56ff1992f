using Microsoft.Extensions.DependencyInjection;

namespace AdminConsole.Core.Demo;

/// <summary>Registers the demonstration data.</summary>
public static class DemoServices
{
    public static IServiceCollection AddDemo(this IServiceCollection services)
    {
        services.AddScoped<DemoData>();
        return services;
    }
}
