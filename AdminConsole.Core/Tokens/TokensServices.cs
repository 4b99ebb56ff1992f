using Microsoft.Extensions.DependencyInjection;

namespace AdminConsole.Core.Tokens;

/// <summary>Registers the personal access tokens.</summary>
public static class TokensServices
{
    public static IServiceCollection AddTokens(this IServiceCollection services)
    {
        services.AddScoped<PersonalAccessTokens>();
        services.AddScoped<TokenRotation>();
        services.AddScoped<TokenDirectory>();
        services.AddSingleton<TokenReuse>();
        services.AddSingleton<TokenUsageWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<TokenUsageWriter>());
        services.AddSingleton<TokenReminders>();
        services.AddHostedService(provider => provider.GetRequiredService<TokenReminders>());
        return services;
    }
}
