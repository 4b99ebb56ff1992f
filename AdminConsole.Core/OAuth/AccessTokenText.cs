using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace AdminConsole.Core.OAuth;

/// <summary>The claims of an access token (RFC 9068, section 2.2).</summary>
internal sealed record AccessTokenClaims
{
    [JsonPropertyName("iss")]
    public required string Iss { get; init; }

    [JsonPropertyName("aud")]
    public required string Aud { get; init; }

    [JsonPropertyName("sub")]
    public required Guid Sub { get; init; }

    [JsonPropertyName("client_id")]
    public required string ClientId { get; init; }

    [JsonPropertyName("scope")]
    public required string Scope { get; init; }

    /// <summary>True if the device requested fewer scopes than it has, so that <see cref="Scope"/> limits this token;
    /// omitted otherwise.</summary>
    [JsonPropertyName("narrowed")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Narrowed { get; init; }

    [JsonPropertyName("jti")]
    public required Guid Jti { get; init; }

    /// <summary>The id of the connected device.</summary>
    [JsonPropertyName("sid")]
    public required Guid Sid { get; init; }

    [JsonPropertyName("auth_time")]
    public required long AuthTime { get; init; }

    [JsonPropertyName("iat")]
    public required long Iat { get; init; }

    [JsonPropertyName("exp")]
    public required long Exp { get; init; }
}

internal sealed record AccessTokenHeader
{
    [JsonPropertyName("alg")]
    public required string Alg { get; init; }

    [JsonPropertyName("typ")]
    public required string Typ { get; init; }

    [JsonPropertyName("kid")]
    public required string Kid { get; init; }
}

[JsonSourceGenerationOptions(
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(AccessTokenHeader))]
[JsonSerializable(typeof(AccessTokenClaims))]
internal sealed partial class AccessTokenJson : JsonSerializerContext;

/// <summary>An access token in the exact format that this server writes, not yet verified. Stricter than the library
/// that verifies it: missing, additional or duplicate members and alternative encodings are rejected.</summary>
internal sealed record AccessTokenText(AccessTokenHeader Header, AccessTokenClaims Claims)
{
    public const string Algorithm = "ES256";
    public const string Type = "at+jwt";

    /// <summary>The maximum length of a token that this server issues, in characters.</summary>
    public const int MaxCharacters = 2048;

    private const int LeastCharacters = 100;
    private const int SignatureBytes = 64;

    // The start of a JSON object in base64url.
    private const string Start = "eyJ";

    private static readonly SearchValues<char> Alphabet = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    );

    /// <summary>Returns true if the length and start of the text match an access token.</summary>
    public static bool IsCandidate(ReadOnlySpan<char> text) =>
        text.Length is > LeastCharacters and <= MaxCharacters && text.StartsWith(Start, StringComparison.Ordinal);

    /// <summary>Returns null if the text does not have the exact format.</summary>
    public static AccessTokenText? Read(string text)
    {
        if (
            !IsCandidate(text)
            || text.Split('.') is not [var header, var claims, var signature]
            || Decode(signature) is not { Length: SignatureBytes }
        )
        {
            return null;
        }

        return
            Parse(header, AccessTokenJson.Default.AccessTokenHeader) is { Alg: Algorithm, Typ: Type } head
            && Parse(claims, AccessTokenJson.Default.AccessTokenClaims) is { } body
            ? new AccessTokenText(head, body)
            : null;
    }

    private static T? Parse<T>(string part, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return Decode(part) is { } json ? JsonSerializer.Deserialize(json, type) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // No padding, white space or unused bits: each value has only one encoding.
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
