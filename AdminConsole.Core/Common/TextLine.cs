using System.Globalization;

namespace AdminConsole.Core.Common;

/// <summary>Makes text of unknown origin safe for one line of a log, a header or a subject.</summary>
public static class TextLine
{
    private const int MaxCharacters = 200;

    /// <summary>Replaces line breaks and other control characters by spaces, trims the text, and cuts it to 200
    /// characters.</summary>
    public static string Of(string text)
    {
        var line = WithoutControls(text).Trim();
        return line.Length <= MaxCharacters
            ? line
            : line[..(char.IsHighSurrogate(line[MaxCharacters - 1]) ? MaxCharacters - 1 : MaxCharacters)];
    }

    /// <summary>Replaces line breaks and other control characters by spaces. Joiners stay, because scripts and emoji
    /// need them.</summary>
    public static string WithoutControls(string text) =>
        string.Concat(
            text.Select(character =>
                character is not ('\u200C' or '\u200D')
                && char.GetUnicodeCategory(character)
                    is UnicodeCategory.Control
                        or UnicodeCategory.Format
                        or UnicodeCategory.LineSeparator
                        or UnicodeCategory.ParagraphSeparator
                    ? ' '
                    : character
            )
        );
}
