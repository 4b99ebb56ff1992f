using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AdminConsole.Core.SignIn;

namespace AdminConsole.Tests.SignIn;

/// <summary>The signer and verifier of access tokens against the vectors of their RFCs.</summary>
public sealed class JwsTests
{
    // RFC 7515, A.3: the key, and what it signed.
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

    [Fact]
    public void The_example_of_RFC_7515_verifies()
    {
        var jws = Jws.Read(Signed)!;

        Assert.Equal("""{"alg":"ES256"}""", Encoding.ASCII.GetString(jws.Header));
        Assert.Equal("{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}", Encoding.ASCII.GetString(jws.Payload));
        Assert.True(jws.IsSignedBy(Key));
        Assert.False(jws.IsSignedBy(SigningKey.Create(1, DateTimeOffset.UnixEpoch).Parameters));
    }

    [Fact]
    public void What_is_signed_verifies_and_nothing_else_does()
    {
        var made = Jws.Sign("""{"alg":"ES256"}"""u8, "{}"u8, Key);
        var parts = made.Split('.');

        Assert.True(Jws.Read(made)!.IsSignedBy(Key));
        Assert.False(Jws.Read($"{parts[0]}.{Base64Url.EncodeToString("{ }"u8)}.{parts[2]}")!.IsSignedBy(Key));
        Assert.False(Jws.Read($"{Base64Url.EncodeToString("""{"alg":"none"}"""u8)}.{parts[1]}.{parts[2]}")!.IsSignedBy(Key));
        Assert.False(Jws.Read($"{parts[0]}.{parts[1]}.{new string('A', 86)}")!.IsSignedBy(Key));
    }

    [Fact]
    public void A_text_that_is_not_exactly_such_a_signature_is_not_read()
    {
        var parts = Signed.Split('.');
        string[] bad =
        [
            "", ".", "..", "a.b", $"{Signed}.", $"{parts[0]}.{parts[1]}.", $"{Signed}=", $" {Signed}", $"{Signed}\n", $"{parts[0]}.{parts[1]}.{parts[2][..^2]}", $"{parts[0]}.{parts[1]}.{parts[2]}AAAA",
            Signed.Replace('-', '+').Replace('_', '/'), $"{parts[0]}=.{parts[1]}.{parts[2]}", $".{parts[1]}.{parts[2]}", $"{parts[0]}.{parts[1]}.{parts[2][..^1]}V", $"{parts[0]}é.{parts[1]}.{parts[2]}", $"{new string('A', 4000)}.{parts[1]}.{parts[2]}",
        ];

        Assert.All(bad, text => Assert.Null(Jws.Read(text)));
    }

    [Fact]
    public void A_thumbprint_is_that_of_RFC_7638()
    {
        const string modulus =
            "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";

        Assert.Equal("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", SigningKey.Thumbprint(new Dictionary<string, string> { ["n"] = modulus, ["kty"] = "RSA", ["e"] = "AQAB" }));
    }

    [Fact]
    public void A_key_is_shown_as_in_RFC_7517_and_kept_whole()
    {
        var key = new SigningKey(7, DateTimeOffset.UnixEpoch, Key);
        var read = SigningKey.Read(7, key.ToBytes());

        Assert.Equal(("EC", "P-256", X, Y, "sig", "ES256"), (key.Public.Kty, key.Public.Crv, key.Public.X, key.Public.Y, key.Public.Use, key.Public.Alg));
        Assert.Equal((key.Kid, key.Public.Kid, key.CreatedAt, D), (read.Kid, read.Kid, read.CreatedAt, Base64Url.EncodeToString(read.Parameters.D!)));
        Assert.True(Jws.Read(Jws.Sign("{}"u8, "{}"u8, read.Parameters))!.IsSignedBy(Key));
    }
}
