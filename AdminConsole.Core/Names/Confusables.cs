using System.Text;

namespace AdminConsole.Core.Names;

/// <summary>
/// Whether two names look alike, after the idea of Unicode's UTS 39: each character is replaced by the Latin letter
/// that it resembles.
/// Covers what a keyboard or a clipboard easily gives: Cyrillic, Greek, Armenian, Cherokee, full-width and styled
/// letters, dotless i.
/// </summary>
public static class Confusables
{
    private const int DotAbove = 0x0307;

    // A letter, and all characters that look like it, in upper or lower case. "1" and "0" look like letters too.
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

    /// <summary>Equal for names that look alike.</summary>
    public static string Skeleton(string name)
    {
        var skeleton = new StringBuilder(name.Length);
        var last = default(Rune);
        foreach (var rune in (UnicodeText.IsWellFormed(name) ? name.Normalize(NormalizationForm.FormKD) : name).EnumerateRunes())
        {
            var looks = Latin.TryGetValue(rune, out var letter) ? new Rune(letter) : Rune.ToLowerInvariant(rune);
            // On an i nobody sees a second dot, and two spaces hardly differ from one.
            if ((rune.Value == DotAbove && last.Value is 'i' or 'j') || (rune.Value == ' ' && last.Value == ' '))
            {
                continue;
            }

            skeleton.Append(looks.ToString());
            last = looks;
        }

        return skeleton.Replace("rn", "m").Replace("vv", "w").ToString();
    }

    /// <summary>True where people could take one name for the other.</summary>
    /// <param name="name">A name.</param>
    /// <param name="other">The other name.</param>
    /// <param name="ignoreMarks">Whether dots, hyphens, underscores and spaces count for nothing.</param>
    public static bool AreAlike(string name, string other, bool ignoreMarks) =>
        ignoreMarks ? Letters(Skeleton(name)) == Letters(Skeleton(other)) : Skeleton(name) == Skeleton(other);

    private static string Letters(string skeleton) => string.Concat(skeleton.Where(letter => letter is not (' ' or '.' or '-' or '_')));

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
