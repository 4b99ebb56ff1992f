using AdminConsole.Core.Authentication;
using AdminConsole.Startup;

namespace AdminConsole.Authentication;

/// <summary>
/// The long-lived cookie by which a browser is known again at its next sign-in. Its key opens nothing: without a
/// password it only
/// says that this browser has been here.
/// </summary>
public static class DeviceCookie
{
    // As long as a key that Core makes; anything else never came from here.
    private const int KeyLength = 43;

    public static string? Read(HttpContext context) =>
        context.Request.Cookies[NameIn(context)] is { Length: KeyLength } key && key.All(char.IsAsciiLetterOrDigit) ? key : null;

    public static void Write(HttpContext context, string key) =>
        context.Response.Cookies.Append(
            NameIn(context),
            key,
            new CookieOptions
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Lax,
                Path = Settings(context).CookiePath,
                Secure = Settings(context).SecureCookies || context.Request.IsHttps,
                MaxAge = KnownBrowser.Lifetime,
                IsEssential = true,
            }
        );

    // The prefix keeps other hosts of the same domain from planting one.
    private static string NameIn(HttpContext context) => Settings(context).CookieName(".Device");

    private static ConsoleSettings Settings(HttpContext context) => context.RequestServices.GetRequiredService<ConsoleSettings>();
}
