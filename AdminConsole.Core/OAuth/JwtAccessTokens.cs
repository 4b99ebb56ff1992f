using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AdminConsole.Core.OAuth;

/// <summary>Who access tokens say they come from: the console's public address, without a slash at its end.</summary>
public sealed record Issuer(string Value);

/// <summary>Whose access tokens are accepted; null where any address of this server will do, in development.</summary>
public sealed record AcceptedIssuer(string? Value);

/// <summary>
/// Signs and verifies JWT access tokens (RFC 9068) that last 15 minutes, by <see cref="JsonWebTokenHandler"/>. Only
/// ES256, only
/// <c>at+jwt </c>, only this server's own keys and claims: <see cref="AccessTokenText"/> refuses what this server would
/// not write itself.
/// </summary>
public sealed class JwtAccessTokens(SigningKeys keys, AcceptedIssuer accepted)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    // No times but those that are named.
    private static readonly JsonWebTokenHandler Handler = new()
    {
        SetDefaultTimesOnTokenCreation = false,
        MaximumTokenSizeInBytes = AccessTokenText.MaxCharacters,
    };

    /// <summary>Signs a token for a device. The same grant gives the same claims again.</summary>
    internal async Task<string> IssueAsync(IssuedTokens grant, Issuer issuer, string scope, CancellationToken ct)
    {
        var key = await keys.CurrentAsync(ct);
        var (device, at) = (grant.Device, grant.At);
        var claims = new Dictionary<string, object>
        {
            ["sub"] = device.UserId.ToString(),
            ["client_id"] = device.ClientId,
            ["scope"] = scope,
            // From the hash of the refresh token that goes with it, so that an honest retry gets the same.
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

    /// <summary>What it says, if this server signed it for itself; expired or not, which is told apart later. Null
    /// otherwise.</summary>
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
        // Neither logged nor shown: the exception of a result can quote the token.
        return result.IsValid ? text.Claims : null;
    }
}
