using System.Security.Cryptography;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Email;
using AdminConsole.Core.Security;
using AdminConsole.Core.Tokens;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.OAuth;

/// <summary>Token revocation (RFC 7009): the holder of a token can revoke it, and end the device it belongs
/// to.</summary>
public sealed class TokenRevocationEndpoint(
    AppDbContext db,
    ConnectedDevices devices,
    RefreshTokens refresh,
    JwtAccessTokens access,
    TimeProvider clock
)
{
    /// <summary>Revokes a token. A refresh or access token ends its device with all tokens, even if the refresh token
    /// was already used. A personal access token revokes only itself, even if it was rotated out. Unknown and expired
    /// tokens are ignored (RFC 7009, section 2.2).</summary>
    public async Task<Result<Unit>> RevokeAsync(Actor caller, string token, CancellationToken ct)
    {
        if (Secret.IsToken(token))
        {
            return await RevokePersonalAsync(caller, token, ct);
        }

        if ((refresh.DeviceOf(token) ?? await DeviceOfAsync(token, ct)) is { } device)
        {
            await devices.EndByTokenAsync(caller, device, ct);
        }

        return default(Unit);
    }

    private async Task<Guid?> DeviceOfAsync(string accessToken, CancellationToken ct) =>
        await access.ReadAsync(accessToken, ct) is { } claims && claims.Exp > clock.Now().ToUnixTimeSeconds() ? claims.Sid : null;

    private Task<Result<Unit>> RevokePersonalAsync(Actor caller, string token, CancellationToken ct)
    {
        var (hash, prefix) = (Secret.Hash(token), token[..Secret.TokenPrefixLength]);
        return db.ChangeAsync<Unit>(
            caller,
            null,
            async change =>
            {
                var found = await db
                    .PersonalAccessTokens.AsNoTracking()
                    .Where(row => row.Prefix == prefix && row.RevokedAt == null)
                    .Where(row => row.ExpiresAt == null || row.ExpiresAt > change.At)
                    .ToListAsync(ct);
                if (
                    found.Find(row => CryptographicOperations.FixedTimeEquals(row.Hash, hash)) is { } presented
                    && await PersonalAccessTokens.RevokeAsync(db, change, [presented], "it was presented to be revoked", ct) > 0
                    && !(caller.Via == AuthenticationMethod.Session && caller.UserId == presented.OwnerId)
                )
                {
                    // The token itself can authenticate the request, so only a session proves that the caller is the
                    // owner.
                    change.Mail(
                        await db.Users.AsNoTracking().SingleAsync(user => user.Id == presented.OwnerId, ct),
                        EmailTemplates.TokenRevoked(presented, change)
                    );
                }

                return default(Unit);
            },
            ct
        );
    }
}
