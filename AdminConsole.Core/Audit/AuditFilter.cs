using AdminConsole.Core.Changes;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Names;

namespace AdminConsole.Core.Audit;

/// <summary>Converts the filters of <see cref="AuditQuery"/> to database queries. Shared by the list, the stream, the
/// export and the page.</summary>
internal static class AuditFilter
{
    /// <summary>Returns the events that match the filters. Limit and order are left to the caller. The cost depends on
    /// the filters; <see cref="AuditSearch"/> limits it.</summary>
    public static IQueryable<AuditEvent> Matching(this IQueryable<AuditEvent> events, AuditQuery query)
    {
        events = query.Before is { } before ? events.Where(entry => entry.Id < before) : events;
        events = ByTimes(events, query);
        events = AuditEqualities.Of(query).Aggregate(events, (some, one) => some.Where(one.Indexed));
        var group = AuditActions.Expand(query.Action);
        events = group.Count > 0 ? events.Where(entry => group.Contains(entry.Action)) : events;
        return ByTexts(events, query);
    }

    /// <summary>Returns the matching events for reading in batches in id order. Only the first filter can use its
    /// index, which is in that order; otherwise, the database might find and sort all matches again for each batch.
    /// Ignores the query's <c>before</c>.</summary>
    public static IQueryable<AuditEvent> InOrder(this IQueryable<AuditEvent> events, AuditQuery query)
    {
        List<Equality> equalities = [.. AuditEqualities.Of(query)];
        events = ByTimes(events, query);
        events = equalities.Aggregate(events, (some, one) => some.Where(ReferenceEquals(one, equalities[0]) ? one.Indexed : one.Plain));
        return ByTexts(ByGroup(events, query), query);
    }

    /// <summary>Applies the query's group of actions, if it has one, in a form that cannot use an index.</summary>
    public static IQueryable<AuditEvent> ByGroup(IQueryable<AuditEvent> events, AuditQuery query)
    {
        var group = AuditActions.Expand(query.Action);
        return group.Count > 0 ? events.Where(entry => group.Contains(entry.Action.Substring(0))) : events;
    }

    /// <summary>True when the query searches within texts, which no index supports.</summary>
    public static bool HasTexts(AuditQuery query) =>
        NameIn(query.Actor) is not null || NameIn(query.Target) is not null || !string.IsNullOrWhiteSpace(query.Search);

    /// <summary>Returns the filter, trimmed, if it is part of a name; null if it is an id or empty.</summary>
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
            var pattern = TextPattern.CreateContains(actor);
            events = events.Where(entry => TextPattern.Matches(entry.ActorName, pattern.Glob, pattern.Regex));
        }

        if (NameIn(query.Target) is { } target)
        {
            var pattern = TextPattern.CreateContains(target);
            events = events.Where(entry => TextPattern.Matches(entry.TargetName, pattern.Glob, pattern.Regex));
        }

        if (string.IsNullOrWhiteSpace(query.Search))
        {
            return events;
        }

        var anywhere = TextPattern.CreateContains(query.Search.Trim());
        return events.Where(entry =>
            TextPattern.Matches(entry.ActorName, anywhere.Glob, anywhere.Regex)
            || TextPattern.Matches(entry.TargetName, anywhere.Glob, anywhere.Regex)
            || TextPattern.Matches(entry.Action, anywhere.Glob, anywhere.Regex)
            || TextPattern.Matches(entry.Ip, anywhere.Glob, anywhere.Regex)
            || TextPattern.Matches(entry.Details, anywhere.Glob, anywhere.Regex)
        );
    }
}
