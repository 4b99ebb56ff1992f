using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Audit;

/// <summary>Reads audit events. <see cref="AuditReadLog"/> records each read.</summary>
public sealed class AuditLog(AppDbContext db, AuditReadLog views)
{
    /// <summary>Returns a page of events, newest first. <c>Next</c> of a page is the <c>Before</c> of the following
    /// one. A text search, or a search by several filters, examines a limited number of events: the page may then
    /// contain fewer events than the limit, or none. In that case <c>LookedBackTo</c> is the time it searched back to,
    /// and <c>Next</c> continues the search. Requires audit.read.</summary>
    public async Task<Result<Page<AuditEntry>>> ListAsync(Actor actor, AuditQuery query, CancellationToken ct)
    {
        if ((actor.Require(Permissions.AuditRead) ?? Validation.CheckLimit(query.Limit) ?? CheckBefore(query.Before)) is { } refused)
        {
            return refused;
        }

        if ((await views.RecordAsync(actor, query, ct)).Refusal is { } late)
        {
            return late;
        }

        var (found, end) = await new AuditSearch(db, query).NewestAsync(ct);
        var items = found.Take(query.Limit).Select(AuditEntries.ToEntry).ToList();
        return found.Count > query.Limit ? new Page<AuditEntry>(items, null, items[^1].Id.ToString())
            : end is { } id
                ? new Page<AuditEntry>(items, null, id.ToString()) { LookedBackTo = await AuditTimeline.TimeOfAsync(db, id, ct) }
            : new Page<AuditEntry>(items, null, null);
    }

    /// <summary>Returns the newest events, at most <c>Limit</c>, without those that record reading the log, which would
    /// otherwise dominate. Searches the same number of events as a text search. Requires audit.read.</summary>
    public async Task<Result<IReadOnlyList<AuditEntry>>> RecentAsync(Actor actor, AuditQuery query, CancellationToken ct)
    {
        if ((actor.Require(Permissions.AuditRead) ?? (await views.RecordAsync(actor, query, ct)).Refusal) is { } refused)
        {
            return refused;
        }

        return (await new AuditSearch(db, query).RecentAsync(ct)).ConvertAll(AuditEntries.ToEntry);
    }

    public async Task<Result<AuditEntry>> FindAsync(Actor actor, long id, CancellationToken ct)
    {
        if (
            (actor.Require(Permissions.AuditRead) ?? (await views.RecordAsync(actor, AuditReadLog.SingleEvents, ct)).Refusal) is { } refused
        )
        {
            return refused;
        }

        return await db.AuditEvents.AsNoTracking().SingleOrDefaultAsync(entry => entry.Id == id, ct) is { } found
            ? found.ToEntry()
            : Refusal.NotFound("Event not found.");
    }

    private static Refusal? CheckBefore(long? before) =>
        before < 1 ? Refusal.Invalid("invalid_request", "before is the number of an event, at least 1.") : null;
}
