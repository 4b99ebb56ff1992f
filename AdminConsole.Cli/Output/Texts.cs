using System.Globalization;
using System.Text;

namespace AdminConsole.Cli.Output;

/// <summary>Text as a terminal may be shown it.</summary>
internal static class Texts
{
    // Control characters move the cursor; formatting and line separators (U+202E and its like) make one name look like
    // another. Joiners are part of words and emoji.
    private static bool IsHarmful(char letter) =>
        letter is not ('\n' or '\u200C' or '\u200D')
        && char.GetUnicodeCategory(letter)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator;

    /// <summary>Without what would move the cursor or colour the screen: names and user agents come from
    /// strangers.</summary>
    public static string Clean(string text) =>
        text.Any(IsHarmful) ? string.Concat(text.Select(letter => IsHarmful(letter) ? '\uFFFD' : letter)) : text;

    /// <summary>The same on one line.</summary>
    public static string Line(string text) => Clean(text).Replace('\n', ' ');

    /// <summary>How many columns the text takes.</summary>
    public static int Width(string text)
    {
        var width = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            width += WidthOf(rune);
        }

        return width;
    }

    /// <summary>The beginning of the text that fits, and an ellipsis where something is left out.</summary>
    public static string Fit(string text, int columns)
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

    /// <summary>A time to the minute, in UTC.</summary>
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
