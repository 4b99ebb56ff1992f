using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AdminConsole.Core.OAuth;

/// <summary>The issuer of access tokens: the public base address of the console, without a trailing slash.</summary>
public sealed record Issuer(string Value);

/// <summary>The issuer whose access tokens are accepted; null accepts any address of this server, for
/// development.</summary>
public sealed record AcceptedIssuer(string? Value);

/// <summary>Signs and verifies JWT access tokens (RFC 9068), valid for 15 minutes, with
/// <see cref="JsonWebTokenHandler"/>. Accepts only ES256, <c>at+jwt</c>, and this server's own keys and claims;
/// <see cref="AccessTokenText"/> rejects tokens in any other format.</summary>
public sealed class JwtAccessTokens(SigningKeys keys, AcceptedIssuer accepted)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    // Adds no time claims besides those set explicitly.
    private static readonly JsonWebTokenHandler Handler = new()
    {
        SetDefaultTimesOnTokenCreation = false,
        MaximumTokenSizeInBytes = AccessTokenText.MaxCharacters,
    };

    /// <summary>Signs a token for a device. The same grant results in the same claims.</summary>
    internal async Task<string> IssueAsync(IssuedTokens grant, Issuer issuer, string scope, CancellationToken ct)
    {
        var key = await keys.CurrentAsync(ct);
        var (device, at) = (grant.Device, grant.At);
        var claims = new Dictionary<string, object>
        {
            ["sub"] = device.UserId.ToString(),
            ["client_id"] = device.ClientId,
            ["scope"] = scope,
            // Derived from the hash of the matching refresh token, so that a retry of the same refresh gets the same
            // value.
            ["jti"] = new Guid(SHA256.HashData(device.TokenHash).AsSpan(0, 16)).ToString(),
            ["sid"] = device.Id.ToString(),
            ["auth_time"] = device.AuthenticatedAt.ToUnixTimeSeconds(),
        };
        if (grant.Narrowed is not null)
        {
            claims["narrowed"] = true;
        }

        return Handler.CreateToken(
            new SecurityTokenDescriptor
            {
                TokenType = AccessTokenText.Type,
                SigningCredentials = new SigningCredentials(key.SecurityKey, AccessTokenText.Algorithm),
                Issuer = issuer.Value,
                Audience = issuer.Value,
                IssuedAt = at.UtcDateTime,
                Expires = (at + Lifetime).UtcDateTime,
                Claims = claims,
            }
        );
    }

    /// <summary>Returns the claims of a token that this server issued, even if it has expired; the caller checks that.
    /// Null otherwise.</summary>
    internal async ValueTask<AccessTokenClaims?> ReadAsync(string presented, CancellationToken ct)
    {
        if (AccessTokenText.Read(presented) is not { } text || await keys.FindAsync(text.Header.Kid, ct) is not { } key)
        {
            return null;
        }

        var issuer = accepted.Value ?? text.Claims.Iss;
        var result = await Handler.ValidateTokenAsync(
            presented,
            new TokenValidationParameters
            {
                ValidAlgorithms = [AccessTokenText.Algorithm],
                ValidTypes = [AccessTokenText.Type],
                IssuerSigningKey = key.SecurityKey,
                TryAllIssuerSigningKeys = false,
                ValidIssuer = issuer,
                ValidAudience = issuer,
                IgnoreTrailingSlashWhenValidatingAudience = false,
                ValidateLifetime = false,
            }
        );
        // The exception of the result can contain the token, so it is neither logged nor shown.
        return result.IsValid ? text.Claims : null;
    }
}
