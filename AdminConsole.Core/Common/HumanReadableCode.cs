using System.Security.Cryptography;
using System.Text;

namespace AdminConsole.Core.Common;

/// <summary>Codes for people to read and type: 20 letters without vowels, so that they spell nothing and hardly look
/// alike (RFC 8628, 6.1).</summary>
public static class HumanReadableCode
{
    public const string Alphabet = "BCDFGHJKLMNPQRSTVWXZ";

    private const int GroupLength = 4;

    public static string Create(int length) => RandomNumberGenerator.GetString(Alphabet, length);

    /// <summary>In groups of four with dashes.</summary>
    public static string Show(string code) => string.Join('-', code.Chunk(GroupLength).Select(group => new string(group)));

    /// <summary>The letters of what a person typed, whatever case, dashes and spaces; null where that cannot be such a
    /// code.</summary>
    public static string? Read(string? typed, int length)
    {
        if (typed is not { Length: <= 100 })
        {
            return null;
        }

        var letters = string.Concat(typed.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
        return letters.Length == length && letters.All(Alphabet.Contains) ? letters : null;
    }

    /// <summary>With a key, because so short a code could be found again from a plain hash.</summary>
    public static byte[] Hash(byte[] key, string purpose, string code) =>
        HMACSHA256.HashData(key, Encoding.ASCII.GetBytes($"{purpose}:{code}"));
}
