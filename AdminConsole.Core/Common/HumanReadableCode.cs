using System.Security.Cryptography;
using System.Text;

namespace AdminConsole.Core.Common;

/// <summary>Codes for users to read and type. The alphabet of 20 letters has no vowels, so that codes form no words and
/// letters are hard to confuse (RFC 8628, section 6.1).</summary>
public static class HumanReadableCode
{
    public const string Alphabet = "BCDFGHJKLMNPQRSTVWXZ";

    private const int GroupLength = 4;

    public static string Create(int length) => RandomNumberGenerator.GetString(Alphabet, length);

    /// <summary>Formats a code in groups of four, separated by dashes.</summary>
    public static string Show(string code) => string.Join('-', code.Chunk(GroupLength).Select(group => new string(group)));

    /// <summary>Returns the letters of a typed code, ignoring case, dashes and spaces; null when it can't be a code of
    /// this length.</summary>
    public static string? Read(string? typed, int length)
    {
        if (typed is not { Length: <= 100 })
        {
            return null;
        }

        var code = string.Concat(typed.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
        return code.Length == length && code.All(Alphabet.Contains) ? code : null;
    }

    /// <summary>Returns a keyed hash. A plain hash of such a short code could be reversed.</summary>
    public static byte[] Hash(byte[] key, string purpose, string code) =>
        HMACSHA256.HashData(key, Encoding.ASCII.GetBytes($"{purpose}:{code}"));
}
