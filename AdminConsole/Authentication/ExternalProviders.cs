using AdminConsole.Authorization;
using AdminConsole.Core.Authentication;
using AdminConsole.Startup;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;

namespace AdminConsole.Authentication;

/// <summary>Identity providers that an extension registers: all authentication schemes with a display name, as in
/// ASP.NET Core Identity. Those in the database have <see cref="ProviderSchemes"/>.</summary>
public static class ExternalProviders
{
    // How long a provider's result is kept, for example until the user confirms a link.
    private static readonly TimeSpan CookieLifetime = TimeSpan.FromMinutes(5);

    // The handlers wait 15 minutes for the provider (RemoteAuthenticationTimeout).
    private static readonly TimeSpan TicketLifetime = TimeSpan.FromMinutes(15) + CookieLifetime;

    public static async Task<IReadOnlyList<AuthenticationScheme>> ExternalAsync(this IAuthenticationSchemeProvider schemes) =>
        [.. (await schemes.GetAllSchemesAsync()).Where(scheme => !string.IsNullOrEmpty(scheme.DisplayName))];

    /// <summary>Adds the cookie that stores a provider's result until it is used.</summary>
    public static AuthenticationBuilder AddExternalCookie(this AuthenticationBuilder authentication, ConsoleSettings settings) =>
        authentication.AddCookie(
            IdentityConstants.ExternalScheme,
            options =>
            {
                options.Cookie.Name = settings.CookieName(".External");
                options.Cookie.Path = settings.CookiePath;
                options.Cookie.HttpOnly = true;
                options.Cookie.SameSite = SameSiteMode.Lax;
                options.Cookie.SecurePolicy = settings.SecureCookies ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
                options.ExpireTimeSpan = CookieLifetime;
                options.SlidingExpiration = false;
            }
        );

    /// <summary>Handles the callbacks of providers. They come from another site, some as form posts, and are verified
    /// by their state and a cookie of the handler. Therefore this must run before the same-origin check.</summary>
    public static void UseExternalProviders(this IApplicationBuilder app) =>
        app.Use(
            async (context, next) =>
            {
                if (!await IsHandledAsync(context))
                {
                    await next(context);
                }
            }
        );

    /// <summary>Maps the routes that redirect to a provider and that sign in with its result.</summary>
    public static void MapExternalProviders(this WebApplication app)
    {
        app.MapGet($"/{Urls.External}/{{provider}}", ChallengeAsync).AllowAnonymous().ExcludeFromDescription();
        app.MapGet($"/{Urls.ExternalSignIn}", SignInAsync).AllowAnonymous().ExcludeFromDescription();
    }

    private static async Task<IResult> ChallengeAsync(
        string provider,
        string? returnUrl,
        string? link,
        IAuthenticationSchemeProvider schemes,
        AppSignInManager signIn,
        SignInStateCookies tickets,
        HttpContext context
    )
    {
        if (!(await schemes.ExternalAsync()).Any(scheme => scheme.Name == provider))
        {
            return TypedResults.NotFound();
        }

        // Another site must not be able to start a sign-in, which would end the current session.
        if (context.Request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site")
        {
            return Redirect(context, Urls.SignIn(returnUrl));
        }

        // A link is made for the signed-in user, and is confirmed on a page.
        var userId = link is null ? null : CurrentActor.Of(context).UserId?.ToString();
        var back = link is null ? Urls.ExternalSignIn + QueryString.Empty.AddGiven("returnUrl", Urls.Local(returnUrl)) : Urls.LinkLogin;
        var properties = signIn.ConfigureExternalAuthenticationProperties(provider, Urls.At(context, back), userId);
        if (link is null)
        {
            tickets.Write(properties, TicketLifetime);
        }

        try
        {
            await context.ChallengeAsync(provider, properties);
            return TypedResults.Empty;
        }
        catch (Exception exception) when (exception is InvalidOperationException or HttpRequestException or IOException)
        {
            // OpenID Connect fetches the provider's metadata before it redirects.
            return Failed(context, exception);
        }
    }

    private static async Task<IResult> SignInAsync(string? returnUrl, AppSignInManager signIn, HttpContext context)
    {
        if (await signIn.GetExternalLoginInfoAsync() is not { } info)
        {
            // There may be a cookie that is unreadable or has expired.
            await signIn.ForgetExternalLoginAsync();
            return Redirect(context, Urls.SignIn(returnUrl, Urls.ProviderFailed));
        }

        var me = await signIn.ExternalLoginSignInAsync(info);
        return Redirect(
            context,
            me.Refusal switch
            {
                null => (Urls.Local(returnUrl) ?? "/")[1..],
                SecondFactorRequired => Urls.SignInCode(returnUrl),
                { Code: "inactive" } => Urls.SignIn(returnUrl, "deactivated"),
                { Code: "expired" } => Urls.SignIn(returnUrl, "expired"),
                _ => Urls.SignIn(returnUrl, Urls.NotLinked),
            }
        );
    }

    // Header values are ASCII, but the page to return to is decoded.
    internal static string AddressOf(HttpContext context, string page) =>
        new Uri(new Uri("http://console"), Urls.At(context, page)).PathAndQuery;

    internal static RedirectHttpResult Redirect(HttpContext context, string page) => TypedResults.Redirect(AddressOf(context, page));

    // Canceled by the user, refused by the provider, unreachable, or expired.
    private static RedirectHttpResult Failed(HttpContext context, Exception exception)
    {
        context
            .RequestServices.GetRequiredService<ILoggerFactory>()
            .CreateLogger(typeof(ExternalProviders))
            .LogWarning("A sign-in with an identity provider failed: {Reason}", exception.GetBaseException().Message);
        return Redirect(context, Urls.SignIn(reason: Urls.ProviderFailed));
    }

    private static async Task<bool> IsHandledAsync(HttpContext context)
    {
        var (schemes, handlers) = (
            context.RequestServices.GetRequiredService<IAuthenticationSchemeProvider>(),
            context.RequestServices.GetRequiredService<IAuthenticationHandlerProvider>()
        );
        foreach (var scheme in await schemes.GetRequestHandlerSchemesAsync())
        {
            if (
                await handlers.GetHandlerAsync(context, scheme.Name) is IAuthenticationRequestHandler handler
                && await IsHandledAsync(context, handler)
            )
            {
                return true;
            }
        }

        return false;
    }

    private static async Task<bool> IsHandledAsync(HttpContext context, IAuthenticationRequestHandler handler)
    {
        try
        {
            return await handler.HandleRequestAsync();
        }
        catch (AuthenticationFailureException failure)
        {
            await Failed(context, failure).ExecuteAsync(context);
            return true;
        }
    }
}
