using AdminConsole.Authentication;
using AdminConsole.Core.Common;
using AdminConsole.Startup;

namespace AdminConsole.Http;

/// <summary>
/// Refuses what another site makes a browser send in its user's name: unsafe requests, and the circuit's connection.
/// Browsers say where a request comes from in
/// Sec-Fetch-Site, older ones in Origin. A request with the session cookie and neither header is refused too (decision
/// 0026); without the cookie it has nobody's name.
/// </summary>
public static class SameOriginMiddleware
{
    private static readonly Refusal CrossSite = Refusal.Forbidden("forbidden", "This request came from another site.");

    private static readonly Refusal Unknown = Refusal.Forbidden(
        "forbidden",
        "A change with the session cookie needs an Origin or Sec-Fetch-Site header. Programs use a token instead."
    );

    public static void UseOrigins(this WebApplication app)
    {
        var cookie = app.Services.GetRequiredService<ConsoleSettings>().SessionCookieName;
        app.Use(
            (context, next) =>
                IsSafe(context.Request) ? next(context) : Refused(context.Request, cookie)?.WriteAsync(context) ?? next(context)
        );
    }

    private static bool IsSafe(HttpRequest request) =>
        // A bearer token is never sent by accident, and where it counts the cookie beside it does not. What the OAuth
        // endpoints tell, another site cannot read.
        Bearer.IsIn(request)
        || request.Path.StartsWithSegments("/oauth")
        || (
            !request.Path.StartsWithSegments("/_blazor")
            && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        );

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
