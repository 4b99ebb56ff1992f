using System.Globalization;
using System.Text;
using AdminConsole.Core.Common;

namespace AdminConsole.Core.Names;

/// <summary>Validates text that users enter and others read as a name. Letters of all scripts and emoji are allowed.
/// Characters that are invisible, reorder other text, or have no meaning outside one font are not, because they make
/// one name look like another.</summary>
public static class NameText
{
    /// <summary>Returns null if the text is a valid single-line name; otherwise <c>validation_failed</c> for the
    /// field.</summary>
    public static Refusal? Check(string field, string text) =>
        CheckText(field, text)
        ?? (HasVisible(text) ? null : Refusal.InvalidField(field, "Enter a name with at least one visible character."));

    /// <summary>Validates a text that may be empty, such as a reason, and optionally allows line breaks and
    /// tabs.</summary>
    public static Refusal? CheckText(string field, string? text, bool allowLineBreaks = false) =>
        text is null || FirstForbidden(text, allowLineBreaks) is not { } rune
            ? null
            : Refusal.InvalidField(field, $"Invisible and control characters can't be used here (U+{rune.Value:X4}).");

    /// <summary>Removes forbidden characters from the text. Used for names that client programs report.</summary>
    public static string Clean(string text)
    {
        var runes = text.EnumerateRunes().Where(rune => rune != Rune.ReplacementChar).ToArray();
        var clean = new StringBuilder(text.Length);
        for (var at = 0; at < runes.Length; at++)
        {
            if (IsAllowed(runes, at))
            {
                clean.Append(runes[at].ToString());
            }
        }

        return UnicodeText.Compose(clean.ToString());
    }

    /// <summary>True for letters and digits of all scripts, and their combining marks.</summary>
    internal static bool IsWordCharacter(Rune rune) =>
        Rune.IsLetterOrDigit(rune) || IsMark(rune) || rune.Value is Joiners.Zwnj or Joiners.Zwj;

    /// <summary>True if the text has a visible character, not only spaces, joiners and marks.</summary>
    internal static bool HasVisible(string text) =>
        text.EnumerateRunes().Any(rune => !IsBlank(rune) && (Rune.IsLetterOrDigit(rune) || IsNumberOrSign(rune)));

    internal static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.EnclosingMark;

    private static bool IsNumberOrSign(Rune rune) => Rune.IsNumber(rune) || Rune.IsPunctuation(rune) || Rune.IsSymbol(rune);

    private static Rune? FirstForbidden(string text, bool allowLineBreaks)
    {
        // A lone surrogate is enumerated as U+FFFD; Validation has already refused it.
        var runes = text.EnumerateRunes().ToArray();
        for (var at = 0; at < runes.Length; at++)
        {
            if (!IsAllowed(runes, at) && !(allowLineBreaks && runes[at].Value is '\n' or '\r' or '\t'))
            {
                return runes[at];
            }
        }

        return null;
    }

    private static bool IsAllowed(Rune[] runes, int at)
    {
        var rune = runes[at];
        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.Format when rune.Value is Joiners.Zwj or Joiners.Zwnj => Joiners.IsBetweenLetters(runes, at),
            UnicodeCategory.Format => Joiners.IsFlagTag(runes, at),
            UnicodeCategory.Control
            or UnicodeCategory.Surrogate
            or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned
            or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator => false,
            _ => !IsBlank(rune) && (!Joiners.IsVariationSelector(rune) || Joiners.SelectsVariant(runes, at)),
        };
    }

    // Letters, marks and symbols without a visible glyph: Hangul and Khmer fillers, the blank Braille pattern, the
    // grapheme joiner.
    private static bool IsBlank(Rune rune) =>
        rune.Value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x2800 or 0x3164 or 0xFFA0 or 0xFFFC or 0x1D159;
}
