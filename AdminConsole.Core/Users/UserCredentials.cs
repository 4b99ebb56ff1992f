using AdminConsole.Core.Audit;
using AdminConsole.Core.Authentication;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Email;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Users;

/// <summary>Operations of administrators on a user's credentials.</summary>
public sealed class UserCredentials(
    AppDbContext db,
    UserChanges changes,
    AppUserManager users,
    UserCredentialRevoker access,
    Factors factors
)
{
    /// <summary>Sets a password that must be changed at once, and ends all sessions of the user.</summary>
    public async Task<Result<Unit>> SetPasswordAsync(Actor actor, Guid userId, SetPasswordRequest request, CancellationToken ct)
    {
        if ((actor.Require(Permissions.UsersCredentials) ?? Validation.Check(request)) is { } refused)
        {
            return refused;
        }

        // A user who isn't there is refused by the change.
        if (
            await db.Users.AsNoTracking().SingleOrDefaultAsync(row => row.Id == userId, ct) is { } known
            && await users.PrepareAsync(known, request.Password, "password") is { } weak
        )
        {
            return weak;
        }

        return await changes.DoAsync(
            actor,
            userId,
            Credential(
                async (change, user, stop) =>
                {
                    if ((await users.SetPasswordAsync(user, request.Password, mustChange: true)).ToRefusal("password") is { } impossible)
                    {
                        return impossible;
                    }

                    change.Record(AuditActions.PasswordSet, user.AsTarget(), new { BreachCheck = users.BreachCheckOf(request.Password) });
                    change.Mail(user, EmailTemplates.PasswordSet(user, change));
                    await access.EndAsync(change, user, CredentialRevocation.EachSession("password set by an administrator"), stop);
                    return null;
                }
            ),
            ct
        );
    }

    /// <summary>From this moment the user can do nothing but change the password, also in open sessions.</summary>
    public Task<Result<Unit>> RequirePasswordChangeAsync(Actor actor, Guid userId, CancellationToken ct) =>
        changes.DoAsync(actor, userId, RequirePasswordChange, ct);

    /// <summary>
    /// Forgets what a user, or someone else, added to sign in with: authenticator, recovery codes, passkeys and
    /// identity providers. Refused
    /// as <c>last_admin</c> where a passkey is the last way in for an administrator.
    /// </summary>
    public Task<Result<Unit>> ResetMfaAsync(Actor actor, Guid userId, CancellationToken ct) =>
        changes.DoAsync(
            actor,
            userId,
            Credential(
                async (change, user, stop) =>
                {
                    var cleared = await ClearFactorsAsync(change, user, stop);
                    await access.EndAsync(change, user, CredentialRevocation.Pending, stop);
                    change.Record(
                        AuditActions.MfaDisabled,
                        user.AsTarget(),
                        new
                        {
                            reason = "reset by an administrator",
                            cleared.Authenticator,
                            cleared.Passkeys,
                            cleared.Providers,
                        }
                    );
                    return null;
                }
            ),
            ct
        );

    /// <summary>Revokes the open links to set a password, invitations included, with their unsent mails. Having none is
    /// no error.</summary>
    public Task<Result<Unit>> CancelResetAsync(Actor actor, Guid userId, CancellationToken ct) =>
        changes.DoAsync(
            actor,
            userId,
            Credential(
                async (change, user, stop) =>
                {
                    // Ending writes the user's row, which takes an event: so only where there is a link.
                    if (
                        await db.SingleUseLinks.AnyAsync(
                            link => link.UserId == user.Id && link.UsedAt == null && link.Purpose != SingleUseTokens.ChangeEmail,
                            stop
                        )
                    )
                    {
                        var ended = await access.EndAsync(change, user, CredentialRevocation.Links, stop);
                        change.Record(AuditActions.PasswordResetCancelled, user.AsTarget(), new { links = ended.ResetLinks });
                    }

                    return null;
                }
            ),
            ct
        );

    internal UserOperation RequirePasswordChange =>
        Credential(
            async (change, user, stop) =>
            {
                user.RequirePasswordChange(change.At);
                var ended = await access.EndAsync(change, user, CredentialRevocation.Pending, stop);
                change.Record(
                    AuditActions.PasswordChangeRequired,
                    user.AsTarget(),
                    new { resetLinksEnded = ended.ResetLinks, codesEnded = ended.Codes }
                );
                return null;
            }
        );

    /// <summary>Inside a change: removes every second factor, passkey and identity provider, and says what there
    /// was.</summary>
    internal async Task<(bool Authenticator, int Passkeys, int Providers)> ClearFactorsAsync(
        ChangeContext change,
        AppUser user,
        CancellationToken ct
    )
    {
        var authenticator = user.TwoFactorEnabled;
        await users.SetTwoFactorEnabledAsync(user, false);
        await factors.ClearAsync(user.Id, ct);
        return (
            authenticator,
            await db.UserPasskeys.Where(passkey => passkey.UserId == user.Id).ExecuteDeleteAsync(ct),
            await db.UserLogins.Where(login => login.UserId == user.Id).ExecuteDeleteAsync(ct)
        );
    }

    internal static UserOperation Credential(Func<ChangeContext, AppUser, CancellationToken, Task<Refusal?>> write) =>
        new(
            Permissions.UsersCredentials,
            async (change, user, ct) =>
            {
                return change.Actor.RequireForOwnCredentials(user.Id) ?? await write(change, user, ct);
            }
        )
        {
            IsSensitive = true,
        };
}
