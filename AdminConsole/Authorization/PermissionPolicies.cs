using AdminConsole.Core.Common;
using AdminConsole.Core.Security;
using AdminConsole.Startup;
using Microsoft.AspNetCore.Authorization;

namespace AdminConsole.Authorization;

/// <summary>The policies besides the permissions. Each permission is a policy of the same name.</summary>
public static class Policies
{
    /// <summary>Any authenticated caller.</summary>
    public const string SignedIn = "signed-in";

    /// <summary>A user who signed in; never a personal access token.</summary>
    public const string Interactive = "interactive";

    /// <summary>Any authenticated caller, even while a second factor must be set up. For the endpoints that set it
    /// up.</summary>
    public const string EvenWithFactorDue = "even-with-factor-due";

    /// <summary>Any authenticated caller, even while the password must be changed. For me, password and
    /// logout.</summary>
    public const string EvenWithPasswordDue = "even-with-password-due";
}

/// <summary>The permission that an endpoint or page requires; null when authentication is enough.</summary>
public sealed record PermissionRequirement(
    string? Permission,
    bool EvenWithPasswordDue = false,
    bool Interactive = false,
    bool EvenWithFactorDue = false
) : IAuthorizationRequirement
{
    public Refusal? Refused(Actor actor) =>
        actor.UserId is null ? Refusals.Unauthenticated
        : actor.MustChangePassword && !EvenWithPasswordDue ? Refusals.PasswordChangeRequired
        : actor.MustEnrol && !EvenWithPasswordDue && !EvenWithFactorDue ? Refusals.MfaEnrolmentRequired
        : Interactive ? actor.RequireInteractive()
        : Permission is null ? null
        : actor.Require(Permission);
}

/// <summary>Registers the authorization policies. Every endpoint is closed unless its policy admits the
/// caller.</summary>
public static class PermissionPolicies
{
    public static void AddPermissionPolicies(this IServiceCollection services)
    {
        services.AddScoped<CurrentActor>();
        services.AddScoped(provider =>
            CurrentActor.Of(
                provider.GetRequiredService<IHttpContextAccessor>().HttpContext
                    ?? throw new InvalidOperationException("There is no request. Use CurrentActor instead.")
            )
        );
        services.AddScoped(provider =>
            provider
                .GetRequiredService<ConsoleSettings>()
                .IssuerOf(
                    provider.GetRequiredService<IHttpContextAccessor>().HttpContext
                        ?? throw new InvalidOperationException("There is no request. Tokens are only issued during one.")
                )
        );
        services.AddScoped(typeof(Scoped<>));
        services.AddScoped<IAuthorizationHandler, PermissionHandler>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AuthorizationResultHandler>();

        var policies = services.AddAuthorizationBuilder();
        foreach (var permission in Permissions.All)
        {
            policies.AddPolicy(permission, policy => policy.AddRequirements(new PermissionRequirement(permission)));
        }

        policies.AddPolicy(Policies.SignedIn, policy => policy.AddRequirements(new PermissionRequirement(null)));
        policies.AddPolicy(Policies.Interactive, policy => policy.AddRequirements(new PermissionRequirement(null, Interactive: true)));
        policies.AddPolicy(
            Policies.EvenWithFactorDue,
            policy => policy.AddRequirements(new PermissionRequirement(null, EvenWithFactorDue: true))
        );
        policies.AddPolicy(
            Policies.EvenWithPasswordDue,
            policy => policy.AddRequirements(new PermissionRequirement(null, EvenWithPasswordDue: true))
        );
        policies.SetDefaultPolicy(new AuthorizationPolicyBuilder().AddRequirements(new PermissionRequirement(null)).Build());
        // Only the circuit's connection has no policy. The page that sets up a second factor needs it, and every page
        // has a policy.
        policies.SetFallbackPolicy(
            new AuthorizationPolicyBuilder().AddRequirements(new PermissionRequirement(null, EvenWithFactorDue: true)).Build()
        );
    }

    private sealed class PermissionHandler(CurrentActor source) : AuthorizationHandler<PermissionRequirement>
    {
        protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, PermissionRequirement requirement)
        {
            // While an asynchronous authorization is pending, Blazor removes the page, on every navigation.
            if (requirement.Refused(source.Known ?? await source.CurrentAsync()) is null)
            {
                context.Succeed(requirement);
            }
        }
    }
}
