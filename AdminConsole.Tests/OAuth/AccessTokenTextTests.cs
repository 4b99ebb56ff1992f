using System.Buffers.Text;
using System.Security.Cryptography;
using AdminConsole.Core.OAuth;
using Microsoft.IdentityModel.Abstractions;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Logging;
using Microsoft.IdentityModel.Tokens;

namespace AdminConsole.Tests.OAuth;

/// <summary>Access tokens and keys against the vectors of their RFCs, and text that is refused before it reaches the
/// library.</summary>
public sealed class AccessTokenTextTests
{
    // RFC 7515, appendix A.3: the key and the signed text.
    private const string X = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
    private const string Y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
    private const string D = "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI";

    private const string Signed =
        "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
        + ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    private static readonly ECParameters Key = new()
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new ECPoint { X = Base64Url.DecodeFromChars(X), Y = Base64Url.DecodeFromChars(Y) },
        D = Base64Url.DecodeFromChars(D),
    };

    // The token signs in no user, so the values are irrelevant.
    private static readonly string Claims =
        """{"aud":"https://a.example","iss":"https://a.example","exp":2,"iat":1"""
        + $$""","sub":"{{Guid.Empty}}","client_id":"x","scope":"","jti":"{{Guid.Empty}}","sid":"{{Guid.Empty}}","auth_time":1}""";

    private const string Header = """{"alg":"ES256","kid":"x","typ":"at+jwt"}""";

    private static async Task<bool> IsSignedByAsync(string token, SigningKey key) =>
        (
            await new JsonWebTokenHandler().ValidateTokenAsync(
                token,
                new TokenValidationParameters
                {
                    IssuerSigningKey = key.SecurityKey,
                    ValidAlgorithms = ["ES256"],
                    ValidateIssuer = false,
                    ValidateAudience = false,
                    ValidateLifetime = false,
                }
            )
        ).IsValid;

    [Fact]
    public async Task The_example_of_RFC_7515_verifies_with_the_stored_form_of_the_key()
    {
        Assert.True(await IsSignedByAsync(Signed, new SigningKey(1, DateTimeOffset.UnixEpoch, Key)));
        Assert.False(await IsSignedByAsync(Signed, SigningKey.Create(1, DateTimeOffset.UnixEpoch)));
        Assert.Null(AccessTokenText.Read(Signed));
    }

    [Fact]
    public void An_access_token_is_accepted_in_its_canonical_form_only()
    {
        var good = ForgedTokens.Sign(Header, Claims, Key);
        var parts = good.Split('.');
        string Head(string header) => ForgedTokens.Sign(header, Claims, Key);
        string Body(string claims) => ForgedTokens.Sign(Header, claims, Key);
        string[] bad =
        [
            "",
            ".",
            "..",
            "a.b",
            $"{good}.",
            $"{good}.x",
            $"{parts[0]}.{parts[1]}.",
            $"{parts[0]}.{parts[1]}",
            $"{good}=",
            $" {good}",
            $"{good}\n",
            $"{parts[0]}.{parts[1]}.{parts[2][..^2]}",
            $"{parts[0]}.{parts[1]}.{parts[2]}AAAA",
            $"{parts[0]}.{parts[1]}.{new string('+', 86)}",
            $"{parts[0]}=.{parts[1]}.{parts[2]}",
            $".{parts[1]}.{parts[2]}",
            $"{parts[0]}é.{parts[1]}.{parts[2]}",
            $"{new string('A', 4000)}.{parts[1]}.{parts[2]}",
            // Different trailing bits: another text for the same bytes.
            $"{parts[0]}.{parts[1]}.{parts[2][..^1]}{(char)(parts[2][^1] + 1)}",
            Head("{}"),
            Head("""{"alg":"none","kid":"x","typ":"at+jwt"}"""),
            Head("""{"alg":"HS256","kid":"x","typ":"at+jwt"}"""),
            Head("""{"alg":"es256","kid":"x","typ":"at+jwt"}"""),
            Head("""{"alg":"ES256","kid":"x","typ":"JWT"}"""),
            Head("""{"alg":"ES256","kid":"x","typ":"application/at+jwt"}"""),
            Head("""{"alg":"ES256","kid":"x"}"""),
            Head("""{"alg":"ES256","typ":"at+jwt"}"""),
            Head("""{"alg":"ES256","kid":null,"typ":"at+jwt"}"""),
            Head("""{"alg":"ES256","kid":"x","typ":"at+jwt","crit":["exp"]}"""),
            Head("""{"alg":"ES256","kid":"x","typ":"at+jwt","jku":"https://b.example"}"""),
            Head("""{"alg":"ES256","alg":"ES256","kid":"x","typ":"at+jwt"}"""),
            Head("""{"alg":"ES256","kid":"x","typ":"at+jwt"} x"""),
            Head("[]"),
            Head("null"),
            Body("{}"),
            Body(Claims.Replace("\"exp\":2,", "", StringComparison.Ordinal)),
            Body(Claims.Replace(":2,", ":\"2\",", StringComparison.Ordinal)),
            Body(Claims.Replace(":2,", ":2.5,", StringComparison.Ordinal)),
            Body(Claims.Replace("}", ",\"nbf\":1}", StringComparison.Ordinal)),
            Body(Claims.Replace("}", ",\"exp\":3}", StringComparison.Ordinal)),
            Body(Claims.Replace("\"https://a.example\",\"iss\"", "[\"https://a.example\"],\"iss\"", StringComparison.Ordinal)),
            Body(Claims.Replace("\"scope\":\"\"", "\"scope\":null", StringComparison.Ordinal)),
            Body(Claims + "x"),
        ];

        Assert.NotNull(AccessTokenText.Read(good));
        Assert.All(bad, text => Assert.Null(AccessTokenText.Read(text)));
    }

    [Fact]
    public void A_thumbprint_matches_RFC_7638()
    {
        const string modulus =
            "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknj"
            + "hMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQ"
            + "vRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzK"
            + "nqDKgw";

        Assert.Equal(
            "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
            SigningKey.Thumbprint(
                new Dictionary<string, string>
                {
                    ["n"] = modulus,
                    ["kty"] = "RSA",
                    ["e"] = "AQAB",
                }
            )
        );
    }

    [Fact]
    public async Task A_key_is_published_as_in_RFC_7517_and_stored_completely()
    {
        var key = new SigningKey(7, DateTimeOffset.UnixEpoch, Key);
        var read = SigningKey.Read(7, key.ToBytes());

        Assert.Equal(
            ("EC", "P-256", X, Y, "sig", "ES256"),
            (key.Public.Kty, key.Public.Crv, key.Public.X, key.Public.Y, key.Public.Use, key.Public.Alg)
        );
        Assert.Equal(
            (key.Kid, key.Public.Kid, key.CreatedAt, D),
            (read.Kid, read.Kid, read.CreatedAt, Base64Url.EncodeToString(read.Parameters.D!))
        );
        Assert.True(await IsSignedByAsync(ForgedTokens.Sign(Header, Claims, read.Parameters), key));
    }

    [Fact]
    public void The_library_logs_nothing_of_a_token()
    {
        Assert.False(IdentityModelEventSource.ShowPII);
        Assert.False(IdentityModelEventSource.LogCompleteSecurityArtifact);
        Assert.IsType<NullIdentityModelLogger>(LogHelper.Logger);
    }
}
