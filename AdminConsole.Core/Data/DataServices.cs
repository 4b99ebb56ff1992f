using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data.Postgres;
using AdminConsole.Core.Data.Sqlite;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AdminConsole.Core.Data;

/// <summary>Registers the database and what writes to it.</summary>
public static class DataServices
{
    /// <param name="services">The service collection.</param>
    /// <param name="database">The provider and its connection string.</param>
    public static IServiceCollection AddData(this IServiceCollection services, DatabaseOptions database)
    {
        services.AddSingleton(database);
        if (database.Provider == DatabaseProvider.Sqlite)
        {
            _ = SqliteLibrary.IsTuned;
            services.AddSingleton<SqliteWriterGate>();
            services.AddHostedService(_ => new DatabaseFileLock(database.File!));
            services.AddDbContext<AppDbContext, SqliteAppDbContext>(options => options.UseSqlite(database.ConnectionString));
        }
        else
        {
            services.AddSingleton<PostgresChangeRelay>();
            services.AddHostedService(provider => provider.GetRequiredService<PostgresChangeRelay>());
            services.AddDbContext<AppDbContext, PostgresAppDbContext>(options => options.UseNpgsql(database.ConnectionString));
        }

        services.AddSingleton<LeaderLock>();
        services.AddSingleton<ChangeFeed>();
        services.AddSingleton<ServerKeys>();
        services.AddSingleton<CurrentSettings>();
        services.AddSingleton<AccessDenialLog>();
        services.AddScoped<ActorResolver>();
        services.AddSingleton<ChangeRunner>();
        services.AddDataProtection().SetApplicationName("AdminConsole");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(options =>
            options.XmlRepository = new DataProtectionKeyRing(
                provider.GetRequiredService<IServiceScopeFactory>(),
                provider.GetRequiredService<TimeProvider>()
            )
        ));
        return services;
    }
}
