using AdminConsole.Core.Audit;

namespace AdminConsole.Components.Pages.Audit;

/// <summary>The actions of a filter as a set that is chosen from, and as the one text that the address and the API
/// know.</summary>
public static class ActionChoice
{
    public static IReadOnlySet<string> Read(string? filter) =>
        filter is null ? new HashSet<string>()
        : AuditActions.IsGroup(filter) ? AuditActions.In(filter).ToHashSet()
        : new HashSet<string> { filter };

    /// <summary>The set as a filter; null for none. What starts alike and is chosen altogether is written as a
    /// group.</summary>
    public static string? Write(IReadOnlySet<string> chosen)
    {
        var parts = chosen.GroupBy(StartOf).SelectMany(group => IsWhole(group.Key, group.Count()) ? [group.Key] : group.AsEnumerable());
        return chosen.Count == 0 ? null : string.Join(',', parts.Order(StringComparer.Ordinal));
    }

    /// <summary>What is chosen in words: a name, a group's name, two names, or how many.</summary>
    public static string Describe(string filter)
    {
        var chosen = Read(filter);
        var group = AuditActionTexts
            .All.GroupBy(text => text.Group)
            .FirstOrDefault(group => chosen.SetEquals(group.Select(text => text.Action)));
        return group is not null ? $"{group.Key} (all)"
            : chosen.Count <= 2 ? string.Join(" or ", chosen.Select(AuditSentences.NameOf))
            : $"{chosen.Count} actions";
    }

    private static string StartOf(string action) => action[..(action.IndexOf('.', StringComparison.Ordinal) + 1)];

    private static bool IsWhole(string start, int count) =>
        count > 1 && start.Length > 0 && AuditActions.All.Count(action => action.StartsWith(start, StringComparison.Ordinal)) == count;
}
