using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Providers;
using AdminConsole.Core.Security;
using AdminConsole.Core.Sessions;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Authentication;

/// <summary>A sign-in that passed its first factor, a password or an identity provider, and awaits the second. The page
/// that asks for the code does not need to store the password.</summary>
/// <param name="UserId">The user who is signing in.</param>
/// <param name="Stamp">The security stamp when the first factor was verified. A new password or factor changes it,
/// which invalidates this sign-in.</param>
/// <param name="Remember">True if the user chose to stay signed in.</param>
/// <param name="Method">The first factor that was verified.</param>
/// <param name="Provider">The session at the identity provider, if one was the first factor.</param>
public sealed record PendingSignIn(
    Guid UserId,
    string Stamp,
    bool Remember,
    string Method = SignInMethods.Password,
    ProviderSession? Provider = null
)
{
    /// <summary>The time allowed to enter the code.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
}

/// <summary>The refusal <c>mfa_required</c> of a sign-in whose first factor was right. Pages continue with
/// <see cref="Pending"/>, which never appears in a response.</summary>
public sealed record SecondFactorRequired : Refusal
{
    internal SecondFactorRequired(PendingSignIn pending)
        : base(TwoFactorSignIn.MfaRequired) => Pending = pending;

    public PendingSignIn Pending { get; }
}

/// <summary>Completes a sign-in with an authenticator code or a recovery code. A wrong code counts as a failed
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

    /// <summary>Starts the session of a user who passed the first factor. Refused as <c>invalid_credentials</c> or
    /// <c>busy</c>.</summary>
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

        using var lease = await lockout.EnterAsync(user.SignInName, ct);
        if (lease is null)
        {
            return PasswordSignIn.TooManySignIns;
        }

        var reservation = await lockout.ReserveAsync(user, user.SignInName, caller, ct);
        return await CompleteAsync(caller, user, pending, reservation, code, recoveryCode, ticket, ct);
    }

    // The provider or the link may have been removed since.
    private Task<bool> IsLinkedAsync(AppUser user, Guid providerId, CancellationToken ct)
    {
        var login = IdentityProvider.LoginProviderOf(providerId);
        return db.UserLogins.AnyAsync(row => row.UserId == user.Id && row.LoginProvider == login, ct);
    }

    /// <summary>Verifies the second factor and starts the session. The caller must have just verified the first
    /// factor.</summary>
    internal async Task<Result<SignedIn>> CompleteAsync(
        Actor caller,
        AppUser user,
        PendingSignIn pending,
        AttemptReservation reservation,
        string? code,
        string? recoveryCode,
        SingleUseToken? ticket,
        CancellationToken ct
    )
    {
        var isPlausible = reservation.IsGranted && await users.VerifyFormatAsync(user, code, recoveryCode);
        return await db.ChangeAsync<SignedIn>(
            caller,
            null,
            async change =>
            {
                // The user may have been deactivated, or the password or factor replaced, since the first factor was
                // verified.
                if (
                    await db.Users.SingleOrDefaultAsync(
                        row => row.Id == user.Id && row.SecurityStamp == user.SecurityStamp && row.TwoFactorEnabled,
                        ct
                    )
                    is not { } current
                )
                {
                    return Expired;
                }

                if (pending.Provider is { } session && !await IsLinkedAsync(current, session.ProviderId, ct))
                {
                    return Expired;
                }

                if (pending.Method == SignInMethods.Password && await RequiredProviders.AppliesAsync(db, current, ct))
                {
                    return RequiredProviders.Required;
                }

                if (ticket is not null && !await ticket.ConsumeAsync(db, change, ct))
                {
                    return Expired;
                }

                var failure =
                    !reservation.IsGranted ? "locked_out"
                    : !current.Active ? "inactive"
                    : !isPlausible || !await users.ConsumeAsync(change, current, code, recoveryCode) ? "wrong_code"
                    : null;
                if (failure is null)
                {
                    await lockout.ReleaseAsync(reservation, ct);
                    return await PasswordSignIn.StartSessionAsync(
                        db,
                        change,
                        current,
                        $"{pending.Method}+{SecondFactors.NameOf(code)}",
                        pending.Remember,
                        ct,
                        pending.Provider
                    );
                }

                // Detach the consumed token: after a wrong code, the user must not have to enter the password again.
                db.ChangeTracker.Entries<ConsumedToken>().ToList().ForEach(entry => entry.State = EntityState.Detached);
                await lockout.RecordAsync(change, current, failure, reservation, ct);
                return WrongCode.Recorded();
            },
            ct
        );
    }
}
