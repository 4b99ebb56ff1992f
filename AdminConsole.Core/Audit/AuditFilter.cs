using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Audit;

/// <summary>The filters of <see cref="AuditQuery"/> as a query: one meaning for the list, the stream, the export and the page.</summary>
internal static class AuditFilter
{
    /// <summary>The events that the query's filters let through; its limit and the order are the caller's.</summary>
    public static IQueryable<AuditEvent> Matching(this IQueryable<AuditEvent> events, AuditQuery query)
    {
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
}
