using AdminConsole.Core.Audit;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Passwords;
using AdminConsole.Core.Security;
using AdminConsole.Core.Sessions;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.SignIn;

/// <summary>A session that has begun. The keys go into cookies and nowhere else: the session's, and the one that the browser is known by.</summary>
public sealed record SignedIn(string Key, Guid SessionId, Guid UserId, DateTimeOffset ExpiresAt, bool Remember, string BrowserKey);

/// <summary>
/// Signs in with a password. Unknown name, wrong password, deactivated and locked account answer the same and take as long: each
/// waits its turn, reserves a failure, hashes once, and leaves one event.
/// </summary>
public sealed class PasswordSignIn(AppDbContext db, PasswordHashing hashing, Lockout lockout, TimeProvider clock)
{
    public const string Method = "password";

    private static readonly Refusal InvalidCredentials =
        Refusal.Unauthenticated("invalid_credentials", "Name or password is wrong, or the account cannot sign in.");

    private static readonly Refusal Crowded = Refusal.Busy("Too many sign-ins at once. Try again in a moment.");

    /// <summary>Starts a session. Refused as <c>invalid_credentials</c>, whatever the reason, or <c>busy</c>.</summary>
    public async Task<Result<SignedIn>> SignInAsync(Actor caller, LoginRequest request, CancellationToken ct)
    {
        if (Validation.Check(request) is { } invalid)
        {
            return invalid;
        }

        var login = request.Login.Trim();
        using var turn = await lockout.TakeTurnAsync(login, ct);
        if (turn is null)
        {
            return Crowded;
        }

        var user = await FindAsync(login, ct);
        var now = clock.Now();
        // While locked, further tries must not keep the account locked for longer.
        var reserved = await lockout.ReserveAsync(user?.LockoutEnd > now ? null : user, login, ct);
        var verified = await hashing.VerifyAsync(request.Password, user?.PasswordHash);
        if (verified.Refusal is { } busy)
        {
            return busy;
        }

        var failure = user is null ? "unknown_user"
            : user.LockoutEnd > now || !reserved ? "locked_out"
            : !verified.Value ? "wrong_password"
            : !user.Active ? "inactive"
            : null;
        return failure is null
            ? await StartSessionAsync(caller, user!.Id, user.PasswordHash!, request.Remember, ct)
            : await RecordFailureAsync(caller, user?.Id, failure, ct);
    }

    /// <summary>Proves again who the actor is; sensitive acts are then allowed for 15 minutes, or as the settings say. Failures count as those of a sign-in.</summary>
    public async Task<Result<Done>> ReauthenticateAsync(Actor actor, ReauthenticateRequest request, CancellationToken ct)
    {
        if (actor.RefusedUnlessInteractive() is { } refusal)
        {
            return refusal;
        }

        return await VerifyOwnAsync(actor, request.Password, ct) is { } refused ? refused : await db.ChangeAsync<Done>(actor, null, async change =>
        {
            var user = await db.Users.SingleAsync(row => row.Id == actor.UserId, ct);
            await lockout.GiveBackAsync(user, ct);
            await db.Sessions.Where(session => session.Id == actor.SessionId)
                .ExecuteUpdateAsync(set => set.SetProperty(session => session.AuthenticatedAt, change.At), ct);
            change.Record(AuditActions.SignedIn, user.AsTarget(), new { method = Method, reauthenticated = true });
            return default(Done);
        }, ct);
    }

    /// <summary>Null when the password is the actor's own; a wrong one counts and is recorded.</summary>
    internal async Task<Refusal?> VerifyOwnAsync(Actor actor, string password, CancellationToken ct)
    {
        var user = await db.Users.AsNoTracking().SingleAsync(row => row.Id == actor.UserId, ct);
        using var turn = await lockout.TakeTurnAsync(user.Email!, ct);
        if (turn is null)
        {
            return Crowded;
        }

        var reserved = await lockout.ReserveAsync(user, user.Email!, ct);
        var verified = await hashing.VerifyAsync(password, user.PasswordHash);
        return verified.Refusal
            ?? (user.LockoutEnd > clock.Now() || !reserved ? (await RecordFailureAsync(actor, user.Id, "locked_out", ct)).Refusal
            : !verified.Value ? (await RecordFailureAsync(actor, user.Id, "wrong_password", ct)).Refusal
            : null);
    }

    /// <summary>Begins the session of a user who has just proved who they are.</summary>
    internal static async Task<SignedIn> BeginAsync(AppDbContext db, Change change, AppUser user, string method, bool remember, CancellationToken ct)
    {
        var browser = await KnownBrowsers.NoteAsync(db, change, user, ct);
        var isFirst = user.LastSignInAt is null;
        var key = Secret.Create();
        var session = Session.Start(user.Id, key, method, remember, change.Actor, await db.SettingsAsync(ct), change.At);
        db.Add(session);
        user.SignedIn(change.At);
        var by = change.Actor.As(user.Id, user.Email!) with { Via = Via.Session, SessionId = session.Id };
        change.Record(AuditActions.SignedIn, user.AsTarget(), new { method, remember, newDevice = browser.IsNew }, by);
        if (browser.IsNew && !isFirst)
        {
            SignInAlerts.Raise(db, change, user);
        }

        return new SignedIn(key, session.Id, user.Id, session.ExpiresAt, remember, browser.Key);
    }

    private Task<AppUser?> FindAsync(string login, CancellationToken ct)
    {
        var name = AppUser.Normalize(login);
        return db.Users.AsNoTracking().FirstOrDefaultAsync(user => user.NormalizedEmail == name || user.NormalizedUserName == name, ct);
    }

    private Task<Result<SignedIn>> StartSessionAsync(Actor caller, Guid userId, string verifiedHash, bool remember, CancellationToken ct) =>
        db.ChangeAsync<SignedIn>(caller, null, async change =>
        {
            // The user may have been deactivated, or have a new password, since the old one was checked.
            if (await db.Users.SingleOrDefaultAsync(row => row.Id == userId && row.Active && row.PasswordHash == verifiedHash, ct) is not { } user)
            {
                return InvalidCredentials;
            }

            await lockout.GiveBackAsync(user, ct);
            return await BeginAsync(db, change, user, Method, remember, ct);
        }, ct);

    private Task<Result<SignedIn>> RecordFailureAsync(Actor caller, Guid? userId, string reason, CancellationToken ct) =>
        db.ChangeAsync<SignedIn>(caller, null, async change =>
        {
            // A name that matches no account is not written down: people type passwords there.
            var user = await db.Users.SingleOrDefaultAsync(row => row.Id == userId, ct);
            change.Record(AuditActions.SignInFailed, user?.AsTarget(), new { reason });
            if (user is not null && reason is "wrong_password" or "inactive" && await lockout.IsUsedUpAsync(user!, ct))
            {
                user!.LockOut(change.At.AddMinutes((await db.SettingsAsync(ct)).LockoutMinutes));
                change.Record(AuditActions.LockedOut, user.AsTarget(), new { until = user.LockoutEnd });
            }

            return InvalidCredentials.Recorded();
        }, ct);
}
