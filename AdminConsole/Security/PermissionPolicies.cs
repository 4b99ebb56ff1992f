using AdminConsole.Core;
using AdminConsole.Core.Security;
using AdminConsole.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace AdminConsole.Security;

/// <summary>The policies besides the permissions, which are policies by their own names.</summary>
public static class Policies
{
    /// <summary>Anybody signed in.</summary>
    public const string SignedIn = "signed-in";

    /// <summary>A person who signed in; never a personal access token.</summary>
    public const string Interactive = "interactive";

    /// <summary>Anybody signed in, also while the password must be changed: me, password, logout.</summary>
    public const string EvenWithPasswordDue = "even-with-password-due";
}

/// <summary>What a door asks of the actor; null where being signed in is enough.</summary>
public sealed record PermissionRequirement(string? Permission, bool EvenWithPasswordDue = false, bool Interactive = false) : IAuthorizationRequirement
{
    public Refusal? Refused(Actor actor) =>
        actor.UserId is null ? Refusals.Unauthenticated
        : actor.MustChangePassword && !EvenWithPasswordDue ? Refusals.PasswordChangeRequired
        : Interactive ? actor.RefusedUnlessInteractive()
        : Permission is null ? null
        : actor.Refused(Permission);
}

/// <summary>Every door is closed unless its label says to whom it opens.</summary>
public static class PermissionPolicies
{
    public static void AddPermissionPolicies(this IServiceCollection services)
    {
        services.AddScoped<ActorSource>();
        services.AddScoped(provider => ActorSource.Of(provider.GetRequiredService<IHttpContextAccessor>().HttpContext
            ?? throw new InvalidOperationException("Outside a request, ask ActorSource.")));
        services.AddScoped(typeof(Scoped<>));
        services.AddScoped<IAuthorizationHandler, PermissionHandler>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, ClosedDoor>();

        var policies = services.AddAuthorizationBuilder();
        foreach (var permission in Permissions.All)
        {
            policies.AddPolicy(permission, policy => policy.AddRequirements(new PermissionRequirement(permission)));
        }

        policies.AddPolicy(Policies.SignedIn, policy => policy.AddRequirements(new PermissionRequirement(null)));
        policies.AddPolicy(Policies.Interactive, policy => policy.AddRequirements(new PermissionRequirement(null, Interactive: true)));
        policies.AddPolicy(Policies.EvenWithPasswordDue, policy => policy.AddRequirements(new PermissionRequirement(null, EvenWithPasswordDue: true)));
        policies.SetDefaultPolicy(new AuthorizationPolicyBuilder().AddRequirements(new PermissionRequirement(null)).Build());
        policies.SetFallbackPolicy(new AuthorizationPolicyBuilder().AddRequirements(new PermissionRequirement(null)).Build());
    }

    private sealed class PermissionHandler(ActorSource source) : AuthorizationHandler<PermissionRequirement>
    {
        protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, PermissionRequirement requirement)
        {
            if (requirement.Refused(await source.CurrentAsync()) is null)
            {
                context.Succeed(requirement);
            }
        }
    }

    /// <summary>What somebody sees at a door that stays closed: programs the refusal, people the page that helps.</summary>
    private sealed class ClosedDoor : IAuthorizationMiddlewareResultHandler
    {
        public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
        {
            if (authorizeResult.Succeeded)
            {
                await next(context);
                return;
            }

            var actor = ActorSource.Of(context);
            var requirement = policy.Requirements.OfType<PermissionRequirement>().First(one => one.Refused(actor) is not null);
            var refusal = requirement.Refused(actor)!;
            if (requirement.Permission is { } permission)
            {
                await context.RequestServices.GetRequiredService<Denials>().RecordAsync(actor, permission, refusal, context.RequestAborted);
            }

            if (Problems.IsForPrograms(context))
            {
                await Bearer.Challenge(context, refusal, requirement.Permission).WriteAsync(context);
            }
            else if (refusal == Refusals.PasswordChangeRequired)
            {
                context.Response.Redirect(Urls.ChangePassword);
            }
            else if (refusal.Kind == RefusalKind.Unauthenticated)
            {
                context.Response.Redirect(Urls.SignIn(context.Request.PathBase + context.Request.Path + context.Request.QueryString));
            }
            else
            {
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
            }
        }
    }
}
