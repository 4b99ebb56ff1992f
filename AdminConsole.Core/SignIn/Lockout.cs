using System.Security.Cryptography;
using System.Text;
using AdminConsole.Core.Data;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.SignIn;

/// <summary>
/// Ten failures within 15 minutes lock an account for 15 minutes, unless the settings say otherwise. A failure is reserved before the password is looked at, else a
/// burst of guesses would all run; success gives it back. Names that match no account share decoys, so that both take as long.
/// </summary>
public sealed class Lockout(AppDbContext db, SignInTurns turns, TimeProvider clock)
{
    /// <summary>Waits for one of the account's few turns, so that honest sign-ins at the same moment don't use up its budget. Null when too many wait.</summary>
    public Task<IDisposable?> TakeTurnAsync(string login, CancellationToken ct) => turns.TakeAsync(AppUser.Normalize(login), ct);

    /// <summary>False when the budget is used up.</summary>
    public async Task<bool> ReserveAsync(AppUser? user, string login, CancellationToken ct)
    {
        var now = clock.Now();
        var settings = await db.SettingsAsync(ct);
        var (most, windowStart) = (settings.LockoutFailures, now.AddMinutes(-settings.LockoutWindowMinutes));
        var id = BudgetOf(user, login);
        if (!await db.SignInBudgets.AnyAsync(budget => budget.Id == id, ct))
        {
            try
            {
                await db.UpkeepAsync(Upkeep.SignInBudget, async () =>
                {
                    db.Add(new SignInBudget { Id = id, Failures = 0, Since = now });
                    return await db.SaveChangesAsync(ct);
                }, ct);
            }
            catch (DbUpdateException exception) when (db.IsDuplicate(exception))
            {
                // Another request made the row in this moment; it serves both.
            }

            db.ChangeTracker.Clear();
        }

        return await db.UpkeepAsync(Upkeep.SignInBudget, () => db.SignInBudgets
            .Where(budget => budget.Id == id && (budget.Failures < most || budget.Since < windowStart))
            .ExecuteUpdateAsync(set => set
                .SetProperty(budget => budget.Failures, budget => budget.Since < windowStart ? 1 : budget.Failures + 1)
                .SetProperty(budget => budget.Since, budget => budget.Since < windowStart ? now : budget.Since), ct), ct) == 1;
    }

    /// <summary>The reserved failure did not happen. Inside the change that signs in.</summary>
    internal Task GiveBackAsync(AppUser user, CancellationToken ct) => db.SignInBudgets
        .Where(budget => budget.Id == user.Id && budget.Failures > 0)
        .ExecuteUpdateAsync(set => set.SetProperty(budget => budget.Failures, budget => budget.Failures - 1), ct);

    /// <summary>Whether the failure that just happened was the last of the budget. Inside the change that records it.</summary>
    internal async Task<bool> IsUsedUpAsync(AppUser user, CancellationToken ct)
    {
        var most = (await db.SettingsAsync(ct)).LockoutFailures;
        return await db.SignInBudgets.AnyAsync(budget => budget.Id == user.Id && budget.Failures >= most, ct);
    }

    private static Guid BudgetOf(AppUser? user, string login) =>
        user?.Id ?? new Guid(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, SHA256.HashData(Encoding.UTF8.GetBytes(AppUser.Normalize(login)))[0]);
}

/// <summary>A few sign-ins at a time for each name, known or not; other names hardly ever share them.</summary>
public sealed class SignInTurns : IDisposable
{
    private const int AtOnce = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim[] turns = [.. Enumerable.Range(0, 256).Select(_ => new SemaphoreSlim(AtOnce, AtOnce))];

    internal async Task<IDisposable?> TakeAsync(string name, CancellationToken ct)
    {
        var turn = turns[(uint)string.GetHashCode(name, StringComparison.Ordinal) % turns.Length];
        return await turn.WaitAsync(Patience, ct) ? new Turn(turn) : null;
    }

    public void Dispose() => Array.ForEach(turns, turn => turn.Dispose());

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
