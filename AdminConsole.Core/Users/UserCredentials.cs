using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Email;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Users;

/// <summary>Administrative operations on a user's credentials.</summary>
public sealed class UserCredentials(
    AppDbContext db,
    UserOperationRunner runner,
    AppUserManager users,
    UserCredentialRevoker access,
    FactorProtector factors
)
{
    /// <summary>Sets a temporary password that must be changed at the next sign-in, and ends all the user's
    /// sessions.</summary>
    public async Task<Result<Unit>> SetPasswordAsync(Actor actor, Guid userId, SetPasswordRequest request, CancellationToken ct)
    {
        if ((actor.Require(Permissions.UsersCredentials) ?? Validation.Check(request)) is { } refused)
        {
            return refused;
        }

        // A user who doesn't exist is refused by the change.
        if (
            await db.Users.AsNoTracking().SingleOrDefaultAsync(row => row.Id == userId, ct) is { } known
            && await users.PrepareAsync(known, request.Password, "password") is { } weak
        )
        {
            return weak;
        }

        return await runner.RunWithoutResultAsync(
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
                    await access.RevokeAsync(change, user, CredentialRevocation.EachSession("password set by an administrator"), stop);
                    return null;
                }
            ),
            ct
        );
    }

    /// <summary>Requires a password change. Takes effect at once, also in open sessions: until then the user can do
    /// nothing else.</summary>
    public Task<Result<Unit>> RequirePasswordChangeAsync(Actor actor, Guid userId, CancellationToken ct) =>
        runner.RunWithoutResultAsync(actor, userId, RequirePasswordChange, ct);

    /// <summary>Removes the user's authenticator, recovery codes, passkeys and linked identity providers, including any
    /// that an attacker added. Refused as <c>last_admin</c> if a passkey is the only way for the last administrator to
    /// sign in.</summary>
    public Task<Result<Unit>> ResetMfaAsync(Actor actor, Guid userId, CancellationToken ct) =>
        runner.RunWithoutResultAsync(
            actor,
            userId,
            Credential(
                async (change, user, stop) =>
                {
                    var cleared = await ClearFactorsAsync(change, user, stop);
                    await access.RevokeAsync(change, user, CredentialRevocation.Pending, stop);
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

    /// <summary>Revokes open password links and invitations, and deletes their unsent emails. Succeeds if there are
    /// none.</summary>
    public Task<Result<Unit>> CancelResetAsync(Actor actor, Guid userId, CancellationToken ct) =>
        runner.RunWithoutResultAsync(
            actor,
            userId,
            Credential(
                async (change, user, stop) =>
                {
                    // Revoking writes the user's row, which requires an event; so it is done only if there is a link.
                    if (
                        await db.SingleUseLinks.AnyAsync(
                            link => link.UserId == user.Id && link.UsedAt == null && link.Purpose != SingleUseTokens.ChangeEmail,
                            stop
                        )
                    )
                    {
                        var ended = await access.RevokeAsync(change, user, CredentialRevocation.Links, stop);
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
                var ended = await access.RevokeAsync(change, user, CredentialRevocation.Pending, stop);
                change.Record(
                    AuditActions.PasswordChangeRequired,
                    user.AsTarget(),
                    new { resetLinksEnded = ended.ResetLinks, codesEnded = ended.Codes }
                );
                return null;
            }
        );

    /// <summary>Removes all second factors, passkeys and identity providers inside a change, and returns what was
    /// removed.</summary>
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

    /// <summary>Removes the password and ends all other access, before an identity provider becomes the way to sign in.
    /// Otherwise, the creator of an account that the provider's rules later give more roles could still sign in to
    /// it.</summary>
    internal async Task<RevokedCredentials> ReplaceAsync(ChangeContext change, AppUser user, CancellationToken ct)
    {
        var ended = await access.RevokeAsync(change, user, CredentialRevocation.Everything, ct);
        user.ReplacePassword(null, change.At);
        return ended;
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
