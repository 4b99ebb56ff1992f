using System.Text;
using AdminConsole.Core.Common;

namespace AdminConsole.Core.Names;

/// <summary>Detects names that look alike. Based on Unicode UTS 39: each character is replaced by the Latin letter that
/// it resembles. Covers the characters that are easy to type or paste: Cyrillic, Greek, Armenian, Cherokee, full-width
/// and styled letters, and dotless i.</summary>
public static class Confusables
{
    private const int DotAbove = 0x0307;

    // Each row: a letter, followed by all characters that look like it in upper or lower case, including the digits 1
    // and 0.
    private static readonly Dictionary<Rune, char> Latin = Table(
        "aаАαΑɑᴀᎪ",
        "bВвΒβЬьʙᏴ",
        "cсСϲϹᴄᏟ",
        "dԁᴅᎠ",
        "eеЕεΕєᴇᎬ",
        "fϝғꞙ",
        "gɡɢցᏀ",
        "hһнНΗհʜᎻ",
        "iіІιΙıɩɪӏⅰᎥ",
        "jјЈϳյᴊᎫ",
        "kкКκΚᴋᏦ",
        "l1|ʟᏞ",
        "mмМΜᴍᎷ",
        "nпΝηոɴи",
        "o0оОοΟσօᴏՕ",
        "pрРρΡᴘᏢ",
        "qԛզ",
        "rгʀᏒᎡ",
        "sѕЅꜱᏚՏ",
        "tтТτΤᴛᎢ",
        "uυսᴜՍ",
        "vνѵѴᴠᏙ",
        "wωԝшѡաᴡᎳ",
        "xхХχΧ",
        "yуУүҮγΥуỿʏ",
        "zΖʐᴢᏃ"
    );

    /// <summary>Returns a skeleton that is equal for names that look alike.</summary>
    public static string Skeleton(string name)
    {
        var skeleton = new StringBuilder(name.Length);
        var last = default(Rune);
        foreach (var rune in (UnicodeText.IsWellFormed(name) ? name.Normalize(NormalizationForm.FormKD) : name).EnumerateRunes())
        {
            var lookalike = Latin.TryGetValue(rune, out var letter) ? new Rune(letter) : Rune.ToLowerInvariant(rune);
            // A second dot on an i is invisible, and two spaces look like one.
            var isSecondDot = rune.Value == DotAbove && last.Value is 'i' or 'j';
            var isSecondSpace = rune.Value == ' ' && last.Value == ' ';
            if (isSecondDot || isSecondSpace)
            {
                continue;
            }

            skeleton.Append(lookalike.ToString());
            last = lookalike;
        }

        return skeleton.Replace("rn", "m").Replace("vv", "w").ToString();
    }

    /// <summary>True if one name could be mistaken for the other.</summary>
    /// <param name="name">A name.</param>
    /// <param name="other">The other name.</param>
    /// <param name="ignoreMarks">True to ignore dots, hyphens, underscores and spaces.</param>
    public static bool AreAlike(string name, string other, bool ignoreMarks) =>
        ignoreMarks ? Letters(Skeleton(name)) == Letters(Skeleton(other)) : Skeleton(name) == Skeleton(other);

    private static string Letters(string skeleton) => string.Concat(skeleton.Where(c => c is not (' ' or '.' or '-' or '_')));

    private static Dictionary<Rune, char> Table(params ReadOnlySpan<string> rows)
    {
        var table = new Dictionary<Rune, char>();
        foreach (var row in rows)
        {
            foreach (var rune in row[1..].EnumerateRunes())
            {
                table[rune] = row[0];
            }
        }

        return table;
    }
}
