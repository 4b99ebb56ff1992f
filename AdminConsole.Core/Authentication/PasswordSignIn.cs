using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Identity.Passwords;
using AdminConsole.Core.Providers;
using AdminConsole.Core.Security;
using AdminConsole.Core.Sessions;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Authentication;

/// <summary>A session that has just started. <c>Key</c> identifies the session and <c>BrowserKey</c> the browser. Both
/// must be stored only in cookies.</summary>
public sealed record SignedIn(string Key, Guid SessionId, Guid UserId, DateTimeOffset ExpiresAt, bool Remember, string BrowserKey);

/// <summary>Signs in with a password, and a code if a second factor is set up. Unknown name, wrong password,
/// deactivated account and locked account get the same response in the same time: each request waits for a slot,
/// reserves a failed attempt, hashes once and writes one event.</summary>
public sealed class PasswordSignIn(
    AppDbContext db,
    PasswordHashing hashing,
    PreparedPasswords prepared,
    Lockout lockout,
    TwoFactorSignIn second
)
{
    internal static readonly Refusal TooManySignIns = Refusal.Busy("Too many sign-ins at once. Try again in a moment.");

    /// <summary>Starts a session. Refused as <c>invalid_credentials</c>, whatever the reason, or <c>busy</c>. If the
    /// password is right and a code is required, refused as <c>mfa_required</c> with the pending sign-in that
    /// <see cref="TwoFactorSignIn"/> completes.</summary>
    public async Task<Result<SignedIn>> SignInAsync(Actor caller, LoginRequest request, CancellationToken ct)
    {
        if (Validation.Check(request) is { } invalid)
        {
            return invalid;
        }

        var login = request.Login.Trim();
        using var lease = await lockout.EnterAsync(login, ct);
        if (lease is null)
        {
            return TooManySignIns;
        }

        var user = await FindAsync(login, ct);
        var reservation = await lockout.ReserveAsync(user, login, caller, ct);
        var verified = await hashing.MatchAsync(request.Password, user?.PasswordHash);
        if (verified.Refusal is { } busy)
        {
            await lockout.CancelAsync(reservation, ct);
            return busy;
        }

        var failure =
            user is null ? "unknown_user"
            : !reservation.IsGranted ? "locked_out"
            : verified.Value == PasswordMatch.No ? "wrong_password"
            : !user.Active ? "inactive"
            : null;
        if (failure is not null)
        {
            return await FailAsync<SignedIn>(caller, user?.Id, failure, reservation, ct);
        }

        if (await RequiredProviders.AppliesAsync(db, user!, ct))
        {
            return await RequireProviderAsync(caller, user!, reservation, ct);
        }

        if ((hashing.IsOutdated(user!.PasswordHash!) || verified.Value == PasswordMatch.AsTyped) && user.Active)
        {
            await RehashAsync(user, request.Password, ct);
        }

        if (!user.TwoFactorEnabled)
        {
            return await StartSessionAsync(caller, user, request.Remember, reservation, ct);
        }

        if (string.IsNullOrWhiteSpace(request.Code) && string.IsNullOrWhiteSpace(request.RecoveryCode))
        {
            await lockout.CancelAsync(reservation, ct);
            return new SecondFactorRequired(new PendingSignIn(user.Id, user.SecurityStamp!, request.Remember));
        }

        return await second.CompleteAsync(
            caller,
            user,
            new PendingSignIn(user.Id, user.SecurityStamp!, request.Remember),
            reservation,
            request.Code,
            request.RecoveryCode,
            ticket: null,
            ct
        );
    }

    /// <summary>Verifies the actor's password; a wrong one is counted and recorded. The caller must have called
    /// <see cref="Lockout.EnterAsync"/> and, on success, must release the reserved attempt.</summary>
    internal async Task<Result<(AppUser User, AttemptReservation Reservation)>> VerifyOwnAsync(
        Actor actor,
        string password,
        CancellationToken ct
    )
    {
        var user = await db.Users.AsNoTracking().SingleAsync(row => row.Id == actor.UserId, ct);
        var reservation = await lockout.ReserveAsync(user, user.SignInName, actor, ct);
        var verified = await hashing.VerifyAsync(password, user.PasswordHash);
        if (verified.Refusal is { } busy)
        {
            await lockout.CancelAsync(reservation, ct);
            return busy;
        }

        if (reservation.IsGranted && verified.Value)
        {
            prepared.SetVerified(password, user.PasswordHash);
            return (user, reservation);
        }

        return await FailAsync<(AppUser, AttemptReservation)>(
            actor,
            user.Id,
            reservation.IsGranted ? "wrong_password" : "locked_out",
            reservation,
            ct
        );
    }

    /// <summary>Starts the session of a user who has just been authenticated.</summary>
    internal static async Task<SignedIn> StartSessionAsync(
        AppDbContext db,
        ChangeContext change,
        AppUser user,
        string method,
        bool remember,
        CancellationToken ct,
        ProviderSession? provider = null
    )
    {
        var browser = await KnownBrowsers.RecordAsync(db, change, user, ct);
        var isFirst = user.LastSignInAt is null;
        var key = Secret.Create();
        var session = Session.Start(user.Id, key, method, remember, change.Actor, await db.SettingsAsync(ct), change.At, provider);
        db.Add(session);
        user.RecordSignIn(change.At);
        var by = change.Actor.WithUser(user.Id, user.SignInName) with { Via = AuthenticationMethod.Session, SessionId = session.Id };
        change.Record(
            AuditActions.SignedIn,
            user.AsTarget(),
            new
            {
                method,
                remember,
                newDevice = browser.IsNew,
            },
            by
        );
        if (browser.IsNew && !isFirst)
        {
            SignInAlerts.Raise(db, change, user);
        }

        return new SignedIn(key, session.Id, user.Id, session.ExpiresAt, remember, browser.Key);
    }

    private Task<AppUser?> FindAsync(string login, CancellationToken ct)
    {
        var name = AppUser.NormalizeLogin(login);
        return db.Users.AsNoTracking().WithLogin(name).FirstOrDefaultAsync(ct);
    }

    // The security stamp does not change, because the password is the same. If the hashing queue is full, the next
    // sign-in tries again.
    private async Task RehashAsync(AppUser user, string password, CancellationToken ct)
    {
        if (await hashing.HashAsync(password) is { Refusal: null, Value: var hash })
        {
            await db.WriteUnauditedAsync(
                UnauditedWrite.Rehash,
                () =>
                    db
                        .Users.Where(row => row.Id == user.Id && row.PasswordHash == user.PasswordHash)
                        .ExecuteUpdateAsync(set => set.SetProperty(row => row.PasswordHash, hash), ct),
                ct
            );
        }
    }

    private Task<Result<SignedIn>> StartSessionAsync(
        Actor caller,
        AppUser verified,
        bool remember,
        AttemptReservation reservation,
        CancellationToken ct
    ) =>
        db.ChangeAsync<SignedIn>(
            caller,
            null,
            async change =>
            {
                // The user may have been deactivated, or the password or second factor replaced, since the password was
                // verified.
                if (
                    await db
                        .Users.Where(row => row.Id == verified.Id && row.Active)
                        .Where(row => row.SecurityStamp == verified.SecurityStamp && !row.TwoFactorEnabled)
                        .SingleOrDefaultAsync(ct)
                    is not { } user
                )
                {
                    return Refusals.InvalidCredentials;
                }

                await lockout.ReleaseAsync(reservation, ct);
                return await StartSessionAsync(db, change, user, SignInMethods.Password, remember, ct);
            },
            ct
        );

    // The password was right, so this is not a failed attempt.
    private Task<Result<SignedIn>> RequireProviderAsync(Actor caller, AppUser user, AttemptReservation reservation, CancellationToken ct) =>
        db.ChangeAsync<SignedIn>(
            caller,
            null,
            async change =>
            {
                await lockout.ReleaseAsync(reservation, ct);
                change.Record(AuditActions.SignInFailed, user.AsTarget(), new { reason = RequiredProviders.Required.Code });
                return RequiredProviders.Required.Recorded();
            },
            ct
        );

    private Task<Result<T>> FailAsync<T>(Actor caller, Guid? userId, string reason, AttemptReservation reservation, CancellationToken ct) =>
        db.ChangeAsync<T>(
            caller,
            null,
            async change =>
            {
                await lockout.RecordAsync(
                    change,
                    await db.Users.SingleOrDefaultAsync(row => row.Id == userId, ct),
                    reason,
                    reservation,
                    ct
                );
                return Refusals.InvalidCredentials.Recorded();
            },
            ct
        );
}
