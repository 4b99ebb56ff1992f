using Microsoft.Extensions.DependencyInjection;

namespace AdminConsole.Core.Backups;

/// <summary>Registers the backup and restore.</summary>
public static class BackupsServices
{
    public static IServiceCollection AddBackups(this IServiceCollection services)
    {
        services.AddScoped<DatabaseBackup>();
        services.AddScoped<RestoredDatabase>();
        return services;
    }
}
