using AdminConsole.Core.Contracts;

namespace AdminConsole.Components.Controls;

/// <summary>What an address asks a page to search for.</summary>
internal static class SearchText
{
    /// <summary>Null where nothing is given, or nothing that can be searched for; cut where it is too long.</summary>
    public static string? Of(string? given) =>
        string.IsNullOrEmpty(given) || given.Contains('\0', StringComparison.Ordinal) ? null
        : given.Length > Limits.Search ? given[..Limits.Search]
        : given;
}
