using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Authentication;

/// <summary>An act of a person on their own account that takes a code, in the same change as the act. Wrong ones count
/// as failed sign-ins.</summary>
public sealed class TwoFactorChallenge(AppDbContext db, Lockout lockout, AppUserManager users)
{
    /// <summary>Refused as <c>mfa_required</c> without a code, <c>invalid_credentials</c> with a wrong one.</summary>
    internal async Task<Result<T>> WithAsync<T>(
        Actor actor,
        string? code,
        string? recoveryCode,
        Func<ChangeContext, AppUser, Task<Result<T>>> act,
        CancellationToken ct
    )
    {
        if (string.IsNullOrWhiteSpace(code) && string.IsNullOrWhiteSpace(recoveryCode))
        {
            return TwoFactorSignIn.MfaRequired;
        }

        using var turn = await lockout.EnterAsync(actor.Name, ct);
        if (turn is null)
        {
            return PasswordSignIn.TooManySignIns;
        }

        var user = await db.Users.AsNoTracking().SingleAsync(row => row.Id == actor.UserId, ct);
        return await SpendAsync(actor, user, await lockout.ReserveAsync(user, user.SignInName, actor, ct), code, recoveryCode, act, ct);
    }

    /// <summary>The same where the failure is reserved already.</summary>
    internal async Task<Result<T>> SpendAsync<T>(
        Actor actor,
        AppUser user,
        AttemptReservation reservation,
        string? code,
        string? recoveryCode,
        Func<ChangeContext, AppUser, Task<Result<T>>> act,
        CancellationToken ct
    )
    {
        var fits = reservation.IsGranted && await users.FitsAsync(user, code, recoveryCode);
        return await db.ChangeAsync<T>(
            actor,
            null,
            async change =>
            {
                var present = await db.Users.SingleAsync(row => row.Id == actor.UserId, ct);
                if (!fits || !await users.UseUpAsync(change, present, code, recoveryCode))
                {
                    await lockout.RecordAsync(change, present, reservation.IsGranted ? "wrong_code" : "locked_out", reservation, ct);
                    return TwoFactorSignIn.WrongCode.Recorded();
                }

                await lockout.GiveBackAsync(reservation, ct);
                return await act(change, present);
            },
            ct
        );
    }
}
