using AdminConsole.Core.Users;
using AdminConsole.Startup;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;

namespace AdminConsole.Authentication;

/// <summary>The authentication schemes for users and programs.</summary>
public static class Schemes
{
    /// <summary>The scheme that reads the session cookie.</summary>
    public const string Session = "Session";

    /// <summary>The scheme that writes the session cookie. The cookie handler reuses the session key of the request, so
    /// an attacker could plant one before a sign-in (session fixation). This scheme never reads the cookie, so each
    /// sign-in gets a new key.</summary>
    public const string NewSession = "NewSession";

    /// <summary>The scheme of a bearer token, for requests that have one (<see cref="BearerTokenPipeline"/>).</summary>
    public const string Token = "Token";

    public static void AddSchemes(this IServiceCollection services, ConsoleSettings settings)
    {
        services.AddHttpContextAccessor();
        services.AddSingleton<SessionTickets>();
        services.AddScoped<BrowserSession>();
        services.AddScoped<AppSignInManager>();
        services.AddScoped<SignInManager<AppUser>>(provider => provider.GetRequiredService<AppSignInManager>());
        services.AddSingleton<SignInStateCookies>();
        services.AddPasskeys();
        services.AddProviders();
        services
            .AddAuthentication(options =>
                (options.DefaultScheme, options.DefaultSignInScheme) = (Session, IdentityConstants.ExternalScheme)
            )
            .AddCookie(Session)
            .AddCookie(NewSession)
            .AddExternalCookie(settings)
            .AddScheme<AuthenticationSchemeOptions, TokenHandler>(Token, configureOptions: null);
        foreach (var scheme in new[] { Session, NewSession })
        {
            services
                .AddOptions<CookieAuthenticationOptions>(scheme)
                .Configure<SessionTickets, IDataProtectionProvider>(
                    (options, tickets, protection) =>
                    {
                        options.SessionStore = tickets;
                        options.TicketDataFormat = new TicketDataFormat(protection.CreateProtector("AdminConsole.SessionCookie"));
                        options.SlidingExpiration = false; // The expiry of the row slides, not that of the cookie.
                        options.Cookie.Name = settings.SessionCookieName;
                        options.Cookie.Path = settings.CookiePath;
                        options.Cookie.HttpOnly = true;
                        options.Cookie.SameSite = SameSiteMode.Lax;
                        options.Cookie.SecurePolicy = settings.SecureCookies ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
                        options.CookieManager = scheme == NewSession ? new WriteOnlyCookies() : new ChunkingCookieManager();
                    }
                );
        }
    }

    private sealed class WriteOnlyCookies : ICookieManager
    {
        private readonly ChunkingCookieManager inner = new();

        public string? GetRequestCookie(HttpContext context, string key) => null;

        public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) =>
            inner.AppendResponseCookie(context, key, value, options);

        public void DeleteCookie(HttpContext context, string key, CookieOptions options) => inner.DeleteCookie(context, key, options);
    }
}
