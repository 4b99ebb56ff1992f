using System.Security.Cryptography;
using System.Text;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Identity;

/// <summary>Locks an account for 15 minutes after ten failures within 15 minutes, across all factors. These are the
/// defaults of the settings. A failure is reserved before any credential is checked, because a burst of guesses would
/// otherwise exceed the limit; success removes it. A browser that signed in to the account before has a separate
/// bucket, and the lock does not apply to it. Names that match no account share decoy buckets, so that both cases take
/// the same time.</summary>
public sealed class Lockout(AppDbContext db, SignInConcurrencyLimiter limiter, TimeProvider clock)
{
    /// <summary>Waits for one of the few concurrent sign-ins allowed per name. This keeps simultaneous legitimate
    /// sign-ins from reaching the limit. Returns null if none becomes free in time.</summary>
    public Task<IDisposable?> EnterAsync(string login, CancellationToken ct) => limiter.EnterAsync(AppUser.NormalizeLogin(login), ct);

    /// <summary>Counts a failure in advance, unless the limit is reached.</summary>
    public async Task<AttemptReservation> ReserveAsync(AppUser? user, string login, Actor caller, CancellationToken ct)
    {
        var now = clock.Now();
        var hash = caller.BrowserKey is { } key ? Secret.Hash(key) : null;
        var owner = user?.Id ?? Guid.Empty;
        var isKnown =
            hash is not null && await db.KnownBrowsers.AnyAsync(browser => browser.KeyHash == hash && browser.UserId == owner, ct);
        // While the account is locked, further attempts must not extend the lock.
        var isLocked = user?.LockoutEnd > now && !isKnown;
        var id =
            user is null || isLocked ? Decoy(login)
            : isKnown ? Mix([.. owner.ToByteArray(), .. hash!])
            : owner;
        var failure = await ReserveAsync(id, user is null || isLocked ? null : owner, now, ct);
        return new AttemptReservation(id, failure?.Id ?? Guid.Empty, failure is not null && !isLocked, isKnown, failure?.IsLast == true);
    }

    /// <summary>Deletes the reserved failure, inside the change that signs in.</summary>
    internal Task<int> ReleaseAsync(AttemptReservation reservation, CancellationToken ct) =>
        db.FailedSignInAttempts.Where(failure => failure.Id == reservation.FailureId).ExecuteDeleteAsync(ct);

    /// <summary>Deletes the reserved failure outside a change: only the first factor was verified, or nothing was
    /// checked.</summary>
    internal Task<int> CancelAsync(AttemptReservation reservation, CancellationToken ct) =>
        db.WriteUnauditedAsync(UnauditedWrite.SignInBudget, () => ReleaseAsync(reservation, ct), ct);

    /// <summary>Records a failure, inside a change, and locks the account if it reached the limit.</summary>
    internal async Task RecordAsync(
        ChangeContext change,
        AppUser? user,
        string reason,
        AttemptReservation reservation,
        CancellationToken ct
    )
    {
        // Do not record a name that matches no account: users enter passwords in that field by mistake.
        change.Record(AuditActions.SignInFailed, user?.AsTarget(), new { reason });
        var settings = await db.SettingsAsync(ct);
        if (user is null || !reservation.IsGranted)
        {
            return;
        }

        if (await FailuresAsync(db, reservation.BudgetId, ct) < settings.LockoutFailures)
        {
            return;
        }

        if (reservation.IsKnownBrowser)
        {
            if (reservation.IsLast)
            {
                change.Record(AuditActions.LockedOut, user.AsTarget(), new { knownBrowser = true });
            }

            return;
        }

        await LockAsync(db, change, user, settings, ct);
    }

    /// <summary>Locks the account if its limit is reached and it is not locked yet, inside a change. In a burst, only
    /// one failure locks the account and records it.</summary>
    internal static async Task LockAsync(AppDbContext db, ChangeContext change, AppUser user, SystemSettings settings, CancellationToken ct)
    {
        // An unlock or a reset may have deleted the failures since they were counted. Each of them also locks the
        // user's row first.
        await db.Users.Where(row => row.Id == user.Id).LockAsync(ct);
        if (await FailuresAsync(db, user.Id, ct) < settings.LockoutFailures)
        {
            return;
        }

        var until = change.At.AddMinutes(settings.LockoutMinutes);
        var locked = await db
            .Users.Where(row => row.Id == user.Id && (row.LockoutEnd == null || row.LockoutEnd <= change.At))
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.LockoutEnd, until), ct);
        if (locked == 1)
        {
            change.Record(AuditActions.LockedOut, user.AsTarget(), new { until });
            // Keep the tracked entity consistent with the row.
            var end = db.Entry(user).Property(row => row.LockoutEnd);
            (end.CurrentValue, end.OriginalValue) = (until, until);
        }
    }

    private static Task<int> FailuresAsync(AppDbContext db, Guid budgetId, CancellationToken ct) =>
        db.FailedSignInAttempts.CountAsync(failure => failure.BudgetId == budgetId, ct);

    /// <summary>Deletes every failure of an account, inside a change.</summary>
    internal static async Task ResetAsync(AppDbContext db, Guid userId, CancellationToken ct)
    {
        var budgets = db.FailedAttemptBuckets.Where(budget => budget.UserId == userId);
        await db.FailedSignInAttempts.Where(failure => budgets.Any(budget => budget.Id == failure.BudgetId)).ExecuteDeleteAsync(ct);
    }

    /// <summary>Counts a failure that was not reserved, inside a change.</summary>
    internal static async Task CountAsync(AppDbContext db, Guid userId, DateTimeOffset at, CancellationToken ct)
    {
        var touched = await db
            .FailedAttemptBuckets.Where(budget => budget.Id == userId)
            .ExecuteUpdateAsync(set => set.SetProperty(budget => budget.TouchedAt, at).SetProperty(budget => budget.UserId, userId), ct);
        if (touched == 0)
        {
            db.Add(
                new FailedAttemptBucket
                {
                    Id = userId,
                    UserId = userId,
                    TouchedAt = at,
                }
            );
        }

        db.Add(
            new FailedSignInAttempt
            {
                Id = Guid.CreateVersion7(at),
                BudgetId = userId,
                At = at,
            }
        );
        await db.SaveChangesAsync(ct);
    }

    private async Task<(Guid Id, bool IsLast)?> ReserveAsync(Guid id, Guid? owner, DateTimeOffset now, CancellationToken ct)
    {
        var settings = await db.SettingsAsync(ct);
        // A failure recorded by a clock that was ahead would never leave the window.
        var (windowStart, farAhead) = (now.AddMinutes(-settings.LockoutWindowMinutes), now.AddMinutes(settings.LockoutWindowMinutes));
        while (true)
        {
            try
            {
                return await db.WriteUnauditedAsync<(Guid, bool)?>(
                    UnauditedWrite.SignInBudget,
                    async () =>
                    {
                        // Locks the row, so that concurrent attempts are counted one after the other.
                        if (
                            await db
                                .FailedAttemptBuckets.Where(budget => budget.Id == id)
                                .ExecuteUpdateAsync(
                                    set => set.SetProperty(budget => budget.TouchedAt, now).SetProperty(budget => budget.UserId, owner),
                                    ct
                                ) == 0
                        )
                        {
                            db.Add(
                                new FailedAttemptBucket
                                {
                                    Id = id,
                                    UserId = owner,
                                    TouchedAt = now,
                                }
                            );
                            await db.SaveChangesAsync(ct);
                        }

                        await db
                            .FailedSignInAttempts.Where(failure =>
                                failure.BudgetId == id && (failure.At <= windowStart || failure.At > farAhead)
                            )
                            .ExecuteDeleteAsync(ct);
                        var failures = await db.FailedSignInAttempts.CountAsync(failure => failure.BudgetId == id, ct);
                        if (failures >= settings.LockoutFailures)
                        {
                            return null;
                        }

                        var failure = new FailedSignInAttempt
                        {
                            Id = Guid.CreateVersion7(now),
                            BudgetId = id,
                            At = now,
                        };
                        db.Add(failure);
                        await db.SaveChangesAsync(ct);
                        return (failure.Id, failures == settings.LockoutFailures - 1);
                    },
                    ct
                );
            }
            catch (DbUpdateException exception) when (db.IsDuplicate(exception))
            {
                // A concurrent request inserted the row; the next iteration finds it.
            }
            finally
            {
                db.ChangeTracker.Clear();
            }
        }
    }

    private static Guid Decoy(string login) =>
        new(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, SHA256.HashData(Encoding.UTF8.GetBytes(AppUser.NormalizeLogin(login)))[0]);

    private static Guid Mix(byte[] parts) => new(SHA256.HashData(parts).AsSpan(0, 16));
}
