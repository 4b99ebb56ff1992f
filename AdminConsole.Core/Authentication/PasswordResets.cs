using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Email;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Authentication;

/// <summary>A newly issued link to set a password.</summary>
/// <param name="Name">The email that the link was issued for, or the username of an account without one.</param>
/// <param name="Secret">The secret that authorizes the user who opens the link.</param>
/// <param name="HasEmail">False if the account has no email. No message was sent then, and the link must be delivered
/// in another way.</param>
public sealed record IssuedReset(string Name, string Secret, bool HasEmail);

/// <summary>Issues and redeems single-use links that set a new password. A link is valid for an hour by default, and
/// only with the name it was issued for: the email, or the username of an account without one.</summary>
public sealed class PasswordResets(AppDbContext db, UserOperationRunner runner, UserCredentialRevoker access, AppUserManager users)
{
    /// <summary>Issues a reset link and revokes earlier ones. The link is also emailed to the user if the account has
    /// an email. Refused as <c>above_you</c> or <c>fresh_sign_in_required</c>.</summary>
    public async Task<Result<IssuedReset>> IssueAsync(Actor actor, Guid userId, CancellationToken ct)
    {
        IssuedReset? issued = null;
        var result = await runner.RunWithoutResultAsync(
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

    /// <summary>Sets the password, lifts a lockout and ends all sessions. A deactivated user stays deactivated. Unknown
    /// names and wrong, used or expired secrets are all refused as <c>invalid_token</c>.</summary>
    public async Task<Result<Unit>> RedeemAsync(Actor caller, ResetPasswordRequest request, CancellationToken ct)
    {
        if (Validation.Check(request) is { } invalid)
        {
            return invalid;
        }

        var name = AppUser.NormalizeLogin(request.Email.Trim());
        var known = await db.Users.AsNoTracking().WithSignInName(name).SingleOrDefaultAsync(ct);
        // Also runs for an unknown name, so that the response time does not reveal whether the account exists.
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
                    by: caller.WithUser(user.Id, user.SignInName)
                );
                // Also revokes other open links: an attacker who can read the mailbox may have requested several.
                await access.RevokeAsync(change, user, CredentialRevocation.EachSession("password reset"), ct);
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

    /// <summary>Issues a reset link inside a change and returns its secret. Revokes earlier links.</summary>
    internal async Task<string> IssueAsync(ChangeContext change, AppUser user, CancellationToken ct)
    {
        await access.RevokeAsync(change, user, CredentialRevocation.Links, ct);
        var secret = await users.GeneratePasswordResetTokenAsync(user);
        change.Record(AuditActions.PasswordResetRequested, user.AsTarget());
        return secret;
    }

    private async Task<DateTimeOffset> EndAsync(ChangeContext change, CancellationToken ct) =>
        SingleUseLink.ExpiryOf(change.At, await db.SettingsAsync(ct));
}
