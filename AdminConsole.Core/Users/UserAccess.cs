using AdminConsole.Core.Audit;
using AdminConsole.Core.Data;
using AdminConsole.Core.Devices;
using AdminConsole.Core.Security;
using AdminConsole.Core.Tokens;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Users;

/// <summary>How many ways in were closed.</summary>
internal sealed record ClosedAccess(int Sessions, int Devices, int ResetLinks, int Browsers, int Tokens)
{
    /// <summary>The event of a lockdown, which says it all in one.</summary>
    public void RecordLockdown(Change change, AppUser user, bool wasActive, Actor? by = null) => change.Record(AuditActions.UserLockedDown, user.AsTarget(), new
    {
        reason = user.DeactivatedReason,
        wasActive,
        sessionsEnded = Sessions,
        devicesEnded = Devices,
        resetLinksEnded = ResetLinks,
        browsersForgotten = Browsers,
        tokensRevoked = Tokens,
    }, by);
}

/// <summary>Every way in that a user has.</summary>
public sealed class UserAccess(AppDbContext db)
{
    /// <summary>Inside a change: ends the sessions of a user who must be out from now on.</summary>
    internal async Task<int> EndSessionsAsync(AppUser user, CancellationToken ct)
    {
        // First the user's row: a sign-in at this moment writes it too, and so is over, with a session to end, or sees the change.
        await db.SaveChangesAsync(ct);
        return await db.Sessions.Where(session => session.UserId == user.Id).ExecuteDeleteAsync(ct);
    }

    /// <summary>The same for connected devices, after the sessions.</summary>
    internal Task<int> EndDevicesAsync(AppUser user, CancellationToken ct) => DeviceEnding.EndAllAsync(db, user.Id, ct);

    /// <summary>Inside a change: leaves nothing that opens a door: no session, no device, no reset link, no browser that is known, no token. What mails about a new browser said is settled too.</summary>
    internal async Task<ClosedAccess> CloseAsync(Change change, AppUser user, CancellationToken ct)
    {
        await db.SignInAlerts.Where(alert => alert.UserId == user.Id && alert.UsedAt == null).ExecuteDeleteAsync(ct);
        return new(
            await EndSessionsAsync(user, ct),
            await EndDevicesAsync(user, ct),
            await db.PasswordResets.Where(reset => reset.UserId == user.Id && reset.UsedAt == null).ExecuteDeleteAsync(ct),
            await db.KnownBrowsers.Where(browser => browser.UserId == user.Id).ExecuteDeleteAsync(ct),
            await TokenRevocation.RevokeAllAsync(db, user.Id, change.At, ct));
    }
}
