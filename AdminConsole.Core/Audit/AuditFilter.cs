using AdminConsole.Core.Contracts;
using AdminConsole.Core.Names;

namespace AdminConsole.Core.Audit;

/// <summary>The filters of <see cref="AuditQuery"/> as a query: one meaning for the list, the stream, the export and
/// the page.</summary>
internal static class AuditFilter
{
    /// <summary>The events that the query's filters let through; its limit and the order are the caller's. What it
    /// costs depends on the filters: <see cref="AuditSearch"/> bounds it.</summary>
    public static IQueryable<AuditEvent> Matching(this IQueryable<AuditEvent> events, AuditQuery query)
    {
        events = query.Before is { } before ? events.Where(entry => entry.Id < before) : events;
        events = ByTimes(events, query);
        events = AuditEqualities.Of(query).Aggregate(events, (some, one) => some.Where(one.Indexed));
        var group = AuditActions.In(query.Action);
        events = group.Count > 0 ? events.Where(entry => group.Contains(entry.Action)) : events;
        return ByTexts(events, query);
    }

    /// <summary>
    /// The same, for reading in the order of ids piece by piece: one filter leads by its index, which has that order,
    /// and the others cannot
    /// tempt the database to find and sort everything anew for each piece. Without the query's <c>before</c>.
    /// </summary>
    public static IQueryable<AuditEvent> InOrder(this IQueryable<AuditEvent> events, AuditQuery query)
    {
        List<Equality> equalities = [.. AuditEqualities.Of(query)];
        events = ByTimes(events, query);
        events = equalities.Aggregate(events, (some, one) => some.Where(ReferenceEquals(one, equalities[0]) ? one.Indexed : one.Plain));
        return ByTexts(ByGroup(events, query), query);
    }

    /// <summary>Only the actions of the query's group, if it has one; in a form that no index serves.</summary>
    public static IQueryable<AuditEvent> ByGroup(IQueryable<AuditEvent> events, AuditQuery query)
    {
        var group = AuditActions.In(query.Action);
        return group.Count > 0 ? events.Where(entry => group.Contains(entry.Action.Substring(0))) : events;
    }

    /// <summary>True where texts are looked for inside of others, which no index helps with.</summary>
    public static bool HasTexts(AuditQuery query) =>
        NameIn(query.Actor) is not null || NameIn(query.Target) is not null || !string.IsNullOrWhiteSpace(query.Search);

    /// <summary>The filter, where it is part of a name and not an id.</summary>
    public static string? NameIn(string? filter) =>
        string.IsNullOrWhiteSpace(filter) || Guid.TryParse(filter, out _) ? null : filter.Trim();

    public static IQueryable<AuditEvent> ByTimes(IQueryable<AuditEvent> events, AuditQuery query)
    {
        events = query.From is { } since ? events.Where(entry => entry.At >= since.ToUniversalTime()) : events;
        return query.To is { } until ? events.Where(entry => entry.At < until.ToUniversalTime()) : events;
    }

    public static IQueryable<AuditEvent> ByTexts(IQueryable<AuditEvent> events, AuditQuery query)
    {
        if (NameIn(query.Actor) is { } actor)
        {
            var pattern = TextPattern.Containing(actor);
            events = events.Where(entry => TextPattern.IsIn(entry.ActorName, pattern.Glob, pattern.Regex));
        }

        if (NameIn(query.Target) is { } target)
        {
            var pattern = TextPattern.Containing(target);
            events = events.Where(entry => TextPattern.IsIn(entry.TargetName, pattern.Glob, pattern.Regex));
        }

        if (string.IsNullOrWhiteSpace(query.Search))
        {
            return events;
        }

        var anywhere = TextPattern.Containing(query.Search.Trim());
        return events.Where(entry =>
            TextPattern.IsIn(entry.ActorName, anywhere.Glob, anywhere.Regex)
            || TextPattern.IsIn(entry.TargetName, anywhere.Glob, anywhere.Regex)
            || TextPattern.IsIn(entry.Action, anywhere.Glob, anywhere.Regex)
            || TextPattern.IsIn(entry.Ip, anywhere.Glob, anywhere.Regex)
            || TextPattern.IsIn(entry.Details, anywhere.Glob, anywhere.Regex)
        );
    }
}
