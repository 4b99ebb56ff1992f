using System.Diagnostics;
using AdminConsole.Core.Audit;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Email;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Data;

/// <summary>The services that a change needs besides the database.</summary>
public sealed record ChangeServices(
    TimeProvider Clock,
    ChangeTraces Traces,
    ChangeFeed Feed,
    AccessDenials Denials,
    CurrentSettings Settings
);

/// <summary>Writes the audit events and emails of a change, in its transaction.</summary>
public sealed record ChangeTraces(AuditChain Chain, Outbox Outbox);

public abstract partial class AppDbContext
{
    private const int Attempts = 5;

    /// <summary>True during a change or an unaudited write. Otherwise every write throws.</summary>
    internal bool IsWriting { get; private set; }

    /// <summary>True once the current change has written a row, by tracking, in bulk or by SQL.</summary>
    internal bool HasWritten { get; set; }

    /// <summary>The change whose operation is running; null outside one. Identity's method signatures have no parameter
    /// for it.</summary>
    internal ChangeContext? Current { get; private set; }

    /// <summary>Cancels the current change.</summary>
    internal CancellationToken CurrentToken { get; private set; }

    /// <summary>Returns the current change. Throws outside one, where a write would be lost or unaudited.</summary>
    internal ChangeContext RequireChange() => Current ?? throw new InvalidOperationException("Write through ChangeAsync, which audits.");

    /// <summary>Runs an operation in one audited transaction. This is the only way to write, except for the listed
    /// <see cref="UnauditedWrite"/> kinds. Checks the permission, and again on current data inside the transaction, and
    /// runs the operation. A refusal rolls back everything, unless <see cref="Refusal.CommitsAnyway"/> is set. Success
    /// appends the audit events and the emails, commits, and notifies the change feed. The operation may run more than
    /// once.</summary>
    /// <param name="actor">The caller.</param>
    /// <param name="permission">The required permission; null when none is required, or when the operation itself
    /// decides.</param>
    /// <param name="verb">The operation, which writes and records audit events. It must not do slow work such as
    /// hashing or network calls.</param>
    /// <param name="ct">Observed until the commit begins.</param>
    /// <param name="rule">The lock to take first.</param>
    /// <param name="keepsTracked">True when the operation uses entities that were read before, and itself detects
    /// whether they are stale.</param>
    public async Task<Result<T>> ChangeAsync<T>(
        Actor actor,
        string? permission,
        Func<ChangeContext, Task<Result<T>>> verb,
        CancellationToken ct,
        ChangeLock rule = ChangeLock.None,
        bool keepsTracked = false
    )
    {
        if (!keepsTracked)
        {
            // Entities read before may be stale, and EF Core would return them again inside the change.
            ChangeTracker.Clear();
        }

        var began = Stopwatch.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var change = new ChangeContext(actor, tools.Clock.Now(), rule);
                var result = await WriteAsync(change, permission, verb, ct);
                if (permission is not null && result.Refusal is { } denied)
                {
                    await RecordDenialAsync(actor, permission, denied, ct);
                }

                ConsoleMetrics.ChangeDone(began);
                return result;
            }
            // A duplicate that the operation did not see was committed concurrently. The next attempt sees it and
            // refuses.
            catch (Exception exception)
                when (attempt < Attempts && (IsTransient(exception) || (exception is DbUpdateException update && IsDuplicate(update))))
            {
                ChangeTracker.Clear();
            }
        }
    }

    /// <summary>Returns the settings in force, almost always from the cache.</summary>
    public ValueTask<SystemSettings> SettingsAsync(CancellationToken ct) => tools.Settings.GetAsync(this, ct);

    /// <summary>Runs one of the listed writes that leave no audit event. Opens a transaction, except for a
    /// migration.</summary>
    public async Task<T> WriteUnauditedAsync<T>(UnauditedWrite kind, Func<Task<T>> write, CancellationToken ct)
    {
        if (kind == UnauditedWrite.Migration)
        {
            return await WritingAsync(write);
        }

        await using var transaction = await BeginWriteAsync(ct);
        var result = await WritingAsync(write);
        await Database.CommitTransactionAsync(CancellationToken.None);
        return result;
    }

    public override int SaveChanges(bool acceptAllChangesOnSuccess) =>
        throw new InvalidOperationException("Write through ChangeAsync, which audits.");

    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        var rows = IsWriting
            ? await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken)
            : throw new InvalidOperationException("Write through ChangeAsync, which audits.");
        HasWritten |= rows > 0;
        return rows;
    }

    private async Task<Result<T>> WriteAsync<T>(
        ChangeContext change,
        string? permission,
        Func<ChangeContext, Task<Result<T>>> verb,
        CancellationToken ct
    )
    {
        if (permission is not null && change.Actor.Require(permission) is { } refused)
        {
            return refused;
        }

        // A failed save fails the whole change, so a savepoint before each save is useless.
        Database.AutoSavepointsEnabled = false;
        HasWritten = false;
        await using var transaction = await BeginWriteAsync(ct);
        if (change.Lock == ChangeLock.Administrators)
        {
            await LockAdministratorsAsync(ct);
        }

        if (permission is not null)
        {
            if (await CurrentAsync(change.Actor, ct) is not { } current || !current.EffectivePermissions.Contains(permission))
            {
                // Discard the pending entities of this change. Otherwise the next save, such as the record of this
                // refusal, would write them.
                ChangeTracker.Clear();
                return Refusals.Lacks(permission);
            }

            change.Actor = current;
        }

        var result = await WritingAsync(() => RunAsync(change, verb, ct));
        if (result.Refusal is { CommitsAnyway: false })
        {
            ChangeTracker.Clear();
            return result;
        }

        var events = await WritingAsync(async () =>
        {
            foreach (var mail in change.Mails)
            {
                tools.Traces.Outbox.Add(this, mail.Recipient, mail.Letter, change.At);
            }

            await SaveChangesAsync(true, ct);
            var appended = await tools.Traces.Chain.AppendAsync(this, change, ct);
            if (appended.Count > 0)
            {
                await AnnounceAsync($"{tools.Feed.Node} {appended[^1].Id}", ct);
            }

            return appended;
        });
        if (events.Count == 0 && change.AllowedUnauditedWrite is null && HasWritten)
        {
            throw new InvalidOperationException("A change that writes leaves an event.");
        }

        await CommitAsync(events);
        tools.Traces.Chain.Committed(change);
        tools.Feed.Publish(events);
        if (change.Mails.Count > 0)
        {
            tools.Traces.Outbox.Wake();
        }

        return result;
    }

    private async Task<Result<T>> RunAsync<T>(ChangeContext change, Func<ChangeContext, Task<Result<T>>> verb, CancellationToken ct)
    {
        (Current, CurrentToken) = (change, ct);
        try
        {
            return await verb(change);
        }
        finally
        {
            (Current, CurrentToken) = (null, CancellationToken.None);
        }
    }

    private async Task<T> WritingAsync<T>(Func<Task<T>> write)
    {
        if (IsWriting)
        {
            throw new InvalidOperationException("A change cannot begin inside another.");
        }

        IsWriting = true;
        try
        {
            return await write();
        }
        finally
        {
            IsWriting = false;
        }
    }
}
