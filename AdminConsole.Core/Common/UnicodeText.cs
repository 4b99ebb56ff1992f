using System.Text;

namespace AdminConsole.Core.Common;

/// <summary>Unicode normalization for all text that is stored, compared or hashed. Never throws, even for ill-formed
/// input.</summary>
public static class UnicodeText
{
    /// <summary>Returns the composed form (NFC). Ill-formed text is returned unchanged, because validation refuses
    /// it.</summary>
    public static string Compose(string text) => Ascii.IsValid(text) || !IsWellFormed(text) ? text : text.Normalize();

    /// <summary>Returns the form used to compare and search names: composed, upper-cased by .NET's invariant rules, and
    /// composed again. Text is never folded by a database, because each database has different rules.</summary>
    public static string Fold(string text) => Compose(Compose(text).ToUpperInvariant());

    /// <summary>False for text with a lone surrogate or U+FFFE, which .NET cannot normalize.</summary>
    public static bool IsWellFormed(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            var c = text[at];
            if (c == '\uFFFE')
            {
                return false;
            }

            if (char.IsSurrogate(c) && (++at == text.Length || !char.IsSurrogatePair(c, text[at])))
            {
                return false;
            }
        }

        return true;
    }
}
