using AdminConsole.Authorization;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.OAuth;
using AdminConsole.Core.Security;
using AdminConsole.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AdminConsole.Endpoints;

/// <summary>OAuth endpoints: device authorization (RFC 8628), tokens (6749), revocation (7009), introspection (7662),
/// metadata (8414) and keys (7517).</summary>
public static class OAuthEndpoints
{
    private const string Form = "application/x-www-form-urlencoded";

    public static void MapOAuth(this WebApplication app)
    {
        var oauth = app.MapGroup("/oauth").WithTags("OAuth").DisableAntiforgery();
        oauth
            .MapPost("/device_authorization", RequestDevice)
            .WithSummary("Request a code that a user approves in a browser (RFC 8628)")
            .AllowAnonymous()
            .Accepts<DeviceAuthorizationRequest>(Form)
            .Refuses(400, 401, 429)
            .RequireRateLimiting(RateLimits.SignIn);
        oauth
            .MapPost("/token", Token)
            .WithSummary("Get tokens for a device code, a refresh token or a user's code (RFC 6749)")
            .AllowAnonymous()
            .Accepts<TokenRequest>(Form)
            .Refuses(400, 401, 429)
            .RequireRateLimiting(RateLimits.Tokens);
        oauth
            .MapPost("/revoke", Revoke)
            .WithSummary("Revoke a token or its device (RFC 7009); the owner of a personal access token is notified by email")
            .AllowAnonymous()
            .Accepts<RevocationRequest>(Form)
            .Refuses(400, 401, 429)
            .RequireRateLimiting(RateLimits.Tokens);
        oauth
            .MapPost("/introspect", Introspect)
            .WithSummary("Introspect a token that you received (RFC 7662)")
            .RequireAuthorization(Policies.SignedIn)
            .Accepts<IntrospectionRequest>(Form)
            .Refuses(400, 401, 403)
            .WithMetadata(TokenOnlyResponses.Introspection(app.Services.GetRequiredService<TokenIntrospection>()));

        var known = app.MapGroup("/.well-known").WithTags("OAuth").AllowAnonymous();
        known.MapGet("/oauth-authorization-server", Metadata).WithSummary("Get the metadata of this authorization server (RFC 8414)");
        known.MapGet("/jwks.json", Keys).WithSummary("Get the public keys that verify access tokens (RFC 7517)");
    }

    private static Task<Results<Ok<DeviceAuthorization>, JsonHttpResult<OAuthError>>> RequestDevice(
        HttpRequest request,
        DeviceFlow flow,
        Issuer issuer,
        Actor actor,
        CancellationToken ct
    ) =>
        OAuth.AnswerAsync(
            request,
            async form =>
                (
                    await flow.RequestAsync(
                        actor,
                        new DeviceAuthorizationRequest
                        {
                            ClientId = form("client_id"),
                            Scope = form("scope"),
                            DeviceName = form("device_name"),
                        },
                        ct
                    )
                ).Then(codes => new DeviceAuthorization
                {
                    DeviceCode = codes.DeviceCode,
                    UserCode = codes.UserCode,
                    VerificationUri = $"{issuer.Value}/{Urls.Device}",
                    VerificationUriComplete = $"{issuer.Value}/{Urls.ForDevice(codes.UserCode)}",
                    ExpiresIn = (int)codes.Lifetime.TotalSeconds,
                    Interval = (int)codes.Interval.TotalSeconds,
                })
        );

    private static Task<Results<Ok<TokenResponse>, JsonHttpResult<OAuthError>>> Token(
        HttpRequest request,
        TokenEndpointService grants,
        Issuer issuer,
        Actor actor,
        CancellationToken ct
    ) =>
        OAuth.AnswerAsync(
            request,
            form =>
                grants.GrantAsync(
                    actor,
                    issuer,
                    new TokenRequest
                    {
                        GrantType = form("grant_type"),
                        ClientId = form("client_id"),
                        DeviceCode = form("device_code"),
                        RefreshToken = form("refresh_token"),
                        Code = form("code"),
                        Scope = form("scope"),
                        DeviceName = form("device_name"),
                    },
                    ct
                )
        );

    private static async Task<Results<Ok, JsonHttpResult<OAuthError>>> Revoke(
        HttpRequest request,
        TokenRevocationEndpoint revocation,
        Actor actor,
        CancellationToken ct
    ) =>
        (await OAuth.AnswerAsync(request, "token", token => revocation.RevokeAsync(actor, token, ct))).Result
            is JsonHttpResult<OAuthError> refused
            ? refused
            : TypedResults.Ok();

    private static Task<Results<Ok<Introspection>, JsonHttpResult<OAuthError>>> Introspect(
        HttpRequest request,
        TokenIntrospection introspection,
        Actor actor,
        CancellationToken ct
    ) => OAuth.AnswerAsync(request, "token", token => introspection.IntrospectAsync(actor, token, ct));

    private static Ok<OAuthMetadata> Metadata(Issuer issuer, HttpResponse response)
    {
        response.Headers.CacheControl = "public, max-age=300";
        return TypedResults.Ok(
            new OAuthMetadata
            {
                Issuer = issuer.Value,
                DeviceAuthorizationEndpoint = issuer.Value + "/oauth/device_authorization",
                TokenEndpoint = issuer.Value + "/oauth/token",
                RevocationEndpoint = issuer.Value + "/oauth/revoke",
                IntrospectionEndpoint = issuer.Value + "/oauth/introspect",
                JwksUri = issuer.Value + "/.well-known/jwks.json",
                ScopesSupported = [.. Permissions.All],
                GrantTypesSupported = TokenEndpointService.All,
            }
        );
    }

    // Services may cache the keys, because a key is published for a day before it is used.
    private static async Task<Ok<JwkSet>> Keys(SigningKeys keys, HttpResponse response, CancellationToken ct)
    {
        response.Headers.CacheControl = "public, max-age=300";
        return TypedResults.Ok(await keys.PublishedAsync(ct));
    }
}
