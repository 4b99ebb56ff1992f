using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace AdminConsole.Tests.OAuth;

/// <summary>Signed tokens of any content, which the library under test would not make.</summary>
internal static class Forged
{
    /// <summary>As ES256, whatever the header says.</summary>
    public static string Sign(string header, string claims, ECParameters key)
    {
        var signed = $"{Encode(header)}.{Encode(claims)}";
        using var ecdsa = ECDsa.Create(key);
        var signature = ecdsa.SignData(
            Encoding.ASCII.GetBytes(signed),
            HashAlgorithmName.SHA256,
            DSASignatureFormat.IeeeP1363FixedFieldConcatenation
        );
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>The claims of a token, signed with something public as if it were a shared secret.</summary>
    public static string SignByHmac(string token, string secret)
    {
        var header = DeviceCallers.PartOf(token, 0).GetRawText().Replace("ES256", "HS256", StringComparison.Ordinal);
        var signed = $"{Encode(header)}.{token.Split('.')[1]}";
        var signature = HMACSHA256.HashData(Encoding.ASCII.GetBytes(secret), Encoding.ASCII.GetBytes(signed));
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
