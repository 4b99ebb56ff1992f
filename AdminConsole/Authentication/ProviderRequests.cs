using System.Globalization;
using AdminConsole.Authorization;
using AdminConsole.Core.Data;
using AdminConsole.Core.Providers;
using AdminConsole.Core.Security;
using AdminConsole.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace AdminConsole.Authentication;

/// <summary>The routes that send a browser to a provider in the database and receive its response.</summary>
public static class ProviderRequests
{
    internal const string NameItem = "name";
    internal const string VersionItem = "version";
    internal const string TestItem = "test";
    internal const string LinkItem = "link";
    internal const string FreshItem = "fresh";
    internal const string ReturnItem = "returnUrl";

    /// <summary>Returns the version of the provider that a login was verified with; null if an extension registers
    /// it.</summary>
    internal static DateTimeOffset? VersionOf(ExternalLoginInfo login) =>
        login.AuthenticationProperties?.Items.TryGetValue(VersionItem, out var text) == true
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var version)
            ? version
            : null;

    public static void MapProviderRequests(this WebApplication app)
    {
        var oidc = app.MapGroup("/oidc").AllowAnonymous().ExcludeFromDescription().RequireRateLimiting(RateLimits.Providers);
        oidc.MapGet("/{id:guid}/sign-in", SignInAsync);
        oidc.MapGet("/{id:guid}/callback", CallbackAsync);
        // A provider ends many sessions from one address.
        oidc.MapPost("/backchannel-logout", BackChannelLogout.HandleAsync).DisableAntiforgery().RequireRateLimiting(RateLimits.Tokens);
    }

    private static async Task<IResult> SignInAsync(
        Guid id,
        string? returnUrl,
        bool? test,
        bool? link,
        bool? fresh,
        ProviderGateway gateway,
        HttpContext context
    )
    {
        // Another site must not be able to start a sign-in, which would end the current session.
        if (context.Request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site")
        {
            return ExternalProviders.Redirect(context, Urls.SignIn(returnUrl));
        }

        if (await gateway.FindAsync(id, context.RequestAborted) is not { } provider)
        {
            return Removed(context, id);
        }

        var actor = CurrentActor.Of(context);
        if (test == true && actor.Require(Permissions.DirectoryWrite) is not null)
        {
            return ExternalProviders.Redirect(context, Urls.SignIn(Urls.Local($"/{Urls.Provider(id)}")));
        }

        var properties = gateway.CreateProperties(context, provider, returnUrl, test == true, link == true);
        if (fresh == true)
        {
            properties.Items[FreshItem] = "true";
        }

        return await gateway.ChallengeAsync(context, provider, properties);
    }

    private static async Task<IResult> CallbackAsync(Guid id, ProviderGateway gateway, HttpContext context)
    {
        if (await gateway.FindAsync(id, context.RequestAborted) is not { } provider)
        {
            return Removed(context, id);
        }

        var handler = context.RequestServices.GetRequiredService<OpenIdConnectHandler>();
        await handler.InitializeAsync(gateway.Prepare(provider), context);
        return await handler.HandleRequestAsync() ? TypedResults.Empty : TypedResults.NotFound();
    }

    private static RedirectHttpResult Removed(HttpContext context, Guid id) =>
        ExternalProviders.Redirect(context, Urls.SignIn(reason: ProviderRefusals.Removed.Code, provider: id));
}

/// <summary>Starts requests to the providers in the database.</summary>
public sealed class ProviderGateway(
    AppDbContext db,
    ProviderSchemes schemes,
    ProviderMetadata metadata,
    ProviderResponses responses,
    SignInStateCookies tickets
)
{
    // The handler waits 15 minutes for the provider.
    private static readonly TimeSpan TicketLifetime = TimeSpan.FromMinutes(20);

    public Task<IdentityProvider?> FindAsync(Guid id, CancellationToken ct) =>
        db.IdentityProviders.AsNoTracking().SingleOrDefaultAsync(provider => provider.Id == id, ct);

    public AuthenticationScheme Prepare(IdentityProvider provider) => schemes.Prepare(provider);

    internal AuthenticationProperties CreateProperties(
        HttpContext context,
        IdentityProvider provider,
        string? returnUrl,
        bool isTest,
        bool isLink
    )
    {
        var user = CurrentActor.Of(context).UserId?.ToString();
        var properties = new AuthenticationProperties { RedirectUri = Urls.At(context, isLink ? Urls.LinkLogin : Urls.Login) };
        // As SignInManager.ConfigureExternalAuthenticationProperties does; the page that links compares the user.
        properties.Items["LoginProvider"] = provider.LoginProvider;
        properties.Items[ProviderRequests.NameItem] = provider.Name;
        properties.Items[ProviderRequests.ReturnItem] = Urls.Local(returnUrl);
        if (isTest)
        {
            properties.Items[ProviderRequests.TestItem] = user;
        }
        else if (isLink)
        {
            properties.Items[ProviderRequests.LinkItem] = "true";
            properties.Items["XsrfId"] = user;
        }
        else
        {
            tickets.Write(properties, TicketLifetime);
        }

        return properties;
    }

    /// <summary>Redirects to the provider, or back to the sign-in page if it does not answer.</summary>
    internal async Task<IResult> ChallengeAsync(HttpContext context, IdentityProvider provider, AuthenticationProperties properties)
    {
        if ((await metadata.FindAsync(provider, context.RequestAborted)).Refusal is { } unreachable)
        {
            await responses.RefuseAsync(context, provider, properties, unreachable);
            return TypedResults.Empty;
        }

        Prepare(provider);
        try
        {
            await context.ChallengeAsync(provider.LoginProvider, properties);
        }
        // The handler may push the request to the provider first (RFC 9126).
        catch (Exception exception) when (ProviderMetadata.IsFailure(exception) || exception is OpenIdConnectProtocolException)
        {
            await responses.RefuseAsync(context, provider, properties, ProviderFailures.RefusalOf(exception));
        }

        return TypedResults.Empty;
    }
}
