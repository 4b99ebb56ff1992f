using System.Security.Cryptography;
using System.Text;

namespace AdminConsole.Core.Security;

/// <summary>Random secrets and their stored form.</summary>
public static class Secret
{
    /// <summary>What every personal access token begins with, so that people and scanners know one when they see
    /// it.</summary>
    public const string TokenPrefix = "acpat_";

    /// <summary>How many characters of a token are public: its mark and eight letters, to look it up and to tell it
    /// from others.</summary>
    public const int TokenPrefixLength = 14;

    /// <summary>A whole token: mark, 32 random bytes, checksum.</summary>
    public const int TokenLength = 55;

    internal const int ChecksumLength = 6;

    private const int BytesInToken = 32;

    // Making a hash costs more than hashing a token, and it is done at every request.
    [ThreadStatic]
    private static IncrementalHash? ofThread;

    /// <summary>43 base62 characters: 256 bits, for session keys and links.</summary>
    public static string Create() => RandomNumberGenerator.GetString(Base62.Digits, 43);

    // 256 random bits cannot be guessed, so a plain hash is enough; a slow hash would only slow every request.
    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>A new personal access token: <c>acpat_ </c>, 32 random bytes in base62, and the CRC-32 of all that in
    /// six base62 digits.</summary>
    public static string CreateToken()
    {
        Span<char> token = stackalloc char[TokenLength];
        TokenPrefix.CopyTo(token);
        Base62.Write(RandomNumberGenerator.GetBytes(BytesInToken), token[TokenPrefix.Length..^ChecksumLength]);
        WriteChecksum(token[..^ChecksumLength], token[^ChecksumLength..]);
        return new string(token);
    }

    /// <summary>Whether a text can be a token at all, from the text alone: a typo, or half a token, is known without a
    /// look-up.</summary>
    public static bool IsToken(ReadOnlySpan<char> text)
    {
        if (
            text.Length != TokenLength
            || !text.StartsWith(TokenPrefix, StringComparison.Ordinal)
            || text[TokenPrefix.Length..].ContainsAnyExcept(Base62.Characters)
        )
        {
            return false;
        }

        Span<char> checksum = stackalloc char[ChecksumLength];
        WriteChecksum(text[..^ChecksumLength], checksum);
        return checksum.SequenceEqual(text[^ChecksumLength..]);
    }

    /// <summary>SHA-256 of a token, without allocating. Only for what <see cref="IsToken"/> knows.</summary>
    public static void HashToken(ReadOnlySpan<char> token, Span<byte> hash)
    {
        Span<byte> ascii = stackalloc byte[TokenLength];
        Encoding.ASCII.GetBytes(token, ascii);
        HashAscii(ascii, hash);
    }

    /// <summary>SHA-256 without allocating.</summary>
    internal static void HashAscii(ReadOnlySpan<byte> ascii, Span<byte> hash)
    {
        var sha256 = ofThread ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha256.AppendData(ascii);
        sha256.GetHashAndReset(hash);
    }

    /// <summary>The CRC-32 of a token's characters in six base62 digits.</summary>
    internal static void WriteChecksum(ReadOnlySpan<char> covered, Span<char> checksum)
    {
        var crc = Crc32.Of(covered);
        for (var at = checksum.Length - 1; at >= 0; at--)
        {
            (crc, var digit) = uint.DivRem(crc, (uint)Base62.Digits.Length);
            checksum[at] = Base62.Digits[(int)digit];
        }
    }
}
