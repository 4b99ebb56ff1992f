using AdminConsole.Core.Common;
using AdminConsole.Core.Security;
using AdminConsole.Startup;
using Microsoft.AspNetCore.Authorization;

namespace AdminConsole.Authorization;

/// <summary>The policies besides the permissions, which are policies by their own names.</summary>
public static class Policies
{
    /// <summary>Anybody signed in.</summary>
    public const string SignedIn = "signed-in";

    /// <summary>A person who signed in; never a personal access token.</summary>
    public const string Interactive = "interactive";

    /// <summary>Anybody signed in, also while a second factor is still to be set up: setting it up.</summary>
    public const string EvenWithFactorDue = "even-with-factor-due";

    /// <summary>Anybody signed in, also while the password must be changed: me, password, logout.</summary>
    public const string EvenWithPasswordDue = "even-with-password-due";
}

/// <summary>What a door asks of the actor; null where being signed in is enough.</summary>
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

/// <summary>Every door is closed unless its label says to whom it opens.</summary>
public static class PermissionPolicies
{
    public static void AddPermissionPolicies(this IServiceCollection services)
    {
        services.AddScoped<CurrentActor>();
        services.AddScoped(provider =>
            CurrentActor.Of(
                provider.GetRequiredService<IHttpContextAccessor>().HttpContext
                    ?? throw new InvalidOperationException("Outside a request, ask CurrentActor.")
            )
        );
        services.AddScoped(provider =>
            provider
                .GetRequiredService<ConsoleSettings>()
                .IssuerOf(
                    provider.GetRequiredService<IHttpContextAccessor>().HttpContext
                        ?? throw new InvalidOperationException("Tokens are only made for a request.")
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
        // Without a label there is only the circuit's connection, which the page that sets up a second factor needs;
        // the pages on it have labels of their own.
        policies.SetFallbackPolicy(
            new AuthorizationPolicyBuilder().AddRequirements(new PermissionRequirement(null, EvenWithFactorDue: true)).Build()
        );
    }

    private sealed class PermissionHandler(CurrentActor source) : AuthorizationHandler<PermissionRequirement>
    {
        protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, PermissionRequirement requirement)
        {
            // Where the answer has to be waited for, Blazor takes the page down meanwhile, at every change of its
            // address.
            if (requirement.Refused(source.Known ?? await source.CurrentAsync()) is null)
            {
                context.Succeed(requirement);
            }
        }
    }
}
