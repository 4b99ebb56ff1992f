using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Audit;

/// <summary>Checks that nothing in the log was altered, removed, inserted or cut off.</summary>
public sealed class AuditVerifier(AppDbContext db, AuditChain chain)
{
    /// <summary>Walks the whole chain, in constant memory, and names the first event that does not fit.</summary>
    public async Task<Result<AuditVerification>> VerifyAsync(Actor actor, CancellationToken ct)
    {
        if (actor.Refused(Permissions.AuditRead) is { } refused)
        {
            return refused;
        }

        var head = await db.AuditHeads.AsNoTracking().SingleOrDefaultAsync(ct);
        if (head is null || !chain.IsSigned(head))
        {
            return new AuditVerification(false, 0, Problem: "The signed head of the chain is missing or was altered.");
        }

        var (previousId, previousHash, events) = (head.CheckpointId, head.CheckpointHash, 0L);
        // What is appended meanwhile is beyond this head and not looked at.
        await foreach (var entry in db.AuditEvents.AsNoTracking().Where(row => row.Id <= head.LastId).OrderBy(row => row.Id).AsAsyncEnumerable().WithCancellation(ct))
        {
            if (entry.Id <= head.CheckpointId)
            {
                return Broken(entry.Id, events, $"Event {entry.Id} lies before the retention checkpoint.");
            }

            if (entry.Id != previousId + 1)
            {
                return Broken(previousId + 1, events, $"Event {previousId + 1} is missing.");
            }

            if (!AuditChain.Hash(previousHash, entry).AsSpan().SequenceEqual(entry.Hash))
            {
                return Broken(entry.Id, events, $"Event {entry.Id} was altered, or another was put in its place.");
            }

            (previousId, previousHash) = (entry.Id, entry.Hash);
            events++;
        }

        return previousId != head.LastId ? Broken(previousId + 1, events, $"The log ends at event {previousId}, but {head.LastId} was the last one written.")
            : !previousHash.AsSpan().SequenceEqual(head.LastHash) ? Broken(previousId, events, $"Event {previousId} is not the one that was written last.")
            : new AuditVerification(true, events);
    }

    private static AuditVerification Broken(long id, long checkedEvents, string problem) => new(false, checkedEvents, id, problem);
}
