using AdminConsole.Core.Contracts;

namespace AdminConsole.Components.Controls;

/// <summary>The search text of a URL.</summary>
internal static class SearchText
{
    /// <summary>Returns the text, shortened to the limit; null if it is empty or can't be searched for.</summary>
    public static string? Of(string? given) =>
        string.IsNullOrEmpty(given) || given.Contains('\0', StringComparison.Ordinal) ? null
        : given.Length > Limits.Search ? given[..Limits.Search]
        : given;
}
