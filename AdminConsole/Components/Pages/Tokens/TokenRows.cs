using AdminConsole.Core.Contracts;

namespace AdminConsole.Components.Pages.Tokens;

/// <summary>Rows of a grid that loads again.</summary>
internal static class TokenRows
{
    /// <summary>
    /// The new rows, but those that did not change as the objects they were: a grid draws a row anew for a new object, and a click
    /// on the old one would be lost.
    /// </summary>
    public static List<T> Keep<T>(IEnumerable<T>? before, IEnumerable<T> now)
        where T : TokenSummary
    {
        var known = before?.ToDictionary(row => row.Id) ?? [];
        return [.. now.Select(row => known.TryGetValue(row.Id, out var old) && (old with { Scopes = row.Scopes }).Equals(row) ? old : row)];
    }
}
