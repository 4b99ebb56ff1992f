using System.Security.Cryptography;
using System.Text;
using AdminConsole.Core.Audit;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Authentication;

/// <summary>
/// Ten failures within any 15 minutes, over all factors together, lock an account for 15 minutes, unless the settings
/// say otherwise. A failure is reserved before
/// anything is looked at, else a burst of guesses would all run; success takes it back. A browser that signed in to the
/// account before has a budget of its own, which the lock
/// does not concern. Names that match no account share decoys, so that both take as long.
/// </summary>
public sealed class Lockout(AppDbContext db, SignInConcurrencyLimiter turns, TimeProvider clock)
{
    /// <summary>Waits for one of the account's few turns, so that honest sign-ins at the same moment don't use up its
    /// budget. Null when too many wait.</summary>
    public Task<IDisposable?> EnterAsync(string login, CancellationToken ct) => turns.EnterAsync(AppUser.NormalizeLogin(login), ct);

    /// <summary>Counts a failure, unless the budget is used up.</summary>
    public async Task<AttemptReservation> ReserveAsync(AppUser? user, string login, Actor caller, CancellationToken ct)
    {
        var now = clock.Now();
        var hash = caller.BrowserKey is { } key ? Secret.Hash(key) : null;
        var owner = user?.Id ?? Guid.Empty;
        var isKnown =
            hash is not null && await db.KnownBrowsers.AnyAsync(browser => browser.KeyHash == hash && browser.UserId == owner, ct);
        // While locked, further tries must not keep the account locked for longer.
        var isLocked = user?.LockoutEnd > now && !isKnown;
        var id =
            user is null || isLocked ? Decoy(login)
            : isKnown ? Mix([.. owner.ToByteArray(), .. hash!])
            : owner;
        var failure = await ReserveAsync(id, user is null || isLocked ? null : owner, now, ct);
        return new AttemptReservation(id, failure?.Id ?? Guid.Empty, failure is not null && !isLocked, isKnown, failure?.IsLast == true);
    }

    /// <summary>The reserved failure was none. Inside the change that signs in.</summary>
    internal Task<int> GiveBackAsync(AttemptReservation reservation, CancellationToken ct) =>
        db.SignInFailures.Where(failure => failure.Id == reservation.FailureId).ExecuteDeleteAsync(ct);

    /// <summary>The same where nothing else changes: half of a sign-in was right, or nothing was looked at.</summary>
    internal Task<int> CancelAsync(AttemptReservation reservation, CancellationToken ct) =>
        db.WriteUnauditedAsync(UnauditedWrite.SignInBudget, () => GiveBackAsync(reservation, ct), ct);

    /// <summary>Inside a change: the failure's event, and the lock where it was the last of the budget.</summary>
    internal async Task RecordAsync(
        ChangeContext change,
        AppUser? user,
        string reason,
        AttemptReservation reservation,
        CancellationToken ct
    )
    {
        // A name that matches no account is not written down: people type passwords there.
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

    /// <summary>
    /// Inside a change: locks the account where its budget is used up, unless it is locked. In a burst, only one
    /// failure locks the account and
    /// records it.
    /// </summary>
    internal static async Task LockAsync(AppDbContext db, ChangeContext change, AppUser user, SystemSettings settings, CancellationToken ct)
    {
        // An unlock or a reset may have forgotten the failures since they were counted. It takes the user's row first,
        // too.
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
            // What is tracked is as it is stored.
            var end = db.Entry(user).Property(row => row.LockoutEnd);
            (end.CurrentValue, end.OriginalValue) = (until, until);
        }
    }

    private static Task<int> FailuresAsync(AppDbContext db, Guid budgetId, CancellationToken ct) =>
        db.SignInFailures.CountAsync(failure => failure.BudgetId == budgetId, ct);

    /// <summary>Inside a change: forgets every failure on an account.</summary>
    internal static async Task ResetAsync(AppDbContext db, Guid userId, CancellationToken ct)
    {
        var budgets = db.SignInBudgets.Where(budget => budget.UserId == userId);
        await db.SignInFailures.Where(failure => budgets.Any(budget => budget.Id == failure.BudgetId)).ExecuteDeleteAsync(ct);
    }

    /// <summary>Inside a change: counts a failure that nothing was reserved for.</summary>
    internal static async Task CountAsync(AppDbContext db, Guid userId, DateTimeOffset at, CancellationToken ct)
    {
        var touched = await db
            .SignInBudgets.Where(budget => budget.Id == userId)
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
        // What was counted by a clock that was ahead would never leave the window.
        var (windowStart, farAhead) = (now.AddMinutes(-settings.LockoutWindowMinutes), now.AddMinutes(settings.LockoutWindowMinutes));
        while (true)
        {
            try
            {
                return await db.WriteUnauditedAsync<(Guid, bool)?>(
                    UnauditedWrite.SignInBudget,
                    async () =>
                    {
                        // Locks the row, so that those who come at the same moment count one after the other.
                        if (
                            await db
                                .SignInBudgets.Where(budget => budget.Id == id)
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
                            .SignInFailures.Where(failure => failure.BudgetId == id && (failure.At <= windowStart || failure.At > farAhead))
                            .ExecuteDeleteAsync(ct);
                        var failures = await db.SignInFailures.CountAsync(failure => failure.BudgetId == id, ct);
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
                // Another request made the row in this moment; the next round finds it.
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
