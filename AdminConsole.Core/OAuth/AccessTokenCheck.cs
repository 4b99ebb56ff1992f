using AdminConsole.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.OAuth;

/// <summary>Checks an access token with a valid signature against the database.</summary>
internal static class AccessTokenCheck
{
    /// <summary>Verifies that the token has not expired, its device is still connected, and its user is
    /// active.</summary>
    public static async Task<TokenCheck> RunAsync(
        AppDbContext db,
        AccessTokenClaims claims,
        byte[] hash,
        DateTimeOffset now,
        DateTimeOffset goodUntil,
        CancellationToken ct
    )
    {
        if (claims.Exp <= now.ToUnixTimeSeconds())
        {
            return new(null, TokenError.Expired);
        }

        var device = await db
            .ConnectedDevices.AsNoTracking()
            .SingleOrDefaultAsync(row => row.Id == claims.Sid && row.UserId == claims.Sub && row.EndsAt > now, ct);
        if (await TokenOwnerSnapshot.ReadAsync(db, claims.Sub, ct) is not { } owner)
        {
            return new(null, TokenError.OwnerInactive);
        }

        return device is null
            ? new(null, TokenError.DeviceEnded)
            : new(new VerifiedToken(hash, claims, owner.ToActor(device, claims, await db.SettingsAsync(ct), now), goodUntil), null);
    }
}
