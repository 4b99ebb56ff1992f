using AdminConsole.Authorization;
using AdminConsole.Core.Common;
using AdminConsole.Core.Providers;
using Microsoft.AspNetCore.Authentication;

namespace AdminConsole.Authentication;

/// <summary>An identity provider that users can sign in with.</summary>
/// <param name="LoginProvider">The value that links an account to it.</param>
/// <param name="Name">The name for users.</param>
/// <param name="Id">The id in the database; null if an extension registers it.</param>
public sealed record ProviderLink(string LoginProvider, string Name, Guid? Id)
{
    /// <summary>The URL that links it to the user's account.</summary>
    public string LinkUrl => Id is { } id ? Urls.LinkWithProvider(id) : Urls.LinkWith(LoginProvider);

    /// <summary>The URL that signs in with it, and then returns to <paramref name="returnUrl"/>.</summary>
    public string SignInUrl(string? returnUrl) =>
        Id is { } id ? Urls.SignInWithProvider(id, returnUrl) : Urls.SignInWith(LoginProvider, returnUrl);
}

/// <summary>Lists all identity providers: those in the database, by name, then those of extensions.</summary>
public sealed class ProviderList(IAuthenticationSchemeProvider schemes, Scoped<IdentityProviders> stored)
{
    public async Task<IReadOnlyList<ProviderLink>> ListAsync()
    {
        var offered = await stored.RunAsync(async (providers, _) => Result.Of(await providers.OfferedAsync(default)));
        return
        [
            .. offered
                .Match(list => list, _ => [])
                .Select(provider => new ProviderLink(IdentityProvider.LoginProviderOf(provider.Id), provider.Name, provider.Id)),
            .. (await schemes.ExternalAsync()).Select(scheme => new ProviderLink(scheme.Name, scheme.DisplayName!, Id: null)),
        ];
    }
}
