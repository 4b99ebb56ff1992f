using AdminConsole.Core.Audit;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Email;
using AdminConsole.Core.Mfa;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Passwords;

/// <summary>What somebody else may do to a user's credentials.</summary>
public sealed class UserCredentials(AppDbContext db, UserChanges changes, NewPassword newPassword, UserAccess access, Factors factors)
{
    /// <summary>Sets a password that must be changed at once, and ends all sessions of the user.</summary>
    public async Task<Result<Done>> SetPasswordAsync(Actor actor, Guid userId, SetPasswordRequest request, CancellationToken ct)
    {
        if ((actor.Refused(Permissions.UsersCredentials) ?? Validation.Check(request)) is { } refused)
        {
            return refused;
        }

        var names = await db.Users.AsNoTracking().SingleOrDefaultAsync(row => row.Id == userId, ct);
        var owner = new PasswordOwner(names?.Email, names?.UserName, names?.DisplayName);
        var accepted = await newPassword.AcceptAsync(request.Password, "password", owner);
        return accepted.Refusal is { } weak ? weak : await changes.DoAsync(actor, userId, Credential(async (change, user, stop) =>
        {
            user.SetPassword(accepted.Value.Hash, mustChange: true, change.At);
            change.Record(AuditActions.PasswordSet, user.AsTarget(), new { accepted.Value.BreachCheck });
            change.Mail(user, Letters.PasswordSet(user, change));
            await access.EndAsync(change, user, AccessEnding.EachSession("password set by an administrator"), stop);
        }), ct);
    }

    /// <summary>From this moment the user can do nothing but change the password, also in open sessions.</summary>
    public Task<Result<Done>> RequirePasswordChangeAsync(Actor actor, Guid userId, CancellationToken ct) => changes.DoAsync(actor, userId, RequiringPasswordChange, ct);

    /// <summary>Forgets lost second factors: authenticator, recovery codes and passkeys. Refused as <c>last_admin</c> where a passkey is the last way in for an administrator.</summary>
    public Task<Result<Done>> ResetMfaAsync(Actor actor, Guid userId, CancellationToken ct) => changes.DoAsync(actor, userId, Credential(async (change, user, stop) =>
    {
        var cleared = await ClearFactorsAsync(change, user, stop);
        await access.EndAsync(change, user, AccessEnding.Pending, stop);
        change.Record(AuditActions.MfaDisabled, user.AsTarget(), new { reason = "reset by an administrator", cleared.Authenticator, cleared.Passkeys });
    }), ct);

    /// <summary>Revokes the open links to set a password, invitations included, with their unsent mails. Having none is no error.</summary>
    public Task<Result<Done>> CancelResetAsync(Actor actor, Guid userId, CancellationToken ct) => changes.DoAsync(actor, userId, Credential(async (change, user, stop) =>
    {
        // Ending writes the user's row, which takes an event: so only where there is a link.
        if (await db.PasswordResets.AnyAsync(reset => reset.UserId == user.Id && reset.UsedAt == null, stop))
        {
            var ended = await access.EndAsync(change, user, AccessEnding.Links, stop);
            change.Record(AuditActions.PasswordResetCancelled, user.AsTarget(), new { links = ended.ResetLinks });
        }
    }), ct);

    internal UserAct RequiringPasswordChange => Credential(async (change, user, stop) =>
    {
        user.RequirePasswordChange(change.At);
        var ended = await access.EndAsync(change, user, AccessEnding.Pending, stop);
        change.Record(AuditActions.PasswordChangeRequired, user.AsTarget(), new { resetLinksEnded = ended.ResetLinks, codesEnded = ended.Codes });
    });

    /// <summary>Inside a change: removes every second factor and passkey, and says what there was.</summary>
    internal async Task<(bool Authenticator, int Passkeys)> ClearFactorsAsync(Change change, AppUser user, CancellationToken ct)
    {
        var authenticator = user.TwoFactorEnabled;
        await factors.ClearAsync(change, user, ct);
        return (authenticator, await db.UserPasskeys.Where(passkey => passkey.UserId == user.Id).ExecuteDeleteAsync(ct));
    }

    internal static UserAct Credential(Func<Change, AppUser, CancellationToken, Task> write) => new(Permissions.UsersCredentials, async (change, user, ct) =>
    {
        if (change.Actor.RefusedForOwnCredentials(user.Id) is { } refused)
        {
            return refused;
        }

        await write(change, user, ct);
        return null;
    })
    { IsSensitive = true };
}
