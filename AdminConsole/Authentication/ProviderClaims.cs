using System.Globalization;
using System.Security.Claims;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Providers;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth.Claims;

namespace AdminConsole.Authentication;

/// <summary>Reads the claims of a provider's ID token and user info (OpenID Connect Core 1.0, section 5.1).</summary>
internal static class ProviderClaims
{
    // Entra ID sends this instead of the groups when there are too many for the token.
    private const string Omitted = "_claim_names";

    private static readonly string[] FromUserInfo = ["email", "email_verified", "name", "preferred_username"];

    /// <summary>Takes the claims that the console uses from the user info, too.</summary>
    public static void Map(ClaimActionCollection actions, string? groupsClaim)
    {
        actions.Clear();
        foreach (var claim in groupsClaim is null ? FromUserInfo : [.. FromUserInfo, groupsClaim])
        {
            actions.MapJsonKey(claim, claim);
        }

        actions.MapCustomJson(Omitted, user => user.TryGetProperty(Omitted, out var names) ? names.GetRawText() : null);
    }

    /// <summary>Returns the identity that the claims describe; null without a subject that can be stored.</summary>
    public static ExternalIdentity? Read(IdentityProvider provider, ClaimsPrincipal principal) =>
        principal.FindFirst("sub")?.Value is { } subject && ExternalIdentity.IsId(subject)
            ? new ExternalIdentity(provider.Id, provider.UpdatedAt, subject)
            {
                Email = Email(principal),
                EmailVerified = IsVerified(principal),
                Name = principal.FindFirst("name")?.Value ?? principal.FindFirst("preferred_username")?.Value,
                Groups = Groups(provider, principal),
                HasMoreGroups = HasMoreGroups(provider, principal),
                AuthenticationContext = [.. principal.Claims.Where(claim => claim.Type is "amr" or "acr").Select(claim => claim.Value)],
                SessionId = principal.FindFirst("sid")?.Value is { } sid && ExternalIdentity.IsId(sid) ? sid : null,
                AuthenticatedAt = Time(principal.FindFirst("auth_time")?.Value),
            }
            : null;

    // One that is too long is not shortened, because the rest could be another valid email.
    private static string? Email(ClaimsPrincipal principal) =>
        principal.FindFirst("email")?.Value.Trim() is { Length: <= Limits.Email } email
        && !email.Contains('\0', StringComparison.Ordinal)
        && principal.FindAll("email").All(claim => claim.Value.Trim() == email)
            ? email
            : null;

    // Some providers send the text "true". Entra ID has a claim of its own: the owner of the email's domain was verified.
    // The ID token and the user info must not contradict each other.
    private static bool IsVerified(ClaimsPrincipal principal)
    {
        var claims = principal.FindAll("email_verified").ToList();
        claims = claims.Count > 0 ? claims : [.. principal.FindAll("xms_edov")];
        return claims.Count > 0 && claims.TrueForAll(claim => claim.Value.ToLowerInvariant() is "true" or "1");
    }

    private static List<string> Groups(IdentityProvider provider, ClaimsPrincipal principal) =>
        provider.GroupsClaim is { } type ? [.. principal.FindAll(type).Select(claim => claim.Value).Distinct()] : [];

    private static bool HasMoreGroups(IdentityProvider provider, ClaimsPrincipal principal) =>
        provider.GroupsClaim is { } type && principal.FindFirst(Omitted)?.Value.Contains($"\"{type}\"", StringComparison.Ordinal) == true;

    private static DateTimeOffset? Time(string? seconds) =>
        long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var time) && time < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(time)
            : null;
}
