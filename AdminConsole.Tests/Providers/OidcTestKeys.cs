using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AdminConsole.Tests.Providers;

/// <summary>The keys of an <see cref="OidcTestProvider"/>, and tokens signed with them or wrongly.</summary>
internal sealed class OidcTestKeys
{
    // Generating RSA keys takes a while, so all providers use the same three, with ids of their own.
    private static readonly RSAParameters[] Rsa = [.. Enumerable.Range(0, 3).Select(_ => CreateRsa())];

    private readonly Lock gate = new();
    private readonly JsonWebTokenHandler handler = new() { SetDefaultTimesOnTokenCreation = false };
    private readonly ECDsaSecurityKey ec = Own(
        new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = TestData.Name("ec") }
    );
    private readonly RsaSecurityKey unpublished = Own(new RsaSecurityKey(Rsa[2]) { KeyId = TestData.Name("rsa") });

    private int current;
    private RsaSecurityKey rsa = Own(new RsaSecurityKey(Rsa[0]) { KeyId = TestData.Name("rsa") });

    /// <summary>The public keys as a JSON Web Key Set. The RSA key has no <c>alg</c>, because it signs RS256 and
    /// PS256.</summary>
    public object Published
    {
        get
        {
            lock (gate)
            {
                var (own, point) = (rsa.Parameters, ec.ECDsa.ExportParameters(includePrivateParameters: false).Q);
                object[] keys =
                [
                    new
                    {
                        kty = "RSA",
                        use = "sig",
                        kid = rsa.KeyId,
                        n = Base64Url.EncodeToString(own.Modulus),
                        e = Base64Url.EncodeToString(own.Exponent),
                    },
                    new
                    {
                        kty = "EC",
                        use = "sig",
                        kid = ec.KeyId,
                        crv = "P-256",
                        x = Base64Url.EncodeToString(point.X),
                        y = Base64Url.EncodeToString(point.Y),
                    },
                ];
                return new { keys };
            }
        }
    }

    /// <summary>Replaces the published RSA key by another with a new id.</summary>
    public void Rotate()
    {
        lock (gate)
        {
            current = 1 - current;
            rsa = Own(new RsaSecurityKey(Rsa[current]) { KeyId = TestData.Name("rsa") });
        }
    }

    /// <summary>Signs a token with the key of the algorithm: RS256, PS256, ES256, HS256 (with the client secret) or
    /// none.</summary>
    public string Sign(IReadOnlyDictionary<string, object> claims, string type, string algorithm, bool withUnpublishedKey = false)
    {
        lock (gate)
        {
            if (algorithm is "none" or "HS256")
            {
                return WriteByHand(claims, type, algorithm, rsa.KeyId);
            }

            SecurityKey key =
                withUnpublishedKey ? unpublished
                : algorithm == SecurityAlgorithms.EcdsaSha256 ? ec
                : rsa;
            return handler.CreateToken(
                JsonSerializer.Serialize(claims),
                new SigningCredentials(key, algorithm),
                new Dictionary<string, object> { ["typ"] = type }
            );
        }
    }

    /// <summary>Returns the token with one bit of its signature changed.</summary>
    public static string Tamper(string token)
    {
        var end = token.LastIndexOf('.') + 1;
        var signature = Base64Url.DecodeFromChars(token.AsSpan(end));
        signature[10] ^= 1;
        return token[..end] + Base64Url.EncodeToString(signature);
    }

    // The library refuses to write these.
    private static string WriteByHand(IReadOnlyDictionary<string, object> claims, string type, string algorithm, string kid)
    {
        var header = new Dictionary<string, string>
        {
            ["alg"] = algorithm,
            ["typ"] = type,
            ["kid"] = kid,
        };
        var text =
            Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(header))
            + "."
            + Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(claims));
        var signature = algorithm == "none" ? "" : Base64Url.EncodeToString(HMACSHA256.HashData(Secret(), Encoding.ASCII.GetBytes(text)));
        return $"{text}.{signature}";
    }

    private static byte[] Secret() => Encoding.UTF8.GetBytes(OidcTestProvider.ClientSecret);

    private static RSAParameters CreateRsa()
    {
        using var generated = RSA.Create(2048);
        return generated.ExportParameters(includePrivateParameters: true);
    }

    // The default factory caches signers by key, beyond the life of a provider.
    private static T Own<T>(T key)
        where T : SecurityKey
    {
        key.CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false };
        return key;
    }
}
