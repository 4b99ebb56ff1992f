using System.Text;

namespace AdminConsole.Core.Names;

/// <summary>
/// A text to look for inside stored text, whatever the case, where no folded copy is kept. The variants of each letter
/// are spelled
/// out in the pattern by .NET's rules, because <c>upper() </c> knows only ASCII on SQLite and depends on the locale on
/// PostgreSQL.
/// </summary>
/// <param name="Glob">For SQLite.</param>
/// <param name="Regex">For PostgreSQL.</param>
public sealed record TextPattern(string Glob, string Regex)
{
    /// <summary>The pattern that finds the text anywhere.</summary>
    public static TextPattern Containing(string text)
    {
        var (glob, regex) = (new StringBuilder("*"), new StringBuilder());
        foreach (var rune in UnicodeText.Compose(text).EnumerateRunes())
        {
            var variants = Variants(rune);
            var any = variants.Count == 1 ? null : $"[{string.Concat(variants)}]";
            glob.Append(any ?? (rune.Value is '*' or '?' or '[' ? $"[{rune}]" : rune.ToString()));
            regex.Append(any ?? (rune.IsAscii && !Rune.IsLetterOrDigit(rune) && !Rune.IsWhiteSpace(rune) ? $@"\{rune}" : rune.ToString()));
        }

        return new TextPattern(glob.Append('*').ToString(), regex.ToString());
    }

    /// <summary>Whether the text has the pattern in it; each database uses its own form. Only in queries.</summary>
    public static bool IsIn(string? text, string glob, string regex) => throw new NotSupportedException("Only a database answers this.");

    private static HashSet<Rune> Variants(Rune rune)
    {
        var upper = Rune.ToUpperInvariant(rune);
        return upper.Value == 'Σ' ? [upper, new Rune('σ'), new Rune('ς')] : [rune, upper, Rune.ToLowerInvariant(upper)];
    }
}
