namespace AdminConsole.Core.Common;

/// <summary>Describes an exception in one line for an administrator. The log has the details.</summary>
internal static class Problem
{
    private const int MaxCharacters = 300;

    public static string Of(Exception exception)
    {
        var root = exception.GetBaseException();
        var line = $"{root.GetType().Name}: {TextLine.Of(root.Message)}";
        return line.Length <= MaxCharacters ? line : $"{line[..MaxCharacters]}…";
    }
}
