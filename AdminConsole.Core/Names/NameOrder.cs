namespace AdminConsole.Core.Names;

/// <summary>Sorts names alike on every database where no normalized copy is kept: by their bytes, whatever the case of
/// A to Z.</summary>
public static class NameOrder
{
    /// <summary>What to sort by. Only in queries.</summary>
    public static string Of(string name) => throw new NotSupportedException("Only a database answers this.");
}
