using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Audit;

/// <summary>Reads what happened.</summary>
public sealed class AuditLog(AppDbContext db)
{
    /// <summary>One page of events, newest first. <c>next</c> of the page is the <c>before</c> of the following one.</summary>
    public async Task<Result<Page<AuditEntry>>> ListAsync(Actor actor, AuditQuery query, CancellationToken ct)
    {
        if (actor.Refused(Permissions.AuditRead) is { } refused)
        {
            return refused;
        }

        if (query.Limit is < 1 or > Limits.MaxPageSize)
        {
            return Refusal.Invalid("invalid_request", $"limit is a number from 1 to {Limits.MaxPageSize}.");
        }

        var rows = await db.AuditEvents.Matching(query).OrderByDescending(entry => entry.Id).Take(query.Limit + 1).AsNoTracking().ToListAsync(ct);
        var more = rows.Count > query.Limit;
        var items = (more ? rows[..query.Limit] : rows).ConvertAll(AuditEntries.ToEntry);
        return new Page<AuditEntry>(items, null, more ? items[^1].Id.ToString() : null);
    }

    public async Task<Result<AuditEntry>> FindAsync(Actor actor, long id, CancellationToken ct)
    {
        if (actor.Refused(Permissions.AuditRead) is { } refused)
        {
            return refused;
        }

        return await db.AuditEvents.AsNoTracking().SingleOrDefaultAsync(entry => entry.Id == id, ct) is { } found
            ? found.ToEntry()
            : Refusal.NotFound("No such event.");
    }
}
