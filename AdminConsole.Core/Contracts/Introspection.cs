using System.Text.Json.Serialization;

namespace AdminConsole.Core.Contracts;

/// <summary>The introspection of a token, for services that receive it (RFC 7662). An invalid token yields only
/// <c>active: false</c>.</summary>
public sealed record Introspection
{
    /// <summary>True if the token is currently valid.</summary>
    [JsonPropertyName("active")]
    public required bool Active { get; init; }

    /// <summary>The current scopes of the token, separated by spaces.</summary>
    [JsonPropertyName("scope"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Scope { get; init; }

    /// <summary>The client that the token was issued to; <c>personal-access-token</c> for personal access
    /// tokens.</summary>
    [JsonPropertyName("client_id"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClientId { get; init; }

    /// <summary>The owner's email, or the username of an account without one.</summary>
    [JsonPropertyName("username"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Username { get; init; }

    [JsonPropertyName("token_type"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TokenType { get; init; }

    /// <summary>When the token expires, in seconds since 1970 (UTC); omitted if it does not expire.</summary>
    [JsonPropertyName("exp"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Exp { get; init; }

    /// <summary>When the token was issued, in seconds since 1970 (UTC).</summary>
    [JsonPropertyName("iat"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Iat { get; init; }

    /// <summary>The owner's id.</summary>
    [JsonPropertyName("sub"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Sub { get; init; }

    /// <summary>The token's id.</summary>
    [JsonPropertyName("jti"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Jti { get; init; }
}

/// <summary>Introspects a token. Sent as a form.</summary>
public sealed record IntrospectionRequest
{
    /// <summary>The token to introspect.</summary>
    [JsonPropertyName("token")]
    public required string Token { get; init; }

    /// <summary>Ignored. The type is determined from the token itself.</summary>
    [JsonPropertyName("token_type_hint")]
    public string? TokenTypeHint { get; init; }
}
