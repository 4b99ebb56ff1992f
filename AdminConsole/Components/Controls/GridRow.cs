namespace AdminConsole.Components.Controls;

/// <summary>
/// A row of a grid, which stays the same object while its value changes: a grid draws a row anew for a new object, and
/// a click or
/// the focus on the old one would be lost.
/// </summary>
public sealed class GridRow<T>(object key, T value)
{
    /// <summary>What the row is known by.</summary>
    public object Key { get; } = key;

    /// <summary>What it shows.</summary>
    public T Value { get; set; } = value;
}

/// <summary>Rows for values that were loaded again.</summary>
public static class GridRows
{
    /// <summary>The rows of these values; those that were there already are kept.</summary>
    public static List<GridRow<T>> Update<T>(IEnumerable<GridRow<T>> before, IEnumerable<T> values, Func<T, object> key)
    {
        var known = before.ToDictionary(row => row.Key);
        return
        [
            .. values.Select(value => known.TryGetValue(key(value), out var row) ? With(row, value) : new GridRow<T>(key(value), value)),
        ];
    }

    private static GridRow<T> With<T>(GridRow<T> row, T value)
    {
        row.Value = value;
        return row;
    }
}
