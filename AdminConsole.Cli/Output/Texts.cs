using System.Globalization;
using System.Text;

namespace AdminConsole.Cli.Output;

/// <summary>Formats text for the terminal.</summary>
internal static class Texts
{
    // Control characters move the cursor. Format characters and line separators (such as U+202E) make one name look
    // like another. Joiners are part of words and emoji.
    private static bool IsHarmful(char character) =>
        character is not ('\n' or '\u200C' or '\u200D')
        && char.GetUnicodeCategory(character)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator;

    /// <summary>Replaces characters that would move the cursor or color the screen. Names and user agents come from
    /// untrusted sources.</summary>
    public static string Clean(string text) =>
        text.Any(IsHarmful) ? string.Concat(text.Select(character => IsHarmful(character) ? '\uFFFD' : character)) : text;

    /// <summary>Cleans the text and puts it on one line.</summary>
    public static string Line(string text) => Clean(text).Replace('\n', ' ');

    /// <summary>Returns the number of columns that the text takes.</summary>
    public static int Width(string text)
    {
        var width = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            width += WidthOf(rune);
        }

        return width;
    }

    /// <summary>Truncates the text to the number of columns and marks the cut with an ellipsis.</summary>
    public static string Truncate(string text, int columns)
    {
        if (Width(text) <= columns)
        {
            return text;
        }

        var fitting = new StringBuilder();
        var width = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if ((width += WidthOf(rune)) > columns - 1)
            {
                break;
            }

            fitting.Append(rune);
        }

        return fitting.Append('…').ToString();
    }

    /// <summary>Formats a time to the minute, in UTC. Returns an empty string for null.</summary>
    public static string Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture) ?? "";

    private static int WidthOf(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format ? 0
        : rune.Value
            is (>= 0x1100 and <= 0x115F)
                or (>= 0x2E80 and <= 0xA4CF)
                or (>= 0xAC00 and <= 0xD7A3)
                or (>= 0xF900 and <= 0xFAFF)
                or (>= 0xFE30 and <= 0xFE6F)
                or (>= 0xFF00 and <= 0xFF60)
                or (>= 0xFFE0 and <= 0xFFE6)
                or (>= 0x1F300 and <= 0x1FAFF)
                or (>= 0x20000 and <= 0x3FFFD)
            ? 2
        : 1;
}
