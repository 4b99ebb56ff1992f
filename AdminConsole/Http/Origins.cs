using AdminConsole.Core;

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
        // A bearer token is never sent by accident, unless a cookie comes along that would count where the token doesn't; and the OAuth endpoints take no cookie.
        (request.Headers.Authorization.Count > 0 && request.Headers.Cookie.Count == 0) || request.Path.StartsWithSegments("/oauth")
        || (!request.Path.StartsWithSegments("/_blazor") && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method)));

    private static bool IsSameOrigin(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site
            ? site is "same-origin" or "none"
            : request.Headers.Origin.ToString() is not { Length: > 0 } origin || origin == $"{request.Scheme}://{request.Host}";
}
