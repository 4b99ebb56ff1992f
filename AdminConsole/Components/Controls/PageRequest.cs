using System.Globalization;
using AdminConsole.Core.Contracts;
using MudBlazor;

namespace AdminConsole.Components.Controls;

/// <summary>The requested page of a list.</summary>
/// <param name="Page">The number of the page, from 1.</param>
/// <param name="Size">The number of rows on a page.</param>
/// <param name="Sort">The sort order by its API name, with a leading - for descending; null for the default
/// order.</param>
public sealed record PageRequest(int Page, int Size, string? Sort)
{
    /// <summary>The number of rows before the page.</summary>
    public int Skip => (Page - 1) * Size;

    /// <summary>Parses the query parameters of a URL. Invalid values fall back to the first page and the default
    /// order.</summary>
    /// <param name="page">The number of the page.</param>
    /// <param name="size">The number of rows on a page.</param>
    /// <param name="sort">The sort order.</param>
    /// <param name="keys">The keys that the list can be sorted by.</param>
    public static PageRequest Of(string? page, string? size, string? sort, IEnumerable<string> keys)
    {
        var rows = Number(size) is { } given && PageSizes.Contains(given) ? given : PageSizes[0];
        var last = 1 + (Limits.CountLimit / rows);
        var order = keys.Any(key => sort == key || sort == $"-{key}") ? sort : null;
        return new PageRequest(Math.Clamp(Number(page) ?? 1, 1, last), rows, order);
    }

    /// <summary>The page sizes to choose from.</summary>
    public static IReadOnlyList<int> PageSizes { get; } = [25, 50, 100];

    /// <summary>Returns the sort direction of a key.</summary>
    public SortDirection DirectionOf(string key) =>
        Sort == key ? SortDirection.Ascending
        : Sort == $"-{key}" ? SortDirection.Descending
        : SortDirection.None;

    /// <summary>Returns the query parameters of the page; null for each default value.</summary>
    public Dictionary<string, object?> ToQuery() =>
        new()
        {
            ["page"] = Page == 1 ? null : Page,
            ["size"] = Size == PageSizes[0] ? null : Size,
            ["sort"] = Sort,
        };

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>The rows of a page, and the total number of rows.</summary>
public record PageOf<T>(IReadOnlyList<T> Rows, long? Total);
