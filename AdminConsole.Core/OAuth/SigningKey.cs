using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AdminConsole.Core.Contracts;
using Microsoft.IdentityModel.Tokens;

namespace AdminConsole.Core.OAuth;

/// <summary>A P-256 key pair that signs access tokens.</summary>
internal sealed class SigningKey
{
    // A signature provider cached by key thumbprint would outlive the key whose handle it uses, and is no faster
    // (docs/decisions/0025).
    private static readonly CryptoProviderFactory Uncached = new() { CacheSignatureProviders = false };

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public SigningKey(int number, DateTimeOffset createdAt, ECParameters parameters)
    {
        (Number, CreatedAt, Parameters) = (number, createdAt, parameters);
        var (x, y) = (Base64Url.EncodeToString(parameters.Q.X), Base64Url.EncodeToString(parameters.Q.Y));
        Kid = Thumbprint(
            new Dictionary<string, string>
            {
                ["kty"] = "EC",
                ["crv"] = "P-256",
                ["x"] = x,
                ["y"] = y,
            }
        );
        Public = new Jwk
        {
            X = x,
            Y = y,
            Kid = Kid,
        };
        // Not disposed, because requests can still use a key after the keys were reloaded. The finalizer releases its
        // handle.
        SecurityKey = new ECDsaSecurityKey(ECDsa.Create(parameters)) { KeyId = Kid, CryptoProviderFactory = Uncached };
    }

    /// <summary>The sequence number. It is unique, so that of two nodes that create a key concurrently only one
    /// succeeds.</summary>
    public int Number { get; }

    public DateTimeOffset CreatedAt { get; }

    public string Kid { get; }

    public Jwk Public { get; }

    public ECParameters Parameters { get; }

    /// <summary>The key pair in the form that the JWT library uses.</summary>
    public ECDsaSecurityKey SecurityKey { get; }

    public static SigningKey Create(int number, DateTimeOffset now)
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new SigningKey(number, now, ecdsa.ExportParameters(includePrivateParameters: true));
    }

    /// <summary>Returns the plaintext that data protection encrypts for storage: 8 bytes of creation time, then
    /// PKCS#8.</summary>
    public byte[] ToBytes()
    {
        using var ecdsa = ECDsa.Create(Parameters);
        return [.. BitConverter.GetBytes(CreatedAt.ToUnixTimeMilliseconds()), .. ecdsa.ExportPkcs8PrivateKey()];
    }

    public static SigningKey Read(int number, byte[] bytes)
    {
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportPkcs8PrivateKey(bytes.AsSpan(sizeof(long)), out _);
        return new SigningKey(
            number,
            DateTimeOffset.FromUnixTimeMilliseconds(BitConverter.ToInt64(bytes)),
            ecdsa.ExportParameters(includePrivateParameters: true)
        );
    }

    /// <summary>Computes the thumbprint: SHA-256 over the key's required members, ordered by name (RFC 7638).</summary>
    internal static string Thumbprint(IReadOnlyDictionary<string, string> members) =>
        Base64Url.EncodeToString(
            SHA256.HashData(
                Encoding.UTF8.GetBytes(
                    JsonSerializer.Serialize(new SortedDictionary<string, string>(members.ToDictionary(), StringComparer.Ordinal), Plain)
                )
            )
        );
}
