using Microsoft.Extensions.DependencyInjection;

namespace AdminConsole.Core.Roles;

/// <summary>Registers the roles, their assignment, and the rule that an administrator remains.</summary>
public static class RolesServices
{
    public static IServiceCollection AddRoles(this IServiceCollection services)
    {
        services.AddScoped<RoleCatalog>();
        services.AddScoped<CustomRoles>();
        services.AddScoped<LastAdministratorRule>();
        return services;
    }
}
