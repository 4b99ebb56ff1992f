using System.Globalization;

namespace AdminConsole.Components.Controls;

/// <summary>The circle with a person's initials.</summary>
public static class Avatar
{
    /// <summary>The first letters of the first and the last word of a name; of an email, its first letter.</summary>
    public static string Initials(string name)
    {
        var words = name.Split('@')[0].Split([' ', '.', '-', '_'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return words switch
        {
            [] => "?",
            [var only] => First(only),
            [var first, .., var last] => First(first) + First(last),
        };
    }

    private static string First(string word) => StringInfo.GetNextTextElement(word).ToUpperInvariant();
}
