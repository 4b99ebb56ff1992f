using AdminConsole.Core.Data;
using Microsoft.Extensions.DependencyInjection;

namespace AdminConsole.Core.Security;

/// <summary>Registers the server keys and the resolution of actors.</summary>
public static class SecurityServices
{
    public static IServiceCollection AddSecurity(this IServiceCollection services)
    {
        services.AddSingleton<ServerKeys>();
        services.AddSingleton<AccessDenials>();
        services.AddScoped<ActorResolver>();
        services.AddScoped<Denials>();
        return services;
    }
}
