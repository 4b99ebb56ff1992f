using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Users;

/// <summary>Runs one operation on many users, in chunks of 50 per transaction so that other changes can run in between.
/// The operation succeeds or is refused for each user separately, by the same rules as for a single user. All events
/// share a batch id.</summary>
public sealed class UserBatch(AppDbContext db, UserChanges changes, TimeProvider clock)
{
    private const int ChunkSize = 50;
    private const string Savepoint = "one_user";

    private static readonly Refusal RolledBack = Refusal.Conflict("dry_run", "Nothing was written.");

    /// <summary>Runs the operation. It is refused as a whole only if the actor lacks the permission or a recent
    /// sign-in.</summary>
    internal async Task<Result<BulkResult>> RunAsync(
        Actor actor,
        IReadOnlyCollection<Guid> ids,
        UserOperation operation,
        bool dryRun,
        IProgress<BulkProgress>? progress,
        CancellationToken ct
    )
    {
        if (changes.Refused(actor, operation) is { } refused)
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
        var refusal = await changes.ApplyAsync(change, id, roles, operation, ct);
        if (refusal is null)
        {
            await db.SaveChangesAsync(ct);
            await transaction.ReleaseSavepointAsync(Savepoint, ct);
        }
        else
        {
            await transaction.RollbackToSavepointAsync(Savepoint, ct);
            db.ChangeTracker.Clear();
            change.ForgetAfter(recorded);
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

        var administrators = await LastAdministratorRule.HoldersOf(db).Select(assignment => assignment.UserId).ToListAsync(ct);
        var byIsAdmin = ids.ToLookup(administrators.ToHashSet().Contains);
        return [.. byIsAdmin[false].Chunk(ChunkSize), .. byIsAdmin[true].Any() ? [byIsAdmin[true].ToArray()] : Array.Empty<Guid[]>()];
    }
}
