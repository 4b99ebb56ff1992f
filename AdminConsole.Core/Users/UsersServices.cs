using Microsoft.Extensions.DependencyInjection;

namespace AdminConsole.Core.Users;

/// <summary>Registers the users and the operations on them.</summary>
public static class UsersServices
{
    public static IServiceCollection AddUsers(this IServiceCollection services)
    {
        services.AddScoped<RoleAssignments>();
        services.AddScoped<BreakGlassAccounts>();
        services.AddScoped<UserCredentials>();
        services.AddScoped<UserDirectory>();
        services.AddScoped<UserLifecycle>();
        services.AddScoped<UserRenaming>();
        services.AddScoped<UserExport>();
        services.AddScoped<UserImport>();
        services.AddScoped<UserOperations>();
        services.AddScoped<UserCredentialRevoker>();
        services.AddScoped<RevocableCredentials>();
        services.AddScoped<UserOperationRunner>();
        services.AddScoped<UserBulk>();
        services.AddSingleton<UserNotifier>();
        services.AddHostedService(provider => provider.GetRequiredService<UserNotifier>());
        services.AddSingleton<Reactivation>();
        services.AddHostedService(provider => provider.GetRequiredService<Reactivation>());
        return services;
    }
}
