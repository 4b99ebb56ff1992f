using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Email;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Account;

/// <summary>Locks an account on behalf of its owner, through the "This wasn't me" link in a new-browser
/// email.</summary>
public sealed class OwnerLockdown(AppDbContext db, UserCredentialRevoker access, LastAdministratorRule administrators)
{
    private static readonly Refusal InvalidToken = Refusal.Invalid(
        "invalid_token",
        "This link is no longer valid. If someone else uses your account, choose \"Forgot password?\" to end every "
            + "session, and contact your administrator."
    );

    private static readonly Refusal LastOne = Refusal.Conflict(
        "last_admin",
        "You are the only administrator who can sign in, so your account cannot be locked. Set a new password with "
            + "\"Forgot password?\" now: that ends every session. Then look at your tokens."
    );

    /// <summary>Locks the account down and consumes the link. Unknown, used and expired links are all refused as
    /// <c>invalid_token</c>. Refused as <c>last_admin</c> for the last administrator; the link stays valid
    /// then.</summary>
    public Task<Result<Unit>> RedeemAsync(Actor caller, string token, CancellationToken ct)
    {
        var secret = Secret.Hash(token);
        return db.ChangeAsync<Unit>(
            caller,
            null,
            async change =>
            {
                var redeemed = await db
                    .NewDeviceAlerts.Where(alert => alert.SecretHash == secret && alert.UsedAt == null && alert.ExpiresAt > change.At)
                    .ExecuteUpdateAsync(set => set.SetProperty(alert => alert.UsedAt, change.At), ct);
                if (redeemed == 0)
                {
                    return InvalidToken;
                }

                var user = await db.Users.SingleAsync(
                    row => db.NewDeviceAlerts.Any(alert => alert.SecretHash == secret && alert.UserId == row.Id),
                    ct
                );
                var owner = caller.WithUser(user.Id, user.SignInName);
                var wasActive = user.Active;
                user.LockDown(owner, change.At, "Locked by its owner: a sign-in was not theirs");
                (await access.RevokeAsync(change, user, CredentialRevocation.Everything, ct)).RecordLockdown(
                    change,
                    user,
                    wasActive,
                    owner
                );
                change.Mail(user, EmailTemplates.LockedDown(user, change, by: null));
                return await administrators.HoldsAsync(change, ct) ? default(Unit) : LastOne;
            },
            ct,
            ChangeLock.Administrators
        );
    }
}
