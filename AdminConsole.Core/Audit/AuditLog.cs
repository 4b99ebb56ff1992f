using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Audit;

/// <summary>Reads what happened, which is recorded too.</summary>
public sealed class AuditLog(AppDbContext db, AuditReadLog views)
{
    /// <summary>
    /// One page of events, newest first. <c>next </c> of the page is the <c>before </c> of the following one. Where a
    /// text, or several filters
    /// together, would have to be looked for in very many events, the page has fewer than asked for, perhaps none, says
    /// how far it looked, and <c>next </c> goes on from there.
    /// </summary>
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

    /// <summary>
    /// The newest events without those of reading the log, which would drown what happened: at most <c>Limit </c> of
    /// them, from as far back as a search looks.
    /// </summary>
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
