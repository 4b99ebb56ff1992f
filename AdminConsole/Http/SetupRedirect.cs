using AdminConsole.Authentication;

namespace AdminConsole.Http;

/// <summary>Redirects every page to the setup while no user exists. Afterwards, redirects the setup to the
/// sign-in.</summary>
public static class SetupRedirect
{
    public static void UseSetupRedirect(this WebApplication app) =>
        app.Use(
            async (context, next) =>
            {
                var isSetup = context.Request.Path.Equals("/" + Urls.Setup, StringComparison.OrdinalIgnoreCase);
                if (
                    !IsNavigation(context)
                    || await context.RequestServices.GetRequiredService<SetupGate>().IsOpenAsync(context.RequestAborted) == isSetup
                )
                {
                    await next(context);
                }
                else
                {
                    context.Response.Redirect(Urls.At(context, isSetup ? Urls.Login : Urls.Setup));
                }
            }
        );

    private static bool IsNavigation(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method)
        && !Problems.IsForPrograms(context)
        && !Path.HasExtension(context.Request.Path)
        && !context.Request.Path.StartsWithSegments("/api-docs")
        && !context.Request.Path.StartsWithSegments("/_blazor")
        && !context.Request.Path.StartsWithSegments("/" + Urls.Error);
}
