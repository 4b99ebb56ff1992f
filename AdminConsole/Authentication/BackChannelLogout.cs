using System.Text.Json;
using AdminConsole.Authorization;
using AdminConsole.Core.Authentication;
using AdminConsole.Core.Data;
using AdminConsole.Core.Providers;
using AdminConsole.Core.Security;
using AdminConsole.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.JsonWebTokens;

namespace AdminConsole.Authentication;

/// <summary>Receives the logout tokens of providers (OpenID Connect Back-Channel Logout 1.0).</summary>
public sealed class BackChannelLogout(AppDbContext db, ProviderMetadata metadata, ProviderLogout logout)
{
    private const int MaxLength = 16 * 1024;
    private const string Event = "http://schemas.openid.net/event/backchannel-logout";

    internal static async Task<Results<Ok, JsonHttpResult<OAuthError>>> HandleAsync(BackChannelLogout endpoint, HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        var ct = context.RequestAborted;
        var notice = await endpoint.ReadAsync(await TokenAsync(context.Request, ct), ct);
        var ended = notice is null ? null : await endpoint.EndAsync(CurrentActor.Of(context), notice, ct);
        return ended is null
            ? TypedResults.Json(new OAuthError("invalid_request", "The logout token is not valid."), statusCode: 400)
            : TypedResults.Ok();
    }

    private static async Task<string> TokenAsync(HttpRequest request, CancellationToken ct)
    {
        try
        {
            return IsForm(request) ? (await request.ReadFormAsync(ct))["logout_token"].ToString() : "";
        }
        catch (InvalidDataException)
        {
            return "";
        }
    }

    // Section 2.5 requires this type. Other forms fail in more ways than one when they are malformed.
    private static bool IsForm(HttpRequest request) =>
        request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true;

    private async Task<int?> EndAsync(Actor caller, LogoutNotice notice, CancellationToken ct) =>
        (await logout.EndAsync(caller, notice, ct)).Match<int?>(count => count, _ => null);

    // Section 2.6 of the specification. Null if the token is not valid.
    private async Task<LogoutNotice?> ReadAsync(string text, CancellationToken ct)
    {
        if (Issuer(text) is not { } issuer)
        {
            return null;
        }

        if (await db.IdentityProviders.AsNoTracking().SingleOrDefaultAsync(row => row.Issuer == issuer, ct) is not { } provider)
        {
            return null;
        }

        var validated = await new JsonWebTokenHandler().ValidateTokenAsync(text, metadata.ValidationOf(provider));
        return validated.IsValid ? Read(provider, (JsonWebToken)validated.SecurityToken) : null;
    }

    private static LogoutNotice? Read(IdentityProvider provider, JsonWebToken token)
    {
        var (subject, session) = (Text(token, "sub"), Text(token, "sid"));
        var isLogout =
            token.TryGetPayloadValue<JsonElement>("events", out var events)
            && events.ValueKind == JsonValueKind.Object
            && events.TryGetProperty(Event, out _);
        var isComplete = Text(token, "jti") is not null && (subject ?? session) is not null;
        return isLogout && isComplete && !token.TryGetClaim("nonce", out _)
            ? new LogoutNotice(provider.Id, token.Id, subject, session, new DateTimeOffset(token.ValidTo, TimeSpan.Zero))
            : null;
    }

    private static string? Text(JsonWebToken token, string claim) =>
        token.TryGetPayloadValue<string>(claim, out var value) && ExternalIdentity.IsId(value) ? value : null;

    private static string? Issuer(string text)
    {
        try
        {
            return text.Length is > 0 and <= MaxLength ? new JsonWebToken(text).Issuer : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
