using AdminConsole.Core.Authentication;
using AdminConsole.Startup;

namespace AdminConsole.Authentication;

/// <summary>The long-lived cookie that identifies a known browser at its next sign-in. Its key grants no access.
/// Without a password, it only shows that this browser has signed in before.</summary>
public static class DeviceCookie
{
    // The length of the keys that Core creates. Other values were not set by this server.
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

    // The prefix of the name prevents other hosts of the same domain from setting the cookie.
    private static string NameIn(HttpContext context) => Settings(context).CookieName(".Device");

    private static ConsoleSettings Settings(HttpContext context) => context.RequestServices.GetRequiredService<ConsoleSettings>();
}
