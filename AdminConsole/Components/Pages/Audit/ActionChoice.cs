using AdminConsole.Core.Audit;
using AdminConsole.Core.Changes;

namespace AdminConsole.Components.Pages.Audit;

/// <summary>Converts the actions of a filter between a set and the text that the URL and the API use.</summary>
public static class ActionChoice
{
    public static IReadOnlySet<string> Read(string? filter) =>
        filter is null ? new HashSet<string>()
        : AuditActions.IsGroup(filter) ? AuditActions.Expand(filter).ToHashSet()
        : new HashSet<string> { filter };

    /// <summary>Returns the set as a filter; null if it is empty. A complete group of actions is written as its
    /// prefix.</summary>
    public static string? Write(IReadOnlySet<string> chosen)
    {
        var parts = chosen.GroupBy(StartOf).SelectMany(group => IsWhole(group.Key, group.Count()) ? [group.Key] : group.AsEnumerable());
        return chosen.Count == 0 ? null : string.Join(',', parts.Order(StringComparer.Ordinal));
    }

    /// <summary>Describes a filter: the name of a group, up to two names of actions, or the number of
    /// actions.</summary>
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
