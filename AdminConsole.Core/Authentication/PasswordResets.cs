using AdminConsole.Core.Audit;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Email;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Authentication;

/// <summary>What a reset link is made of.</summary>
/// <param name="Name">The email that it was made for, or the username of an account without one.</param>
/// <param name="Secret">Proves who opens the link.</param>
/// <param name="HasEmail">False where the account has no email, so that nothing was mailed and the link has to be
/// handed over.</param>
public sealed record IssuedReset(string Name, string Secret, bool HasEmail);

/// <summary>
/// Single-use links to set a new password, valid for an hour, and only with the name that they were made for: the
/// email, or the username
/// of an account without one.
/// </summary>
public sealed class PasswordResets(AppDbContext db, UserChanges changes, UserCredentialRevoker access, AppUserManager users)
{
    /// <summary>
    /// The secret of a new link, which is also mailed to the user, if the account has an email; older links stop
    /// working. Refused as
    /// <c>above_you</c>, <c>fresh_sign_in_required</c>.
    /// </summary>
    public async Task<Result<IssuedReset>> IssueAsync(Actor actor, Guid userId, CancellationToken ct)
    {
        IssuedReset? issued = null;
        var result = await changes.DoAsync(
            actor,
            userId,
            UserCredentials.Credential(
                async (change, user, stop) =>
                {
                    var secret = await IssueAsync(change, user, stop);
                    change.Mail(user, EmailTemplates.PasswordReset(user, secret, await EndAsync(change, stop), actor.Name));
                    issued = new IssuedReset(user.SignInName, secret, user.Email is not null);
                    return null;
                }
            ),
            ct
        );
        return result.Then(_ => issued!);
    }

    /// <summary>Sets the password and ends all sessions; a deactivated user stays so. Unknown name, wrong, spent and
    /// expired secrets are all <c>invalid_token </c>. </summary>
    public async Task<Result<Unit>> RedeemAsync(Actor caller, ResetPasswordRequest request, CancellationToken ct)
    {
        if (Validation.Check(request) is { } invalid)
        {
            return invalid;
        }

        var name = AppUser.NormalizeLogin(request.Email.Trim());
        var known = await db.Users.AsNoTracking().WithSignInName(name).SingleOrDefaultAsync(ct);
        // Asked for a name without an account too, so that the time doesn't tell.
        var isOpen = await users.VerifyUserTokenAsync(
            known ?? ForgottenPassword.UnknownUser,
            SingleUseTokens.Provider,
            SingleUseTokens.Reset,
            request.Token
        );
        if (known is null || !isOpen)
        {
            return IdentityRefusals.InvalidLink;
        }

        if (await users.PrepareAsync(known, request.NewPassword, "newPassword") is { } weak)
        {
            return weak;
        }

        return await db.ChangeAsync<Unit>(
            caller,
            null,
            async change =>
            {
                if (await db.Users.WithSignInName(name).SingleOrDefaultAsync(row => row.Id == known.Id, ct) is not { } user)
                {
                    return IdentityRefusals.InvalidLink;
                }

                if ((await users.ResetPasswordAsync(user, request.Token, request.NewPassword)).ToRefusal("newPassword") is { } refused)
                {
                    return refused;
                }

                await users.UnlockAsync(user);
                change.Record(
                    AuditActions.PasswordReset,
                    user.AsTarget(),
                    new { BreachCheck = users.BreachCheckOf(request.NewPassword) },
                    by: caller.As(user.Id, user.SignInName)
                );
                // Other open links too: someone who can read the mailbox may have asked for several.
                await access.EndAsync(change, user, CredentialRevocation.EachSession("password reset"), ct);
                change.Mail(
                    user,
                    EmailTemplates.PasswordChanged(
                        user,
                        change,
                        "Your password was set with a link sent to this email. All your sessions were ended."
                    )
                );
                return default(Unit);
            },
            ct
        );
    }

    /// <summary>A new link inside a change.</summary>
    internal async Task<string> IssueAsync(ChangeContext change, AppUser user, CancellationToken ct)
    {
        await access.EndAsync(change, user, CredentialRevocation.Links, ct);
        var secret = await users.GeneratePasswordResetTokenAsync(user);
        change.Record(AuditActions.PasswordResetRequested, user.AsTarget());
        return secret;
    }

    private async Task<DateTimeOffset> EndAsync(ChangeContext change, CancellationToken ct) =>
        SingleUseLink.EndOf(change.At, await db.SettingsAsync(ct));
}
