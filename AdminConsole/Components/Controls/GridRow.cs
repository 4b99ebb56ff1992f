namespace AdminConsole.Components.Controls;

/// <summary>A grid row that stays the same object while its value changes. For a new object, a grid would recreate the
/// row and lose its focus or a click on it.</summary>
public sealed class GridRow<T>(object key, T value)
{
    /// <summary>The key that identifies the row.</summary>
    public object Key { get; } = key;

    /// <summary>The current value.</summary>
    public T Value { get; set; } = value;
}

/// <summary>Creates grid rows and reuses existing ones.</summary>
public static class GridRows
{
    /// <summary>Returns a row for each value, reusing the rows of known keys.</summary>
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
