using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Authentication;

/// <summary>
/// A sign-in whose first factor was right, a password or an identity provider, for the page that asks for the code: no
/// password has to stay
/// in it.
/// </summary>
/// <param name="UserId">Who signs in.</param>
/// <param name="Stamp">The security stamp at that moment; a new password or factor makes it another.</param>
/// <param name="Remember">What was chosen beside the password.</param>
/// <param name="Method">What was proved before the code.</param>
public sealed record PendingSignIn(Guid UserId, string Stamp, bool Remember, string Method = PasswordSignIn.Method)
{
    /// <summary>How long the page may wait for the code.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
}

/// <summary>Completes a sign-in with a code of the authenticator, or a recovery code. Wrong ones count as any failed
/// sign-in.</summary>
public sealed class TwoFactorSignIn(AppDbContext db, Lockout lockout, AppUserManager users)
{
    internal static readonly Refusal MfaRequired = Refusal.Unauthenticated(
        "mfa_required",
        "Enter your authentication code or a recovery code."
    );

    internal static readonly Refusal WrongCode = Refusal.Unauthenticated(
        "invalid_credentials",
        "Incorrect or already used code, or the account can't sign in."
    );

    private static readonly Refusal Expired = Refusal.Unauthenticated("invalid_credentials", "Your sign-in timed out. Try again.");

    /// <summary>Starts the session of a user who proved the first factor. Refused as <c>invalid_credentials </c>, or
    /// <c>busy </c>. </summary>
    public async Task<Result<SignedIn>> SignInAsync(
        Actor caller,
        PendingSignIn pending,
        SingleUseToken ticket,
        string? code,
        string? recoveryCode,
        CancellationToken ct
    )
    {
        if (
            await db.Users.AsNoTracking().SingleOrDefaultAsync(row => row.Id == pending.UserId && row.SecurityStamp == pending.Stamp, ct)
            is not { } user
        )
        {
            return Expired;
        }

        using var turn = await lockout.EnterAsync(user.SignInName, ct);
        if (turn is null)
        {
            return PasswordSignIn.TooManySignIns;
        }

        var reservation = await lockout.ReserveAsync(user, user.SignInName, caller, ct);
        return await CompleteAsync(caller, user, pending.Method, pending.Remember, reservation, code, recoveryCode, ticket, ct);
    }

    /// <summary>The rest of a sign-in whose first factor was right a moment ago.</summary>
    internal async Task<Result<SignedIn>> CompleteAsync(
        Actor caller,
        AppUser user,
        string method,
        bool remember,
        AttemptReservation reservation,
        string? code,
        string? recoveryCode,
        SingleUseToken? ticket,
        CancellationToken ct
    )
    {
        var fits = reservation.IsGranted && await users.FitsAsync(user, code, recoveryCode);
        return await db.ChangeAsync<SignedIn>(
            caller,
            null,
            async change =>
            {
                // The user may have been deactivated, or have a new password or another factor, since the password was
                // checked.
                if (
                    await db.Users.SingleOrDefaultAsync(
                        row => row.Id == user.Id && row.SecurityStamp == user.SecurityStamp && row.TwoFactorEnabled,
                        ct
                    )
                    is not { } present
                )
                {
                    return Expired;
                }

                if (ticket is not null && !await ticket.SpendAsync(db, change, ct))
                {
                    return Expired;
                }

                var failure =
                    !reservation.IsGranted ? "locked_out"
                    : !present.Active ? "inactive"
                    : !fits || !await users.UseUpAsync(change, present, code, recoveryCode) ? "wrong_code"
                    : null;
                if (failure is null)
                {
                    await lockout.GiveBackAsync(reservation, ct);
                    return await PasswordSignIn.BeginAsync(db, change, present, $"{method}+{SecondFactors.NameOf(code)}", remember, ct);
                }

                // A mistyped code must not cost the password too.
                db.ChangeTracker.Entries<ConsumedToken>().ToList().ForEach(entry => entry.State = EntityState.Detached);
                await lockout.RecordAsync(change, present, failure, reservation, ct);
                return WrongCode.Recorded();
            },
            ct
        );
    }
}
