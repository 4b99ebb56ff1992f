using System.Globalization;
using AdminConsole.Core.Contracts;
using MudBlazor;

namespace AdminConsole.Components.Controls;

/// <summary>Which rows of a list are shown.</summary>
/// <param name="Page">From 1.</param>
/// <param name="Size">How many rows a page has.</param>
/// <param name="Sort">The order as the API names it, with a leading - for descending; null for the list's own.</param>
public sealed record PageRequest(int Page, int Size, string? Sort)
{
    /// <summary>How many rows come before the page.</summary>
    public int Skip => (Page - 1) * Size;

    /// <summary>What an address asks for; nonsense is the first page, in the list's own order.</summary>
    /// <param name="page">The number of the page.</param>
    /// <param name="size">How many rows it has.</param>
    /// <param name="sort">The order.</param>
    /// <param name="keys">What the list can be sorted by.</param>
    public static PageRequest Of(string? page, string? size, string? sort, IEnumerable<string> keys)
    {
        var rows = Number(size) is { } given && PageSizes.Contains(given) ? given : PageSizes[0];
        var last = 1 + (Limits.CountLimit / rows);
        var order = keys.Any(key => sort == key || sort == $"-{key}") ? sort : null;
        return new PageRequest(Math.Clamp(Number(page) ?? 1, 1, last), rows, order);
    }

    /// <summary>How many rows a page can have.</summary>
    public static IReadOnlyList<int> PageSizes { get; } = [25, 50, 100];

    /// <summary>In which direction it sorts by this key.</summary>
    public SortDirection DirectionOf(string key) =>
        Sort == key ? SortDirection.Ascending
        : Sort == $"-{key}" ? SortDirection.Descending
        : SortDirection.None;

    /// <summary>What the address says of it; what goes without saying is left out.</summary>
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

/// <summary>The rows of a page, and how many there are in all.</summary>
public record PageOf<T>(IReadOnlyList<T> Rows, long? Total);
