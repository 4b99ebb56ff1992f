using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Authentication;

/// <summary>Runs an operation on the actor's own account that requires a code, and consumes the code in the same
/// change. A wrong code counts as a failed sign-in.</summary>
public sealed class TwoFactorChallenge(AppDbContext db, Lockout lockout, AppUserManager users)
{
    /// <summary>Verifies a code and runs the operation. Refused as <c>mfa_required</c> without a code,
    /// <c>invalid_credentials</c> for a wrong one, or <c>busy</c>.</summary>
    internal async Task<Result<T>> RunAsync<T>(
        Actor actor,
        string? code,
        string? recoveryCode,
        Func<ChangeContext, AppUser, Task<Result<T>>> operation,
        CancellationToken ct
    )
    {
        if (string.IsNullOrWhiteSpace(code) && string.IsNullOrWhiteSpace(recoveryCode))
        {
            return TwoFactorSignIn.MfaRequired;
        }

        using var lease = await lockout.EnterAsync(actor.Name, ct);
        if (lease is null)
        {
            return PasswordSignIn.TooManySignIns;
        }

        var user = await db.Users.AsNoTracking().SingleAsync(row => row.Id == actor.UserId, ct);
        return await RunReservedAsync(
            actor,
            user,
            await lockout.ReserveAsync(user, user.SignInName, actor, ct),
            code,
            recoveryCode,
            operation,
            ct
        );
    }

    /// <summary>Verifies a code for an attempt that is already reserved, and runs the operation.</summary>
    internal async Task<Result<T>> RunReservedAsync<T>(
        Actor actor,
        AppUser user,
        AttemptReservation reservation,
        string? code,
        string? recoveryCode,
        Func<ChangeContext, AppUser, Task<Result<T>>> operation,
        CancellationToken ct
    )
    {
        var isPlausible = reservation.IsGranted && await users.VerifyFormatAsync(user, code, recoveryCode);
        return await db.ChangeAsync<T>(
            actor,
            null,
            async change =>
            {
                var current = await db.Users.SingleAsync(row => row.Id == actor.UserId, ct);
                if (!isPlausible || !await users.ConsumeAsync(change, current, code, recoveryCode))
                {
                    await lockout.RecordAsync(change, current, reservation.IsGranted ? "wrong_code" : "locked_out", reservation, ct);
                    return TwoFactorSignIn.WrongCode.Recorded();
                }

                await lockout.ReleaseAsync(reservation, ct);
                return await operation(change, current);
            },
            ct
        );
    }
}
