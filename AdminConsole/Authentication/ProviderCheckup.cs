using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace AdminConsole.Authentication;

/// <summary>Checks that a provider answers, and names the addresses to register with it.</summary>
public sealed class ProviderCheckup(AppDbContext db, ProviderMetadata metadata)
{
    /// <summary>Fetches the discovery document and the keys. Requires directory.write.</summary>
    /// <param name="actor">The caller.</param>
    /// <param name="id">The provider.</param>
    /// <param name="root">The address of the console.</param>
    /// <param name="ct">Cancels the check.</param>
    public async Task<Result<ProviderCheck>> RunAsync(Actor actor, Guid id, Uri root, CancellationToken ct)
    {
        if (actor.Require(Permissions.DirectoryWrite) is { } refused)
        {
            return refused;
        }

        if (await db.IdentityProviders.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, ct) is not { } provider)
        {
            return Refusal.NotFound("No such identity provider.");
        }

        var fetched = await metadata.FetchAsync(provider, ct);
        var problem = fetched.Match(ProblemOf, refusal => refusal.Message);
        return new ProviderCheck(
            problem is null,
            problem,
            fetched.Match<string?>(found => found.AuthorizationEndpoint, _ => null),
            fetched.Match(KeysOf, _ => 0),
            Address(root, ProviderSchemes.CallbackPath(id)),
            Address(root, "/oidc/backchannel-logout"),
            Address(root, $"/oidc/{id}/sign-in")
        );
    }

    private static string Address(Uri root, string path) => root.GetLeftPart(UriPartial.Path).TrimEnd('/') + path;

    private static int KeysOf(OpenIdConnectConfiguration configuration) =>
        configuration.SigningKeys.Count(key => ProviderMetadata.Algorithms.Any(key.IsSupportedAlgorithm));

    private static string? ProblemOf(OpenIdConnectConfiguration configuration) =>
        string.IsNullOrEmpty(configuration.AuthorizationEndpoint) || string.IsNullOrEmpty(configuration.TokenEndpoint)
            ? "The provider's configuration names no authorization or token endpoint."
        : KeysOf(configuration) == 0 ? "The provider publishes no key for ES256, RS256 or PS256."
        : null;
}
