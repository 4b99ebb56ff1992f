using AdminConsole.Core.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace AdminConsole.Core.Authentication;

/// <summary>Registers the ways to sign in, lockout, password resets, and the first administrator.</summary>
public static class AuthenticationServices
{
    public static IServiceCollection AddConsoleAuthentication(this IServiceCollection services)
    {
        services.AddSingleton<SignInConcurrencyLimiter>();
        services.AddScoped<Lockout>();
        services.AddScoped<PasswordSignIn>();
        services.AddScoped<TwoFactorSignIn>();
        services.AddScoped<TwoFactorChallenge>();
        services.AddScoped<PasskeySignIn>();
        services.AddScoped<ExternalSignIn>();
        services.AddScoped<ProviderSignIn>();
        services.AddScoped<ProviderTest>();
        services.AddScoped<ProviderLogout>();
        services.AddScoped<FactorProtector>();
        services.AddScoped<Reauthentication>();
        services.AddScoped<ForgottenPassword>();
        services.AddScoped<PasswordResets>();
        services.AddScoped<InvitationLinks>();
        services.AddScoped<FirstAdministrator>();
        services.AddScoped<AdminRecovery>();
        return services;
    }
}
