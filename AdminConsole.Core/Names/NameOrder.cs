namespace AdminConsole.Core.Names;

/// <summary>Sorts names identically on every database: by bytes, ignoring the case of A to Z. For names without a
/// normalized copy.</summary>
public static class NameOrder
{
    /// <summary>Returns the sort key. Can only be used in a database query.</summary>
    public static string SortKey(string name) => throw new NotSupportedException("Only for use in queries.");
}
