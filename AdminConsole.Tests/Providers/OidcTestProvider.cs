using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace AdminConsole.Tests.Providers;

/// <summary>An OpenID Connect provider with one user on a free port. The properties shape the user, and make the
/// provider misbehave.</summary>
public sealed class OidcTestProvider : IAsyncDisposable
{
    public const string ClientId = "console";
    public const string ClientSecret = "a-secret-of-the-provider-with-32-or-more-bytes";

    private readonly WebApplication host;
    private readonly OidcTestKeys keys = new();
    private readonly ConcurrentDictionary<string, Grant> grants = new();
    private int discoveries;
    private int jwksFetches;

    private OidcTestProvider(WebApplication host) => this.host = host;

    private sealed record Grant(string Challenge, string Nonce, string RedirectUri, string Subject);

    public string Issuer => host.Urls.First();

    public TimeProvider Clock { get; set; } = TimeProvider.System;

    public string Subject { get; set; } = "4711";

    /// <summary>Null to send no email.</summary>
    public string? Email { get; set; } = "ana@example.com";

    public bool EmailVerified { get; set; } = true;

    public string? Name { get; set; } = "Ana Example";

    public IReadOnlyList<string> Groups { get; set; } = [];

    public IReadOnlyList<string> Amr { get; set; } = [];

    /// <summary>The <c>sid</c> of the provider's session; null to send none.</summary>
    public string? SessionId { get; set; }

    /// <summary>True to leave the email, name and groups out of the ID token.</summary>
    public bool SendsProfileInUserInfoOnly { get; set; }

    /// <summary>RS256, PS256, ES256, HS256 or none.</summary>
    public string Algorithm { get; set; } = "RS256";

    /// <summary>The issuer in ID tokens, if not the right one.</summary>
    public string? TokenIssuer { get; set; }

    /// <summary>The issuer in the discovery document, if not the right one.</summary>
    public string? DiscoveryIssuer { get; set; }

    /// <summary>The issuer in the authorization response (RFC 9207), if not the right one.</summary>
    public string? WrongIssParameter { get; set; }

    /// <summary>The audience of ID tokens, if not the client.</summary>
    public string? Audience { get; set; }

    /// <summary>The nonce in ID tokens, if not the requested one.</summary>
    public string? Nonce { get; set; }

    /// <summary>True to send ID tokens that expired an hour ago.</summary>
    public bool Expired { get; set; }

    public bool SignWithUnpublishedKey { get; set; }

    public bool TamperWithSignature { get; set; }

    public bool OmitSignature { get; set; }

    /// <summary>True to refuse every connection.</summary>
    public bool Down { get; set; }

    /// <summary>True to send codes that were already redeemed.</summary>
    public bool ReplayCode { get; set; }

    public bool DeclineSignIn { get; set; }

    /// <summary>The error of the token endpoint, such as <c>invalid_grant</c>; null for none.</summary>
    public string? TokenEndpointError { get; set; }

    public int Discoveries => Volatile.Read(ref discoveries);

    public int JwksFetches => Volatile.Read(ref jwksFetches);

    /// <summary><c>post</c> or <c>basic</c>: how the client authenticated last.</summary>
    public string? LastAuthentication { get; private set; }

    /// <summary>The query of the last authorization request.</summary>
    public IReadOnlyDictionary<string, string> LastRequest { get; private set; } = new Dictionary<string, string>();

    public static async Task<OidcTestProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var own = new OidcTestProvider(builder.Build());
        own.host.Use(own.AnswerAsync);
        own.host.MapGet("/.well-known/openid-configuration", own.Discovery);
        own.host.MapGet("/jwks", own.Keys);
        own.host.MapGet("/authorize", own.Authorize);
        own.host.MapPost("/token", own.TokenAsync);
        own.host.MapGet("/userinfo", own.UserInfo);
        await own.host.StartAsync();
        return own;
    }

    /// <summary>Publishes a new key with a new id instead of the RSA key, and signs with it.</summary>
    public void RotateKey() => keys.Rotate();

    /// <summary>Creates a logout token (OpenID Connect Back-Channel Logout 1.0, section 2.4).</summary>
    /// <param name="subject">The user; null to leave it out.</param>
    /// <param name="sessionId">The provider's session; null to leave it out.</param>
    /// <param name="change">Changes the claims before they are signed.</param>
    public string CreateLogoutToken(string? subject, string? sessionId = null, Action<Dictionary<string, object>>? change = null)
    {
        var claims = CreateClaims(TimeSpan.FromMinutes(2));
        claims["jti"] = Guid.CreateVersion7().ToString();
        claims["events"] = new Dictionary<string, object> { ["http://schemas.openid.net/event/backchannel-logout"] = new { } };
        Add(claims, "sub", subject);
        Add(claims, "sid", sessionId);
        change?.Invoke(claims);
        return keys.Sign(claims, "logout+jwt", Algorithm, SignWithUnpublishedKey);
    }

    public async ValueTask DisposeAsync() => await host.DisposeAsync();

    private Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        if (!Down)
        {
            return next(context);
        }

        context.Abort();
        return Task.CompletedTask;
    }

    private IResult Discovery()
    {
        Interlocked.Increment(ref discoveries);
        return Results.Json(
            new Dictionary<string, object>
            {
                ["issuer"] = DiscoveryIssuer ?? Issuer,
                ["authorization_endpoint"] = $"{Issuer}/authorize",
                ["token_endpoint"] = $"{Issuer}/token",
                ["userinfo_endpoint"] = $"{Issuer}/userinfo",
                ["jwks_uri"] = $"{Issuer}/jwks",
                ["scopes_supported"] = new[] { "openid", "profile", "email" },
                ["response_types_supported"] = new[] { "code" },
                ["response_modes_supported"] = new[] { "query" },
                ["grant_types_supported"] = new[] { "authorization_code" },
                ["subject_types_supported"] = new[] { "public" },
                ["id_token_signing_alg_values_supported"] = new[] { "RS256", "PS256", "ES256" },
                ["code_challenge_methods_supported"] = new[] { "S256" },
                ["token_endpoint_auth_methods_supported"] = new[] { "client_secret_post", "client_secret_basic" },
                ["authorization_response_iss_parameter_supported"] = true,
                ["backchannel_logout_supported"] = true,
                ["backchannel_logout_session_supported"] = true,
            }
        );
    }

    private IResult Keys()
    {
        Interlocked.Increment(ref jwksFetches);
        return Results.Json(keys.Published);
    }

    private IResult Authorize(HttpRequest request)
    {
        var query = request.Query.ToDictionary(field => field.Key, field => field.Value.ToString());
        LastRequest = query;
        if (query.GetValueOrDefault("response_type") != "code" || query.GetValueOrDefault("code_challenge_method") != "S256")
        {
            return Results.BadRequest();
        }

        var answer = new Dictionary<string, string?> { ["state"] = query["state"], ["iss"] = WrongIssParameter ?? Issuer };
        if (DeclineSignIn)
        {
            answer["error"] = "access_denied";
        }
        else
        {
            var code = Core.Security.Secret.Create();
            answer["code"] = code;
            if (!ReplayCode)
            {
                grants[code] = new Grant(query["code_challenge"], query["nonce"], query["redirect_uri"], Subject);
            }
        }

        return Results.Redirect(QueryHelpers.AddQueryString(query["redirect_uri"], answer));
    }

    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        LastAuthentication = MethodOf(request, form);
        if (LastAuthentication is null)
        {
            return Results.Json(new { error = "invalid_client" }, statusCode: 401);
        }

        if (TokenEndpointError is not null)
        {
            return Results.Json(new { error = TokenEndpointError }, statusCode: 400);
        }

        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        return
            grants.TryRemove(form["code"].ToString(), out var grant)
            && (challenge, form["redirect_uri"].ToString()) == (grant.Challenge, grant.RedirectUri)
            ? Results.Json(
                new
                {
                    access_token = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(grant.Subject)),
                    token_type = "Bearer",
                    expires_in = 300,
                    id_token = CreateIdToken(grant),
                }
            )
            : Results.Json(new { error = "invalid_grant" }, statusCode: 400);
    }

    private IResult UserInfo(HttpRequest request)
    {
        // The access token is the subject.
        var token = request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal);
        var claims = new Dictionary<string, object> { ["sub"] = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token)) };
        AddProfile(claims);
        return Results.Json(claims);
    }

    private string CreateIdToken(Grant grant)
    {
        var claims = CreateClaims(TimeSpan.FromMinutes(5));
        claims["nonce"] = Nonce ?? grant.Nonce;
        claims["sub"] = grant.Subject;
        if (!SendsProfileInUserInfoOnly)
        {
            AddProfile(claims);
        }

        Add(claims, "sid", SessionId);
        Add(claims, "amr", Amr.Count > 0 ? Amr : null);
        var token = keys.Sign(claims, "JWT", Algorithm, SignWithUnpublishedKey);
        token = OmitSignature ? token[..(token.LastIndexOf('.') + 1)] : token;
        return TamperWithSignature ? OidcTestKeys.Tamper(token) : token;
    }

    private Dictionary<string, object> CreateClaims(TimeSpan lifetime)
    {
        var issued = Expired ? Clock.GetUtcNow().AddHours(-1) - lifetime : Clock.GetUtcNow();
        return new Dictionary<string, object>
        {
            ["iss"] = TokenIssuer ?? Issuer,
            ["aud"] = Audience ?? ClientId,
            ["iat"] = issued.ToUnixTimeSeconds(),
            ["exp"] = (issued + lifetime).ToUnixTimeSeconds(),
        };
    }

    private void AddProfile(Dictionary<string, object> claims)
    {
        Add(claims, "email", Email);
        Add(claims, "email_verified", Email is null ? null : EmailVerified);
        Add(claims, "name", Name);
        Add(claims, "groups", Groups.Count > 0 ? Groups : null);
    }

    private static void Add(Dictionary<string, object> claims, string name, object? value)
    {
        if (value is not null)
        {
            claims[name] = value;
        }
    }

    // RFC 6749, section 2.3.1: the parts in the header are encoded as in a form.
    private static string? MethodOf(HttpRequest request, IFormCollection form)
    {
        if ((form["client_id"].ToString(), form["client_secret"].ToString()) == (ClientId, ClientSecret))
        {
            return "post";
        }

        var header = $"{WebUtility.UrlEncode(ClientId)}:{WebUtility.UrlEncode(ClientSecret)}";
        return request.Headers.Authorization == $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(header))}" ? "basic" : null;
    }
}
