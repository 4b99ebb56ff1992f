using AdminConsole.Authentication;

namespace AdminConsole.Http;

/// <summary>Sets the security headers of all responses.</summary>
public static class SecurityHeaders
{
    // MudBlazor's components set sizes and colors with inline styles. Inline scripts are never allowed.
    private const string ContentSecurityPolicy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src "
        + "'self'; connect-src 'self'; "
        + "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    public static void UseProgramHeaders(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
            {
                SetForPrograms(context);
                return next(context);
            }
        );

    public static void UseSecurityHeaders(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
            {
                SetForBrowsers(context);
                return next(context);
            }
        );

    /// <summary>Sets the headers again when an exception has cleared those of the response.</summary>
    public static void Set(HttpContext context)
    {
        if (Bearer.IsIn(context.Request))
        {
            SetForPrograms(context);
        }
        else
        {
            SetForBrowsers(context);
        }
    }

    // Responses to programs with a token are data only, so nothing in them may load or run anything.
    private static void SetForPrograms(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        if (context.Request.IsHttps)
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }
    }

    private static void SetForBrowsers(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
        if (context.Request.IsHttps)
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }

        if (context.Request.Path.StartsWithSegments("/api") || context.Request.Path.StartsWithSegments("/oauth"))
        {
            headers.CacheControl = "no-store";
        }
    }
}
