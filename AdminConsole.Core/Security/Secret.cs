using System.Security.Cryptography;
using System.Text;

namespace AdminConsole.Core.Security;

/// <summary>Creates and hashes random secrets.</summary>
public static class Secret
{
    /// <summary>The prefix of every personal access token, recognizable to users and secret scanners.</summary>
    public const string TokenPrefix = "acpat_";

    /// <summary>The length of the public start of a token: the prefix and eight characters. It is used for lookups and
    /// to tell tokens apart.</summary>
    public const int TokenPrefixLength = 14;

    /// <summary>The length of a token: the prefix, 32 random bytes in base62, and a checksum.</summary>
    public const int TokenLength = 55;

    internal const int ChecksumLength = 6;

    private const int BytesInToken = 32;

    // Reused per thread, because creating a hash object costs more than hashing a token, which happens on every
    // request.
    [ThreadStatic]
    private static IncrementalHash? threadHash;

    /// <summary>Creates 43 random base62 characters (256 bits), for session keys and links.</summary>
    public static string Create() => RandomNumberGenerator.GetString(Base62.Digits, 43);

    // 256 random bits cannot be guessed, so a fast hash is enough. A slow hash would only slow down every request.
    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>Creates a personal access token: <c>acpat_</c>, 32 random bytes in base62, and the CRC-32 of both in
    /// six base62 digits.</summary>
    public static string CreateToken()
    {
        Span<char> token = stackalloc char[TokenLength];
        TokenPrefix.CopyTo(token);
        Base62.Write(RandomNumberGenerator.GetBytes(BytesInToken), token[TokenPrefix.Length..^ChecksumLength]);
        WriteChecksum(token[..^ChecksumLength], token[^ChecksumLength..]);
        return new string(token);
    }

    /// <summary>Returns true if the text has the format and checksum of a token. Detects typos and truncated tokens
    /// without a database query.</summary>
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

    /// <summary>Computes the SHA-256 of a token without allocating. The token must have passed
    /// <see cref="IsToken"/>.</summary>
    public static void HashToken(ReadOnlySpan<char> token, Span<byte> hash)
    {
        Span<byte> ascii = stackalloc byte[TokenLength];
        Encoding.ASCII.GetBytes(token, ascii);
        HashAscii(ascii, hash);
    }

    /// <summary>Computes a SHA-256 without allocating.</summary>
    internal static void HashAscii(ReadOnlySpan<byte> ascii, Span<byte> hash)
    {
        var sha256 = threadHash ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha256.AppendData(ascii);
        sha256.GetHashAndReset(hash);
    }

    /// <summary>Writes the CRC-32 of the token's characters as six base62 digits.</summary>
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
