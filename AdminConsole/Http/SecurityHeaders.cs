using AdminConsole.Authentication;

namespace AdminConsole.Http;

/// <summary>What browsers are told to refuse on our behalf.</summary>
public static class SecurityHeaders
{
    // Styles may be inline because MudBlazor's components set sizes and colours that way; scripts never.
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

    /// <summary>Says it again where an exception took every header of the answer away.</summary>
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

    // What programs with a token are answered is data only, so nothing in it may load or run anything.
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
