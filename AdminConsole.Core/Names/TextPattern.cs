using System.Text;
using AdminConsole.Core.Common;

namespace AdminConsole.Core.Names;

/// <summary>A case-insensitive substring search for columns without a folded copy. The case variants of each letter are
/// written into the pattern by .NET's rules, because <c>upper()</c> only supports ASCII on SQLite and depends on the
/// locale on PostgreSQL.</summary>
/// <param name="Glob">The pattern for SQLite.</param>
/// <param name="Regex">The pattern for PostgreSQL.</param>
public sealed record TextPattern(string Glob, string Regex)
{
    /// <summary>Returns the pattern that matches the text anywhere.</summary>
    public static TextPattern CreateContains(string text)
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

    /// <summary>True if the text matches the pattern. Each database uses its own form. Can only be used in a database
    /// query.</summary>
    public static bool Matches(string? text, string glob, string regex) => throw new NotSupportedException("Only for use in queries.");

    private static HashSet<Rune> Variants(Rune rune)
    {
        var upper = Rune.ToUpperInvariant(rune);
        return upper.Value == 'Σ' ? [upper, new Rune('σ'), new Rune('ς')] : [rune, upper, Rune.ToLowerInvariant(upper)];
    }
}
