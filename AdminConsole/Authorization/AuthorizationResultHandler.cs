using AdminConsole.Authentication;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using AdminConsole.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace AdminConsole.Authorization;

/// <summary>Turns an authorization failure into problem details for API clients and a redirect or page for
/// browsers.</summary>
internal sealed class AuthorizationResultHandler : IAuthorizationMiddlewareResultHandler
{
    public Task HandleAsync(
        RequestDelegate next,
        HttpContext context,
        AuthorizationPolicy policy,
        PolicyAuthorizationResult authorizeResult
    ) =>
        authorizeResult.Succeeded || IsRefusal(context.GetEndpoint())
            ? next(context)
            : RefuseAsync(
                context,
                policy.Requirements.OfType<PermissionRequirement>().First(unmet => unmet.Refused(CurrentActor.Of(context)) is not null)
            );

    // Routing substitutes an endpoint that answers 405 or 415 when the method or media type does not match. That is no
    // secret, and 401 would be misleading.
    private static bool IsRefusal(Endpoint? endpoint) => endpoint is not null and not RouteEndpoint && endpoint.Metadata.Count == 0;

    public static async Task RefuseAsync(HttpContext context, PermissionRequirement requirement)
    {
        var actor = CurrentActor.Of(context);
        var refusal = requirement.Refused(actor)!;
        if (requirement.Permission is { } permission)
        {
            await context
                .RequestServices.GetRequiredService<AppDbContext>()
                .RecordDenialAsync(actor, permission, refusal, context.RequestAborted);
        }

        if (Problems.IsForPrograms(context))
        {
            await Bearer.Challenge(context, refusal, requirement.Permission).WriteAsync(context);
        }
        else if (refusal == Refusals.PasswordChangeRequired)
        {
            context.Response.Redirect(Urls.At(context, Urls.ChangePassword));
        }
        else if (refusal == Refusals.MfaEnrolmentRequired)
        {
            context.Response.Redirect(Urls.At(context, Urls.Security));
        }
        else if (refusal.Kind == RefusalKind.Unauthenticated)
        {
            context.Response.Redirect(Urls.At(context, Urls.SignIn(context.Request.Path + context.Request.QueryString)));
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
        }
    }
}
