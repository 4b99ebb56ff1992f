using AdminConsole.Core.Data;
using AdminConsole.Core.Identity.Passwords;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace AdminConsole.Core.Identity;

/// <summary>Registers ASP.NET Core Identity with this application's implementations of its extension points.</summary>
public static class IdentityServices
{
    /// <summary>Adds users, roles and passwords. Add custom rules with the builder's standard methods:
    /// <c>AddPasswordValidator</c>, <c>AddUserValidator</c>, <c>AddRoleValidator</c>.</summary>
    public static IdentityBuilder AddConsoleIdentity(this IServiceCollection services)
    {
        // Register before AddIdentityCore, which adds only missing services. Otherwise its default rules would run in
        // addition.
        services.AddScoped<IUserValidator<AppUser>, UserRules>();
        services.AddScoped<IPasswordValidator<AppUser>, PasswordPolicyRule>();
        services.AddScoped<IPasswordValidator<AppUser>, PasswordStrengthRule>();
        services.AddScoped<IPasswordValidator<AppUser>, BreachedPasswordRule>();
        services.AddSingleton<PasswordHashing>();
        services.AddScoped<PreparedPasswords>();
        services.AddScoped<IPasswordHasher<AppUser>>(provider => provider.GetRequiredService<PreparedPasswords>());
        services.AddScoped<ILookupNormalizer, LookupNormalizer>();

        var identity = services
            .AddIdentityCore<AppUser>(options =>
            {
                AppDbContext.UseSchema(options);
                options.Tokens.PasswordResetTokenProvider = SingleUseTokens.Provider;
                options.Tokens.ChangeEmailTokenProvider = SingleUseTokens.Provider;
            })
            .AddRoles<AppRole>()
            .AddUserStore<AppUserStore>()
            .AddRoleStore<AppRoleStore>()
            .AddRoleValidator<RoleRules>()
            .AddUserManager<AppUserManager>()
            .AddErrorDescriber<IdentityRefusals>()
            .AddTokenProvider<SingleUseTokens>(SingleUseTokens.Provider)
            .AddTokenProvider<AuthenticatorCodes>(TokenOptions.DefaultAuthenticatorProvider);
        // AddRoles always adds its default validator.
        services.Remove(services.Single(service => service.ImplementationType == typeof(RoleValidator<AppRole>)));
        return identity;
    }

    /// <summary>Checks each new password against a service that knows the passwords of breaches.</summary>
    public static void AddBreachCheck(this IServiceCollection services, BreachService service)
    {
        services.AddSingleton(service);
        services.AddSingleton<BreachCheck>();
        // The client's own log would contain the request. A response has about a thousand lines.
        services
            .AddHttpClient(
                BreachCheck.ClientName,
                client =>
                {
                    client.DefaultRequestHeaders.Add("Add-Padding", "true");
                    client.DefaultRequestHeaders.UserAgent.ParseAdd("AdminConsole");
                    client.MaxResponseContentBufferSize = 1024 * 1024;
                }
            )
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false })
            .RemoveAllLoggers();
    }
}
