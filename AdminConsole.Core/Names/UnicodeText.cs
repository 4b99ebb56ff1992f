using System.Text;

namespace AdminConsole.Core.Names;

/// <summary>Unicode normalization of everything that is stored, compared or hashed. Never throws, whatever a stranger
/// sends.</summary>
public static class UnicodeText
{
    /// <summary>The composed form (NFC). Ill-formed text is returned unchanged: it is refused where it is
    /// validated.</summary>
    public static string Compose(string text) => Ascii.IsValid(text) || !IsWellFormed(text) ? text : text.Normalize();

    /// <summary>
    /// The form in which names are compared, stored for comparison and searched: composed, upper-cased by .NET's
    /// invariant rules,
    /// composed again.
    /// No database folds text on its own, because each would do so by its own rules.
    /// </summary>
    public static string Fold(string text) => Compose(Compose(text).ToUpperInvariant());

    /// <summary>False for half of a surrogate pair and for U+FFFE, which .NET does not normalize.</summary>
    public static bool IsWellFormed(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            var letter = text[at];
            if (letter == '\uFFFE' || (char.IsSurrogate(letter) && (++at == text.Length || !char.IsSurrogatePair(letter, text[at]))))
            {
                return false;
            }
        }

        return true;
    }
}
