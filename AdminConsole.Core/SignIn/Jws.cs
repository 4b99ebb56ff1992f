using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace AdminConsole.Core.SignIn;

/// <summary>
/// A signed text in three parts (RFC 7515, compact) of one algorithm, ES256 (RFC 7518, 3.4). Nothing in the text chooses how it is
/// verified; what is not exactly as <see cref="Sign"/> would write it is not read.
/// </summary>
internal sealed record Jws(byte[] Header, byte[] Payload, byte[] Signature, byte[] Signed)
{
    /// <summary>Longer ones are not ours.</summary>
    public const int MostCharacters = 2048;

    private const int SignatureBytes = 64;

    private static readonly SearchValues<char> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    public static string Sign(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, ECParameters key)
    {
        var signed = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(payload)}";
        using var ecdsa = ECDsa.Create(key);
        return $"{signed}.{Base64Url.EncodeToString(ecdsa.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation))}";
    }

    /// <summary>The parts, not verified; null where it is no such text.</summary>
    public static Jws? Read(string text)
    {
        if (text.Length > MostCharacters || text.Split('.') is not [var header, var payload, var signature])
        {
            return null;
        }

        return Decode(header) is { Length: > 0 } head && Decode(payload) is { } body && Decode(signature) is { Length: SignatureBytes } mark
            ? new Jws(head, body, mark, Encoding.ASCII.GetBytes($"{header}.{payload}"))
            : null;
    }

    public bool IsSignedBy(ECParameters key)
    {
        using var ecdsa = ECDsa.Create(key with { D = null });
        return ecdsa.VerifyData(Signed, Signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    // No padding, no white space, no bits left over: one text for one value.
    private static byte[]? Decode(string part)
    {
        if (part.AsSpan().ContainsAnyExcept(Alphabet) || part.Length % 4 == 1)
        {
            return null;
        }

        try
        {
            var bytes = Base64Url.DecodeFromChars(part);
            return Base64Url.EncodeToString(bytes) == part ? bytes : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
