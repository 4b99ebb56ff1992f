using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Users;

/// <summary>Enforces the rules for every operation on a user: the role hierarchy, and at least one remaining
/// administrator. Single and bulk operations both run through <see cref="ApplyAsync"/>.</summary>
public sealed class UserOperationRunner(AppDbContext db, LastAdministratorRule lastAdministrator, TimeProvider clock)
{
    private const int ChunkSize = 50;
    private const string Savepoint = "one_user";

    private static readonly Refusal RolledBack = Refusal.Conflict("dry_run", "Nothing was written.");
    private static readonly Refusal NoSuchUser = Refusal.NotFound("No such user.");

    /// <summary>Runs the operation on one user, and returns the user as changed.</summary>
    internal Task<Result<UserDetails>> RunAsync(Actor actor, Guid id, UserOperation operation, CancellationToken ct) =>
        RunAsync(actor, id, operation, change => db.UserDetailsAsync(id, change.At, ct), ct);

    /// <summary>Runs the operation on one user, without returning the user.</summary>
    internal Task<Result<Unit>> RunWithoutResultAsync(Actor actor, Guid id, UserOperation operation, CancellationToken ct) =>
        RunAsync(actor, id, operation, _ => Task.FromResult(default(Unit)), ct);

    /// <summary>Runs the operation inside a change that holds the administrators' lock. After a refusal, the caller
    /// must roll back the writes.</summary>
    /// <param name="change">The current change.</param>
    /// <param name="id">The user.</param>
    /// <param name="roles">The roles before the operation, by user. May include other users.</param>
    /// <param name="operation">The operation to run.</param>
    /// <param name="ct">Cancels the operation.</param>
    internal async Task<Refusal?> ApplyAsync(
        ChangeContext change,
        Guid id,
        ILookup<Guid, AppRole> roles,
        UserOperation operation,
        CancellationToken ct
    )
    {
        if (await db.Users.FindAsync([id], ct) is not { } user)
        {
            return NoSuchUser;
        }

        if (
            RoleHierarchy.OutranksActor(roles[id], change.Actor)
            || (operation.Permission == Permissions.UsersCredentials && RoleHierarchy.ExceedsCredential(roles[id], change.Actor))
        )
        {
            return Refusals.OutranksActor;
        }

        if (await operation.RunAsync(change, user, ct) is { } refused)
        {
            return refused;
        }

        // An operation on a user who isn't an administrator can't remove the last one.
        return roles[id].Any(role => role.IsAdmin) && !await lastAdministrator.HoldsAsync(change, ct)
            ? LastAdministratorRule.Violated
            : null;
    }

    /// <summary>Returns why the actor may not run the operation on any user; null if allowed.</summary>
    internal Refusal? CheckAllowed(Actor actor, UserOperation operation) =>
        actor.Require(operation.Permission) ?? (operation.IsSensitive ? actor.RequireRecentSignIn(clock.Now()) : null);

    private async Task<Result<T>> RunAsync<T>(
        Actor actor,
        Guid id,
        UserOperation operation,
        Func<ChangeContext, Task<T>> createResult,
        CancellationToken ct
    )
    {
        if (operation.IsSensitive && actor.RequireRecentSignIn(clock.Now()) is { } stale)
        {
            return stale;
        }

        return await db.ChangeAsync<T>(
            actor,
            operation.Permission,
            async change =>
                await ApplyAsync(change, id, await RoleHierarchy.RolesOfAsync(db, [id], ct), operation, ct) is { } refused
                    ? refused
                    : await createResult(change),
            ct,
            ChangeLock.Administrators
        );
    }

    /// <summary>Runs the operation. It is refused as a whole only if the actor lacks the permission or a recent
    /// sign-in.</summary>
    internal async Task<Result<BulkResult>> RunManyAsync(
        Actor actor,
        IReadOnlyCollection<Guid> ids,
        UserOperation operation,
        bool dryRun,
        IProgress<BulkProgress>? progress,
        CancellationToken ct
    )
    {
        if (CheckAllowed(actor, operation) is { } refused)
        {
            return refused;
        }

        Guid? batch = dryRun ? null : Guid.CreateVersion7(clock.Now());
        var outcomes = new Dictionary<Guid, Refusal?>();
        foreach (var chunk in await ChunksAsync([.. ids.Distinct()], dryRun, ct))
        {
            var result = await ChunkAsync(actor, chunk, operation, batch, outcomes, ct);
            if (result.Refusal is { } failure && failure != RolledBack)
            {
                if (outcomes.Count == 0)
                {
                    return failure;
                }

                // The actor lost the permission meanwhile; chunks that are already committed remain.
                Array.ForEach(chunk, id => outcomes[id] = failure);
            }

            progress?.Report(new BulkProgress(outcomes.Count, ids.Count));
        }

        var bySuccess = ids.Distinct().ToLookup(id => outcomes[id] is null);
        return new BulkResult(
            [.. bySuccess[true]],
            [.. bySuccess[false].Select(id => new BulkRefusal(id, outcomes[id]!.Code) { Message = outcomes[id]!.Message })]
        )
        {
            BatchId = batch,
        };
    }

    private async Task<Result<Unit>> ChunkAsync(
        Actor actor,
        Guid[] chunk,
        UserOperation operation,
        Guid? batch,
        Dictionary<Guid, Refusal?> outcomes,
        CancellationToken ct
    )
    {
        var found = new Dictionary<Guid, Refusal?>();
        var result = await db.ChangeAsync<Unit>(
            actor,
            operation.Permission,
            async change =>
            {
                change.BatchId = batch;
                found.Clear();
                // Each save scans all tracked entities; those of earlier chunks are no longer needed.
                db.ChangeTracker.Clear();
                var roles = await RoleHierarchy.RolesOfAsync(db, chunk, ct);
                await db.Users.Where(user => chunk.Contains(user.Id)).LoadAsync(ct);
                foreach (var id in chunk)
                {
                    found[id] = await ApplyOrLeaveAsync(change, id, roles, operation, ct);
                }

                return batch is null ? RolledBack : default(Unit);
            },
            ct,
            ChangeLock.Administrators
        );
        if (result.Refusal is null || result.Refusal == RolledBack)
        {
            foreach (var (id, outcome) in found)
            {
                outcomes[id] = outcome;
            }

            if (batch is not null && found.Values.FirstOrDefault(outcome => outcome is { IsMissingPermission: true }) is { } denied)
            {
                await db.RecordDenialAsync(actor, operation.Permission, denied, ct);
            }
        }

        return result;
    }

    // An operation may be refused after it has written, as the last-administrator rule does; the savepoint undoes only
    // this user.
    private async Task<Refusal?> ApplyOrLeaveAsync(
        ChangeContext change,
        Guid id,
        ILookup<Guid, AppRole> roles,
        UserOperation operation,
        CancellationToken ct
    )
    {
        var transaction = db.Database.CurrentTransaction!;
        var recorded = change.Records.Count;
        await transaction.CreateSavepointAsync(Savepoint, ct);
        var refusal = await ApplyAsync(change, id, roles, operation, ct);
        if (refusal is null)
        {
            await db.SaveChangesAsync(ct);
            await transaction.ReleaseSavepointAsync(Savepoint, ct);
        }
        else
        {
            await transaction.RollbackToSavepointAsync(Savepoint, ct);
            db.ChangeTracker.Clear();
            change.TruncateAfter(recorded);
        }

        return refusal;
    }

    // A dry run rolls back each chunk. Administrators share one chunk, because the last-administrator rule spans all of
    // them.
    private async Task<IEnumerable<Guid[]>> ChunksAsync(List<Guid> ids, bool dryRun, CancellationToken ct)
    {
        if (!dryRun)
        {
            return ids.Chunk(ChunkSize);
        }

        var holders = await LastAdministratorRule.AdminAssignments(db).Select(assignment => assignment.UserId).ToListAsync(ct);
        var byIsAdmin = ids.ToLookup(holders.ToHashSet().Contains);
        return [.. byIsAdmin[false].Chunk(ChunkSize), .. byIsAdmin[true].Any() ? [byIsAdmin[true].ToArray()] : Array.Empty<Guid[]>()];
    }
}
