using System.Globalization;
using System.Text;

namespace AdminConsole.Core.Names;

/// <summary>Determines whether an invisible character is part of a word or an emoji. Anywhere else it would only make
/// equal-looking names differ.</summary>
internal static class Joiners
{
    public const int Zwnj = 0x200C;
    public const int Zwj = 0x200D;

    private const int TextStyle = 0xFE0E;
    private const int EmojiStyle = 0xFE0F;
    private const int Keycap = 0x20E3;
    private const int BlackFlag = 0x1F3F4;
    private const int CancelTag = 0xE007F;

    /// <summary>True for a joiner that has an effect. It follows a letter of a joining script and precedes another,
    /// follows a sign such as a virama, or joins two emoji.</summary>
    public static bool IsBetweenLetters(Rune[] runes, int at)
    {
        if (at == 0)
        {
            return false;
        }

        var (before, after) = (runes[at - 1], After(runes, at));
        if (Joins(before) && (Joins(after) || NameText.IsMark(before)))
        {
            return true;
        }

        return runes[at].Value == Zwj && EndsEmoji(before) && IsEmoji(after);
    }

    public static bool IsVariationSelector(Rune rune) =>
        rune.Value is (>= 0xFE00 and <= EmojiStyle) or (>= 0xE0100 and <= 0xE01EF) or (>= 0x180B and <= 0x180F and not 0x180E);

    /// <summary>True for a selector after a character with variants: an emoji, a keycap, an ideograph or another letter
    /// without case.</summary>
    public static bool SelectsVariant(Rune[] runes, int at)
    {
        if (at == 0)
        {
            return false;
        }

        var before = runes[at - 1];
        return runes[at].Value is TextStyle or EmojiStyle
            ? IsEmoji(before) || (IsKey(before) && After(runes, at).Value == Keycap)
            : Rune.GetUnicodeCategory(before) == UnicodeCategory.OtherLetter;
    }

    /// <summary>True for a tag character in a sequence that turns a black flag into a region's flag, including its
    /// terminator.</summary>
    public static bool IsFlagTag(Rune[] runes, int at)
    {
        if (!IsTag(runes[at]))
        {
            return false;
        }

        var (first, last) = (at, at);
        while (first > 0 && IsTag(runes[first - 1]))
        {
            first--;
        }

        while (last + 1 < runes.Length && IsTag(runes[last + 1]))
        {
            last++;
        }

        return first > 0
            && runes[first - 1].Value == BlackFlag
            && last - first is >= 3 and <= 6
            && Array.FindIndex(runes, first, rune => rune.Value == CancelTag) == last;
    }

    // At the end of the text, the default is no letter, mark, emoji or keycap.
    private static Rune After(Rune[] runes, int at) => at + 1 < runes.Length ? runes[at + 1] : default;

    private static bool IsTag(Rune rune) => rune.Value is (>= 0xE0030 and <= 0xE0039) or (>= 0xE0061 and <= 0xE007A) or CancelTag;

    private static bool IsKey(Rune rune) => rune.Value is (>= '0' and <= '9') or '#' or '*';

    // A style or a skin color may follow the emoji.
    private static bool EndsEmoji(Rune rune) => IsEmoji(rune) || rune.Value is EmojiStyle or (>= 0x1F3FB and <= 0x1F3FF);

    private static bool IsEmoji(Rune rune) =>
        rune.Value
            is 0x00A9
                or 0x00AE
                or 0x203C
                or 0x2049
                or 0x2122
                or 0x2139
                or 0x3030
                or 0x303D
                or 0x3297
                or 0x3299
                or (>= 0x2190 and <= 0x2BFF)
                or (>= 0x1F000 and <= 0x1FAFF);

    // Arabic and related scripts, the scripts of India and its neighbors, and Mongolian. In scripts with separate
    // letters, a joiner has no effect.
    private static bool Joins(Rune rune) =>
        (Rune.IsLetter(rune) || NameText.IsMark(rune))
        && rune.Value
            is (>= 0x0600 and <= 0x109F)
                or (>= 0x1700 and <= 0x1C4F)
                or (>= 0xA800 and <= 0xAAFF)
                or (>= 0xABC0 and <= 0xABFF)
                or (>= 0xFB50 and <= 0xFDFF)
                or (>= 0xFE70 and <= 0xFEFC)
                or (>= 0x10A00 and <= 0x11FFF)
                or (>= 0x1E900 and <= 0x1E95F);
}
