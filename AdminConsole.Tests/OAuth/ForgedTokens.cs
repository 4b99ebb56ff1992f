using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace AdminConsole.Tests.OAuth;

/// <summary>Creates signed tokens with any content, which the library under test would not create.</summary>
internal static class ForgedTokens
{
    /// <summary>Signs with ES256, whatever the header states.</summary>
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

    /// <summary>Signs the claims of a token with a public value as an HMAC secret.</summary>
    public static string SignByHmac(string token, string secret)
    {
        var header = DeviceCallers.PartOf(token, 0).GetRawText().Replace("ES256", "HS256", StringComparison.Ordinal);
        var signed = $"{Encode(header)}.{token.Split('.')[1]}";
        var signature = HMACSHA256.HashData(Encoding.ASCII.GetBytes(secret), Encoding.ASCII.GetBytes(signed));
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
