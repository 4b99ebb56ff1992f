using Microsoft.Extensions.DependencyInjection;

namespace AdminConsole.Core.Sessions;

/// <summary>Registers the signed-in browsers.</summary>
public static class SessionsServices
{
    public static IServiceCollection AddSessions(this IServiceCollection services)
    {
        services.AddScoped<SessionRegistry>();
        services.AddScoped<SessionDirectory>();
        return services;
    }
}
