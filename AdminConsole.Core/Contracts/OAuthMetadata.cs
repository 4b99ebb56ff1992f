using System.Text.Json.Serialization;

namespace AdminConsole.Core.Contracts;

/// <summary>The OAuth authorization server metadata (RFC 8414).</summary>
public sealed record OAuthMetadata
{
    [JsonPropertyName("issuer")]
    public required string Issuer { get; init; }

    [JsonPropertyName("device_authorization_endpoint")]
    public required string DeviceAuthorizationEndpoint { get; init; }

    [JsonPropertyName("token_endpoint")]
    public required string TokenEndpoint { get; init; }

    [JsonPropertyName("revocation_endpoint")]
    public required string RevocationEndpoint { get; init; }

    [JsonPropertyName("introspection_endpoint")]
    public required string IntrospectionEndpoint { get; init; }

    [JsonPropertyName("jwks_uri")]
    public required string JwksUri { get; init; }

    [JsonPropertyName("scopes_supported")]
    public required IReadOnlyList<string> ScopesSupported { get; init; }

    /// <summary>Empty, because there is no authorization endpoint.</summary>
    [JsonPropertyName("response_types_supported")]
    public IReadOnlyList<string> ResponseTypesSupported { get; init; } = [];

    [JsonPropertyName("grant_types_supported")]
    public required IReadOnlyList<string> GrantTypesSupported { get; init; }

    /// <summary>Clients have no secrets.</summary>
    [JsonPropertyName("token_endpoint_auth_methods_supported")]
    public IReadOnlyList<string> TokenEndpointAuthMethodsSupported { get; init; } = ["none"];

    [JsonPropertyName("revocation_endpoint_auth_methods_supported")]
    public IReadOnlyList<string> RevocationEndpointAuthMethodsSupported { get; init; } = ["none"];

    /// <summary>Services authenticate with a bearer token.</summary>
    [JsonPropertyName("introspection_endpoint_auth_methods_supported")]
    public IReadOnlyList<string> IntrospectionEndpointAuthMethodsSupported { get; init; } = ["Bearer"];
}

/// <summary>A public key on the curve P-256 (RFC 7517, RFC 7518).</summary>
public sealed record Jwk
{
    [JsonPropertyName("kty")]
    public string Kty { get; init; } = "EC";

    [JsonPropertyName("crv")]
    public string Crv { get; init; } = "P-256";

    /// <summary>32 bytes in base64url.</summary>
    [JsonPropertyName("x")]
    public required string X { get; init; }

    /// <summary>32 bytes in base64url.</summary>
    [JsonPropertyName("y")]
    public required string Y { get; init; }

    /// <summary>The thumbprint of the key (RFC 7638).</summary>
    [JsonPropertyName("kid")]
    public required string Kid { get; init; }

    [JsonPropertyName("use")]
    public string Use { get; init; } = "sig";

    [JsonPropertyName("alg")]
    public string Alg { get; init; } = "ES256";
}

/// <summary>The public keys of access tokens: the current, the next and the previous one.</summary>
public sealed record JwkSet([property: JsonPropertyName("keys")] IReadOnlyList<Jwk> Keys);
