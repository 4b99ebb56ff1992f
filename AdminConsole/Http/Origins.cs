using AdminConsole.Core;
using AdminConsole.Security;

namespace AdminConsole.Http;

/// <summary>
/// Refuses what another site makes a browser send in its user's name: unsafe requests, and the circuit's connection. Browsers say
/// where a request comes from in Sec-Fetch-Site, older ones in Origin; a program that sends neither carries nobody's cookie by accident.
/// </summary>
public static class Origins
{
    private static readonly Refusal CrossSite = Refusal.Forbidden("forbidden", "This request came from another site.");

    public static void UseOrigins(this WebApplication app) => app.Use((context, next) =>
        IsSafe(context.Request) || IsSameOrigin(context.Request) ? next(context) : CrossSite.WriteAsync(context));

    private static bool IsSafe(HttpRequest request) =>
        // A bearer token is never sent by accident, and where it counts the cookie beside it does not. What the OAuth endpoints tell, another site cannot read.
        Bearer.IsIn(request) || request.Path.StartsWithSegments("/oauth")
        || (!request.Path.StartsWithSegments("/_blazor") && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method)));

    private static bool IsSameOrigin(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site
            ? site is "same-origin" or "none"
            : request.Headers.Origin.ToString() is not { Length: > 0 } origin || origin == $"{request.Scheme}://{request.Host}";
}
