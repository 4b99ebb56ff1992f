using System.Security.Claims;
using AdminConsole.Authorization;
using AdminConsole.Core.Authentication;
using AdminConsole.Core.Common;
using AdminConsole.Core.Providers;
using Microsoft.AspNetCore.Authentication;

namespace AdminConsole.Authentication;

/// <summary>Completes a sign-in, a test sign-in or a link after the provider's response.</summary>
public sealed class ProviderResponses(AppSignInManager signIn, ProviderSignIn signIns, ProviderTests tests)
{
    /// <summary>Signs in or keeps the result of a test, and redirects. Returns false for a link, which a page
    /// finishes.</summary>
    internal async Task<bool> FinishAsync(
        HttpContext context,
        IdentityProvider provider,
        AuthenticationProperties properties,
        ClaimsPrincipal principal,
        ExternalIdentity identity
    )
    {
        if (properties.Items.ContainsKey(ProviderRequests.LinkItem))
        {
            return false;
        }

        if (properties.Items.ContainsKey(ProviderRequests.TestItem))
        {
            var claims = principal.Claims.Select(claim => (claim.Type, claim.Value)).ToList();
            KeepTest(context, properties, new ProviderTestRun(provider.Id, identity, claims, Refusal: null));
            Redirect(context, Urls.ProviderTest(provider.Id));
            return true;
        }

        var returnUrl = properties.Items.TryGetValue(ProviderRequests.ReturnItem, out var url) ? url : null;
        var me = await signIn.ProviderSignInAsync(signIns, identity, properties);
        Redirect(
            context,
            me.Refusal switch
            {
                null => (Urls.Local(returnUrl) ?? "/")[1..],
                SecondFactorRequired => Urls.SignInCode(returnUrl),
                { } refusal => Urls.SignIn(returnUrl, refusal.Code, provider.Id),
            }
        );
        return true;
    }

    /// <summary>Records the reason of a refused response, and redirects to the page that shows it. The failure of a test
    /// is only shown.</summary>
    internal async Task RefuseAsync(HttpContext context, IdentityProvider provider, AuthenticationProperties? properties, Refusal refusal)
    {
        if (properties?.Items.ContainsKey(ProviderRequests.TestItem) == true)
        {
            KeepTest(context, properties, new ProviderTestRun(provider.Id, Identity: null, [], refusal));
            Redirect(context, Urls.ProviderTest(provider.Id));
            return;
        }

        await signIns.FailAsync(CurrentActor.Of(context), provider.Id, refusal, context.RequestAborted);
        Redirect(context, Urls.SignIn(reason: refusal.Code, provider: provider.Id));
    }

    // Only the user who started the test sees its result.
    private void KeepTest(HttpContext context, AuthenticationProperties properties, ProviderTestRun run)
    {
        if (CurrentActor.Of(context).UserId is { } user && properties.Items[ProviderRequests.TestItem] == user.ToString())
        {
            tests.Keep(user, run);
        }
    }

    private static void Redirect(HttpContext context, string page) => context.Response.Redirect(ExternalProviders.AddressOf(context, page));
}
