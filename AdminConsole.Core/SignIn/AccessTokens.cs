using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using AdminConsole.Core.Devices;

namespace AdminConsole.Core.SignIn;

/// <summary>Who access tokens say they come from: the console's public address, without a slash at its end.</summary>
public sealed record Issuer(string Value);

/// <summary>Whose access tokens are accepted; null where any address of this server will do, in development.</summary>
public sealed record AcceptedIssuer(string? Value);

/// <summary>What an access token says (RFC 9068, 2.2).</summary>
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

    [JsonPropertyName("jti")]
    public required Guid Jti { get; init; }

    /// <summary>The connected device.</summary>
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

[JsonSourceGenerationOptions(UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(AccessTokenHeader))]
[JsonSerializable(typeof(AccessTokenClaims))]
internal sealed partial class AccessTokenJson : JsonSerializerContext;

/// <summary>
/// JWT access tokens (RFC 9068) that last 15 minutes. Only ES256, only <c>at+jwt</c>, only this server's own keys and claims: what has one
/// member more or less than it writes itself is refused.
/// </summary>
public sealed class AccessTokens(SigningKeys keys, AcceptedIssuer accepted)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    private const string Alg = "ES256";
    private const string Typ = "at+jwt";

    // What base64url makes of the beginning of any JSON object that begins with a member.
    private const string Mark = "eyJ";

    /// <summary>Whether a text may be one at all.</summary>
    internal static bool IsCandidate(ReadOnlySpan<char> text) => text.Length is > 100 and <= Jws.MostCharacters && text.StartsWith(Mark, StringComparison.Ordinal);

    /// <summary>A token for a device, begun at a time; the same time and family give the same claims again.</summary>
    internal async Task<string> IssueAsync(ConnectedDevice device, Issuer issuer, string scope, DateTimeOffset at, CancellationToken ct)
    {
        var key = await keys.CurrentAsync(ct);
        var claims = new AccessTokenClaims
        {
            Iss = issuer.Value,
            Aud = issuer.Value,
            Sub = device.UserId,
            ClientId = device.ClientId,
            Scope = scope,
            // From what is known of the refresh token that goes with it, so that an honest retry gets the same.
            Jti = new Guid(SHA256.HashData(device.TokenHash).AsSpan(0, 16)),
            Sid = device.Id,
            AuthTime = device.AuthenticatedAt.ToUnixTimeSeconds(),
            Iat = at.ToUnixTimeSeconds(),
            Exp = (at + Lifetime).ToUnixTimeSeconds(),
        };
        return Jws.Sign(
            JsonSerializer.SerializeToUtf8Bytes(new AccessTokenHeader { Alg = Alg, Typ = Typ, Kid = key.Kid }, AccessTokenJson.Default.AccessTokenHeader),
            JsonSerializer.SerializeToUtf8Bytes(claims, AccessTokenJson.Default.AccessTokenClaims), key.Parameters);
    }

    /// <summary>What it says, if this server signed it for itself; expired or not. Null otherwise.</summary>
    internal async ValueTask<AccessTokenClaims?> ReadAsync(string presented, CancellationToken ct)
    {
        if (!IsCandidate(presented) || Jws.Read(presented) is not { } jws || Parse(jws.Header, AccessTokenJson.Default.AccessTokenHeader) is not { Alg: Alg, Typ: Typ } header)
        {
            return null;
        }

        return await keys.FindAsync(header.Kid, ct) is { } key && jws.IsSignedBy(key.Parameters)
            && Parse(jws.Payload, AccessTokenJson.Default.AccessTokenClaims) is { } claims && claims.Aud == claims.Iss && (accepted.Value ?? claims.Iss) == claims.Iss
            ? claims
            : null;
    }

    private static T? Parse<T>(byte[] json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
