using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Data;

// Writing: through a change, or as one of the listed unaudited writes.
public abstract partial class AppDbContext
{
    private const string OutsideAChange = "Write through ChangeAsync, which audits.";

    /// <summary>True inside a change or an unaudited write. Every other write throws.</summary>
    internal bool IsWriting { get; private set; }

    /// <summary>True when the change in progress has written a row, by tracking, in bulk or by SQL.</summary>
    internal bool HasWritten { get; set; }

    /// <summary>The change whose operation is running; null outside. Identity's method signatures have no parameter for
    /// it.</summary>
    internal ChangeContext? Current { get; private set; }

    /// <summary>Cancels the change in progress.</summary>
    internal CancellationToken CurrentToken { get; private set; }

    /// <summary>Returns the change in progress. Throws outside a change, where a write would be unaudited.</summary>
    internal ChangeContext RequireChange() => Current ?? throw new InvalidOperationException(OutsideAChange);

    /// <summary>
    /// Runs an operation as one audited change, which is the only way to write. Checks the permission, begins the
    /// transaction, checks the permission again on current data, and runs the operation. A refusal rolls back
    /// everything. Success appends the emails and the audit events, commits, and publishes to the change feed. The
    /// operation may run more than once.
    /// </summary>
    /// <param name="actor">The caller.</param>
    /// <param name="permission">The required permission; null when the operation decides itself.</param>
    /// <param name="verb">Writes and records the change. It must not hash passwords or use the network.</param>
    /// <param name="ct">Cancels the change until its commit begins.</param>
    /// <param name="rule">The lock to take first, for a rule that spans rows.</param>
    /// <param name="keepsTracked">True when the operation uses entities that were read before, and checks itself that
    /// they are current.</param>
    public Task<Result<T>> ChangeAsync<T>(
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

        return runner.ChangeAsync(this, actor, permission, verb, rule, ct);
    }

    /// <summary>Records a denial for lack of a permission or scope, at most once per user, permission and hour.</summary>
    public Task RecordDenialAsync(Actor actor, string permission, Refusal denied, CancellationToken ct) =>
        runner.RecordDenialAsync(this, actor, permission, denied, ct);

    /// <summary>Returns the settings in force, almost always from the cache.</summary>
    public ValueTask<SystemSettings> SettingsAsync(CancellationToken ct) => runner.SettingsAsync(this, ct);

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

    public override int SaveChanges(bool acceptAllChangesOnSuccess) => throw new InvalidOperationException(OutsideAChange);

    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        var rows = IsWriting
            ? await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken)
            : throw new InvalidOperationException(OutsideAChange);
        HasWritten |= rows > 0;
        return rows;
    }

    /// <summary>Begins the transaction of a change, with its lock.</summary>
    internal async Task<IAsyncDisposable> BeginChangeAsync(ChangeLock changeLock, CancellationToken ct)
    {
        // A failed save fails the whole change, so a savepoint before each save is useless.
        Database.AutoSavepointsEnabled = false;
        HasWritten = false;
        var transaction = await BeginWriteAsync(ct);
        try
        {
            if (changeLock == ChangeLock.Administrators)
            {
                await LockAdministratorsAsync(ct);
            }

            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs the operation of a change, which is <see cref="Current"/> meanwhile.</summary>
    internal async Task<T> InChangeAsync<T>(ChangeContext change, Func<Task<T>> operation, CancellationToken ct)
    {
        (Current, CurrentToken) = (change, ct);
        try
        {
            return await operation();
        }
        finally
        {
            (Current, CurrentToken) = (null, CancellationToken.None);
        }
    }

    /// <summary>Allows writes while the callback runs. Throws when they are allowed already: changes don't nest.</summary>
    internal async Task<T> WritingAsync<T>(Func<Task<T>> write)
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

    /// <summary>True when another attempt at the change may succeed.</summary>
    internal bool IsRetryable(Exception exception) =>
        IsTransient(exception) || (exception is DbUpdateException update && IsDuplicate(update));

    /// <summary>True when the actor has the permission on current data. The user may have been demoted since the
    /// request began.</summary>
    internal async Task<bool> StillHasPermissionAsync(Actor actor, string permission, CancellationToken ct) =>
        await CurrentAsync(actor, ct) is { } now && now.EffectivePermissions.Contains(permission);

    /// <summary>Returns the actor with its current permissions; null when the user or the credential is no longer
    /// valid.</summary>
    internal async Task<Actor?> CurrentAsync(Actor actor, CancellationToken ct)
    {
        if (actor.IsSystem)
        {
            return actor;
        }

        if (actor.TokenId is { } token && !await PersonalAccessTokens.Accepted(runner.Clock.Now()).AnyAsync(row => row.Id == token, ct))
        {
            return null;
        }

        if (actor.DeviceId is { } device && !await ConnectedDevices.AnyAsync(row => row.Id == device, ct))
        {
            return null;
        }

        var rows = await (
            from user in Users
            where user.Id == actor.UserId && user.Active && !user.MustChangePassword
            from assigned in UserRoles.Where(assigned => assigned.UserId == user.Id).DefaultIfEmpty()
            from role in Roles.Where(role => role.Id == assigned!.RoleId).DefaultIfEmpty()
            select new { user.Id, Role = role }
        )
            .AsNoTracking()
            .ToListAsync(ct);
        if (rows.Count == 0)
        {
            return null;
        }

        var granted = RoleHierarchy.GrantedPermissions(rows.Select(row => row.Role).OfType<AppRole>());
        return actor with
        {
            RolePermissions = granted,
            EffectivePermissions = actor.HasFullAccess ? granted : actor.EffectivePermissions.Where(granted.Contains).ToHashSet(),
        };
    }

    /// <summary>False when the actor's session ended after the request was authenticated. Call it inside a change that
    /// has locked the user's row.</summary>
    internal async Task<bool> HasSessionAsync(Actor actor, CancellationToken ct) =>
        actor.SessionId is not { } session || await Sessions.AnyAsync(row => row.Id == session, ct);

    /// <summary>Returns the refusal for an exception that means the database can't be used now: <c>unavailable</c>,
    /// <c>outcome_unknown</c> when the connection broke during a commit, or the refusal of a blocked audit log. Null
    /// for any other exception, which is a bug.</summary>
    public Refusal? Unavailable(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is OutcomeUnknownException)
            {
                return Refusals.OutcomeUnknown;
            }

            if (cause is AuditBlockedException blocked)
            {
                return Refusals.AuditBlocked(blocked.Message);
            }

            if (DescribeFault(cause) is { } fault)
            {
                return Refusals.Unavailable(fault);
            }
        }

        return null;
    }

    /// <summary>Returns the fault of the database as the rest of a sentence that starts with "The database"; null when
    /// the exception is about something else.</summary>
    protected abstract string? DescribeFault(Exception exception);

    /// <summary>True when a commit that failed with this exception may still have succeeded.</summary>
    internal virtual bool MayHaveCommitted(Exception exception) => false;
}

/// <summary>The connection broke during the commit of a change, which may or may not have succeeded.</summary>
internal sealed class OutcomeUnknownException(Exception cause) : Exception("The connection broke during a commit.", cause);
