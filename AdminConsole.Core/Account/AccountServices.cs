using Microsoft.Extensions.DependencyInjection;

namespace AdminConsole.Core.Account;

/// <summary>Registers the operations of users on their own account.</summary>
public static class AccountServices
{
    public static IServiceCollection AddAccount(this IServiceCollection services)
    {
        services.AddSingleton<OwnAccount>();
        services.AddScoped<OwnProfile>();
        services.AddScoped<OwnPassword>();
        services.AddScoped<OwnFactors>();
        services.AddScoped<OwnPasskeys>();
        services.AddScoped<OwnLogins>();
        services.AddScoped<EmailChanges>();
        services.AddScoped<OwnerLockdown>();
        return services;
    }
}
