using AdminConsole.Core.Authentication;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Email;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Account;

/// <summary>Changes the actor's own password, given the current one.</summary>
public sealed class OwnPassword(AppDbContext db, PasswordSignIn signIn, AppUserManager users, UserCredentialRevoker access, Lockout lockout)
{
    /// <summary>Sets the new password and ends every session except the current one.</summary>
    public async Task<Result<Unit>> ChangeAsync(Actor actor, ChangePasswordRequest request, CancellationToken ct)
    {
        if (actor.UserId is null)
        {
            return Refusals.Unauthenticated;
        }

        if (actor.RequireForOwnCredentials(actor.UserId.Value) is { } beyond)
        {
            return beyond;
        }

        if (Validation.Check(request) is { } invalid)
        {
            return invalid;
        }

        // Check the new password first, so that a refused one does not count as a failed attempt.
        var names = await db.Users.AsNoTracking().SingleAsync(row => row.Id == actor.UserId, ct);
        if (UnicodeText.Compose(request.NewPassword) == UnicodeText.Compose(request.CurrentPassword))
        {
            return Refusal.InvalidField("newPassword", "Choose a password that differs from your current one.");
        }

        if (await users.PrepareAsync(names, request.NewPassword, "newPassword") is { } weak)
        {
            return weak;
        }

        using var lease = await lockout.EnterAsync(names.SignInName, ct);
        if (lease is null)
        {
            return PasswordSignIn.TooManySignIns;
        }

        var verified = await signIn.VerifyOwnAsync(actor, request.CurrentPassword, ct);
        if (verified.Refusal is { } refused)
        {
            return refused;
        }

        var result = await db.ChangeAsync<Unit>(
            actor,
            null,
            async change =>
            {
                var user = await db.Users.SingleAsync(row => row.Id == actor.UserId, ct);
                await lockout.ReleaseAsync(verified.Value.Reservation, ct);
                var changed = await users.ChangePasswordAsync(user, request.CurrentPassword, request.NewPassword);
                if (changed.ToRefusal("newPassword") is { } impossible)
                {
                    return impossible;
                }

                change.Record(
                    AuditActions.PasswordChanged,
                    user.AsTarget(),
                    new { BreachCheck = users.BreachCheckOf(request.NewPassword) }
                );
                change.Mail(
                    user,
                    EmailTemplates.PasswordChanged(
                        user,
                        change,
                        "Your password was changed by someone signed in as you who knew the current one. Your other sessions and "
                            + "devices were ended."
                    )
                );
                await access.RevokeAsync(change, user, CredentialRevocation.EachSession("password changed", actor.CredentialId), ct);
                return default(Unit);
            },
            ct
        );
        if (result.Refusal is not null)
        {
            // The password was right, so the attempt doesn't count.
            await lockout.CancelAsync(verified.Value.Reservation, ct);
        }

        return result;
    }
}
