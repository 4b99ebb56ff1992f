using System.Text.Json;
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

        var rows = await Matching(query).OrderByDescending(entry => entry.Id).Take(query.Limit + 1).AsNoTracking().ToListAsync(ct);
        var more = rows.Count > query.Limit;
        var items = (more ? rows[..query.Limit] : rows).ConvertAll(ToEntry);
        return new Page<AuditEntry>(items, null, more ? items[^1].Id.ToString() : null);
    }

    public async Task<Result<AuditEntry>> FindAsync(Actor actor, long id, CancellationToken ct)
    {
        if (actor.Refused(Permissions.AuditRead) is { } refused)
        {
            return refused;
        }

        return await db.AuditEvents.AsNoTracking().SingleOrDefaultAsync(entry => entry.Id == id, ct) is { } found
            ? ToEntry(found)
            : Refusal.NotFound("No such event.");
    }

    private IQueryable<AuditEvent> Matching(AuditQuery query)
    {
        IQueryable<AuditEvent> events = db.AuditEvents;
        events = query.Before is { } before ? events.Where(entry => entry.Id < before) : events;
        events = query.From is { } since ? events.Where(entry => entry.At >= since.ToUniversalTime()) : events;
        events = query.To is { } until ? events.Where(entry => entry.At < until.ToUniversalTime()) : events;
        events = query.Session is { } session ? events.Where(entry => entry.SessionId == session) : events;
        events = query.Batch is { } batch ? events.Where(entry => entry.BatchId == batch) : events;
        events = string.IsNullOrEmpty(query.Request) ? events : events.Where(entry => entry.RequestId == query.Request);
        events = string.IsNullOrEmpty(query.Ip) ? events : events.Where(entry => entry.Ip == query.Ip);
        events = ByAction(events, query.Action);
        events = ByActor(events, query.Actor);
        events = ByTarget(events, query.Target);
        return BySearch(events, query.Search);
    }

    private static IQueryable<AuditEvent> ByAction(IQueryable<AuditEvent> events, string? action)
    {
        if (string.IsNullOrEmpty(action))
        {
            return events;
        }

        if (!action.EndsWith('.'))
        {
            return events.Where(entry => entry.Action == action);
        }

        var group = AuditActions.All.Where(name => name.StartsWith(action, StringComparison.Ordinal)).ToList();
        return events.Where(entry => group.Contains(entry.Action));
    }

    private static IQueryable<AuditEvent> ByActor(IQueryable<AuditEvent> events, string? actor)
    {
        if (string.IsNullOrWhiteSpace(actor))
        {
            return events;
        }

        if (Guid.TryParse(actor, out var id))
        {
            return events.Where(entry => entry.ActorId == id);
        }

        var pattern = AppDbContext.Containing(actor.Trim().ToUpperInvariant());
        return events.Where(entry => EF.Functions.Like(entry.ActorName!.ToUpper(), pattern, @"\"));
    }

    private static IQueryable<AuditEvent> ByTarget(IQueryable<AuditEvent> events, string? target)
    {
        if (string.IsNullOrWhiteSpace(target))
        {
            return events;
        }

        if (Guid.TryParse(target, out var id))
        {
            var text = id.ToString();
            return events.Where(entry => entry.TargetId == text);
        }

        var pattern = AppDbContext.Containing(target.Trim().ToUpperInvariant());
        return events.Where(entry => EF.Functions.Like(entry.TargetName!.ToUpper(), pattern, @"\"));
    }

    private static IQueryable<AuditEvent> BySearch(IQueryable<AuditEvent> events, string? search)
    {
        if (string.IsNullOrWhiteSpace(search))
        {
            return events;
        }

        var pattern = AppDbContext.Containing(search.Trim().ToUpperInvariant());
        return events.Where(entry =>
            EF.Functions.Like(entry.ActorName!.ToUpper(), pattern, @"\") || EF.Functions.Like(entry.TargetName!.ToUpper(), pattern, @"\")
            || EF.Functions.Like(entry.Action.ToUpper(), pattern, @"\") || EF.Functions.Like(entry.Ip!.ToUpper(), pattern, @"\")
            || EF.Functions.Like(entry.Details!.ToUpper(), pattern, @"\"));
    }

    private static AuditEntry ToEntry(AuditEvent entry) => new(
        entry.Id,
        entry.At,
        entry.Action,
        new AuditActor(entry.ActorType, entry.ActorId, entry.ActorName, entry.Via),
        entry.TargetType is { } type ? new AuditTarget(type, entry.TargetId, entry.TargetName) : null,
        entry.Ip,
        entry.UserAgent,
        entry.SessionId,
        entry.RequestId,
        entry.BatchId,
        entry.Details is { } details ? JsonSerializer.Deserialize<JsonElement>(details) : null,
        Convert.ToHexStringLower(entry.Hash));
}
