using AdminConsole.Authentication;
using AdminConsole.Core.Common;
using AdminConsole.Startup;

namespace AdminConsole.Http;

/// <summary>Refuses requests that another site makes a browser send on behalf of its user: unsafe methods, and the
/// circuit's connection. Browsers send their origin in Sec-Fetch-Site, older ones in Origin. A request with the session
/// cookie and neither header is refused as well (decision 0026). Without the cookie it acts for no user.</summary>
public static class SameOriginMiddleware
{
    private static readonly Refusal CrossSite = Refusal.Forbidden("forbidden", "This request came from another site.");

    private static readonly Refusal Unknown = Refusal.Forbidden(
        "forbidden",
        "A change with the session cookie needs an Origin or Sec-Fetch-Site header. Programs use a token instead."
    );

    public static void UseSameOrigin(this WebApplication app)
    {
        var cookie = app.Services.GetRequiredService<ConsoleSettings>().SessionCookieName;
        app.Use(
            (context, next) =>
                IsSafe(context.Request) ? next(context) : Refused(context.Request, cookie)?.WriteAsync(context) ?? next(context)
        );
    }

    private static bool IsSafe(HttpRequest request) =>
        // A bearer token is never sent automatically, and a cookie beside it is ignored. Another site cannot read the
        // responses of the OAuth endpoints.
        Bearer.IsIn(request)
        || request.Path.StartsWithSegments("/oauth")
        || (!request.Path.StartsWithSegments("/_blazor") && IsSafeMethod(request.Method));

    private static bool IsSafeMethod(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    private static Refusal? Refused(HttpRequest request, string cookie)
    {
        if (request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site)
        {
            return site is "same-origin" or "none" ? null : CrossSite;
        }

        if (request.Headers.Origin.ToString() is { Length: > 0 } origin)
        {
            return origin == $"{request.Scheme}://{request.Host}" ? null : CrossSite;
        }

        return request.Cookies.ContainsKey(cookie) ? Unknown : null;
    }
}
