using System.Diagnostics;
using AdminConsole.Core.Audit;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Email;
using AdminConsole.Core.Security;
using AdminConsole.Core.Settings;
using AdminConsole.Core.System;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Data;

/// <summary>What a change needs besides the database.</summary>
public sealed record ChangeServices(
    TimeProvider Clock,
    ChangeTraces Traces,
    ChangeFeed Feed,
    AccessDenials Denials,
    CurrentSettings Settings
);

/// <summary>What a change leaves in its own transaction: events and mails.</summary>
public sealed record ChangeTraces(AuditChain Chain, Outbox Outbox);

public abstract partial class AppDbContext
{
    private const int Attempts = 5;

    /// <summary>True inside a change or an upkeep; outside, every write throws.</summary>
    internal bool IsWriting { get; private set; }

    /// <summary>Whether the change under way has written a row, by tracking, in bulk or by SQL.</summary>
    internal bool HasWritten { get; set; }

    /// <summary>The change whose verb is running; Identity's signatures have no place for it. Null outside.</summary>
    internal ChangeContext? Current { get; private set; }

    /// <summary>What stops the change under way.</summary>
    internal CancellationToken CurrentToken { get; private set; }

    /// <summary>The change under way. Throws outside one, where a write would be lost, or unaudited.</summary>
    internal ChangeContext RequireChange() => Current ?? throw new InvalidOperationException("Write through ChangeAsync, which audits.");

    /// <summary>
    /// The only way to change something. Checks the permission, runs the verb in one transaction, and then: a refusal
    /// rolls
    /// everything back; success appends the audit events and the mails, commits, and tells the change feed. The verb
    /// may run more than once.
    /// </summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="permission">What it needs; null where anybody, or anybody signed in, may (the verb then
    /// decides).</param>
    /// <param name="verb">Writes and records. Nothing slow: no hashing, no network.</param>
    /// <param name="ct">Honoured until the commit begins.</param>
    /// <param name="rule">The lock to take first.</param>
    /// <param name="keepsTracked">True where the verb uses what it read before, and finds out by itself whether that is
    /// current.</param>
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
            // What was read before may have changed since, and would be handed out again inside.
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
            // A duplicate that the verb did not see was committed a moment ago: run again, it sees it and says so.
            catch (Exception exception)
                when (attempt < Attempts && (IsTransient(exception) || (exception is DbUpdateException update && IsDuplicate(update))))
            {
                ChangeTracker.Clear();
            }
        }
    }

    /// <summary>The settings in force; hardly ever a query.</summary>
    public ValueTask<SystemSettings> SettingsAsync(CancellationToken ct) => tools.Settings.GetAsync(this, ct);

    /// <summary>One of the listed writes that leave no audit event.</summary>
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

        // A save that fails fails the whole change, so nothing is won by a savepoint before each.
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
                // What was prepared for this change must not go along with the next, such as the record of this
                // refusal.
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
