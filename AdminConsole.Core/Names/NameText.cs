using System.Globalization;
using System.Text;
using AdminConsole.Core.Common;

namespace AdminConsole.Core.Names;

/// <summary>
/// The rule for every text that a person gives and others read as a name. Letters of all scripts and emoji are allowed;
/// characters that
/// cannot be seen, reorder other text, or mean nothing outside one font are not, because they make one name look like
/// another.
/// </summary>
public static class NameText
{
    /// <summary>Null when the text may be a name on one line; otherwise <c>validation_failed </c> under this
    /// field.</summary>
    public static Refusal? Check(string field, string text) =>
        CheckText(field, text)
        ?? (HasVisible(text) ? null : Refusal.InvalidField(field, "Enter a name with at least one visible character."));

    /// <summary>The same for a text that may be empty or have line breaks, such as a reason.</summary>
    public static Refusal? CheckText(string field, string? text, bool allowLineBreaks = false) =>
        text is null || FirstForbidden(text, allowLineBreaks) is not { } rune
            ? null
            : Refusal.InvalidField(field, $"Invisible and control characters can't be used here (U+{rune.Value:X4}).");

    /// <summary>The text without what the rule forbids, for names that programs give themselves.</summary>
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

    /// <summary>True for letters and digits of all scripts, and the marks that belong to them.</summary>
    internal static bool IsWordCharacter(Rune rune) =>
        Rune.IsLetterOrDigit(rune) || IsMark(rune) || rune.Value is Joiners.Zwnj or Joiners.Zwj;

    /// <summary>True where the text has something to see besides spaces, joiners and marks.</summary>
    internal static bool HasVisible(string text) =>
        text.EnumerateRunes()
            .Any(rune =>
                !IsBlank(rune) && (Rune.IsLetterOrDigit(rune) || Rune.IsNumber(rune) || Rune.IsPunctuation(rune) || Rune.IsSymbol(rune))
            );

    internal static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.EnclosingMark;

    private static Rune? FirstForbidden(string text, bool allowLineBreaks)
    {
        // Half of a surrogate pair enumerates as U+FFFD; Validation refuses it before.
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

    // Letters, marks and symbols that are drawn as nothing: fillers of Hangul and Khmer, Braille without dots, the
    // grapheme joiner.
    private static bool IsBlank(Rune rune) =>
        rune.Value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x2800 or 0x3164 or 0xFFA0 or 0xFFFC or 0x1D159;
}
