using System.Diagnostics;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;

namespace AdminConsole.Core.Data;

/// <summary>Runs the changes of all contexts: permission, transaction, operation, audit events and emails, commit,
/// notification.</summary>
public sealed class ChangeRunner(
    TimeProvider clock,
    IEnumerable<IChangeStep> changeSteps,
    ChangeFeed feed,
    AccessDenialLog denials,
    CurrentSettings settings
)
{
    private const int Attempts = 5;

    private readonly IReadOnlyList<IChangeStep> steps = [.. changeSteps];

    internal TimeProvider Clock => clock;

    internal ValueTask<SystemSettings> SettingsAsync(AppDbContext db, CancellationToken ct) => settings.GetAsync(db, ct);

    internal Task RecordDenialAsync(AppDbContext db, Actor actor, string permission, Refusal denied, CancellationToken ct) =>
        denials.RecordAsync(db, actor, permission, denied, ct);

    /// <inheritdoc cref="AppDbContext.ChangeAsync"/>
    internal async Task<Result<T>> ChangeAsync<T>(
        AppDbContext db,
        Actor actor,
        string? permission,
        Func<ChangeContext, Task<Result<T>>> operation,
        ChangeLock changeLock,
        CancellationToken ct
    )
    {
        var began = Stopwatch.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var change = new ChangeContext(actor, Clock.Now(), changeLock);
                var result = await RunOnceAsync(db, change, permission, operation, ct);
                if (permission is not null && result.Refusal is { } denied)
                {
                    await denials.RecordAsync(db, actor, permission, denied, ct);
                }

                ConsoleMetrics.ChangeDone(began);
                return result;
            }
            // A duplicate that the operation did not see was committed concurrently. The next attempt sees it and
            // refuses.
            catch (Exception exception) when (attempt < Attempts && db.IsRetryable(exception))
            {
                db.ChangeTracker.Clear();
            }
        }
    }

    private async Task<Result<T>> RunOnceAsync<T>(
        AppDbContext db,
        ChangeContext change,
        string? permission,
        Func<ChangeContext, Task<Result<T>>> operation,
        CancellationToken ct
    )
    {
        if (permission is not null && change.Actor.Require(permission) is { } refused)
        {
            return refused;
        }

        await using var transaction = await db.BeginChangeAsync(change.Lock, ct);
        if (permission is not null)
        {
            if (await db.CurrentAsync(change.Actor, ct) is not { } current || !current.EffectivePermissions.Contains(permission))
            {
                // Discard the pending entities of this change. Otherwise the next save, such as the record of this
                // refusal, would write them.
                db.ChangeTracker.Clear();
                return Refusals.MissingPermission(permission);
            }

            change.Actor = current;
        }

        var result = await db.WritingAsync(() => db.InChangeAsync(change, () => operation(change), ct));
        if (result.Refusal is { CommitsAnyway: false })
        {
            db.ChangeTracker.Clear();
            return result;
        }

        await db.WritingAsync(() => FinishAsync(db, change, ct));
        if (change.Events.Count == 0 && change.AllowedUnauditedWrite is null && db.HasWritten)
        {
            throw new InvalidOperationException("A change that writes must record an audit event.");
        }

        await CommitAsync(db, change);
        return result;
    }

    private async Task<Unit> FinishAsync(AppDbContext db, ChangeContext change, CancellationToken ct)
    {
        foreach (var step in steps)
        {
            await step.BeforeCommitAsync(db, change, ct);
        }

        if (change.Events.Count > 0)
        {
            await db.AnnounceAsync($"{feed.Node} {change.Events[^1].Id}", ct);
        }

        return default;
    }

    // A commit is never retried after the connection broke, because it may have succeeded. Listeners are notified
    // anyway: they reload, which is correct in either case.
    private async Task CommitAsync(AppDbContext db, ChangeContext change)
    {
        try
        {
            await db.Database.CommitTransactionAsync(CancellationToken.None);
        }
        catch (Exception broken) when (db.MayHaveCommitted(broken))
        {
            feed.Publish(change.Events);
            throw new OutcomeUnknownException(broken);
        }

        foreach (var step in steps)
        {
            step.AfterCommit(change);
        }

        feed.Publish(change.Events);
    }
}
