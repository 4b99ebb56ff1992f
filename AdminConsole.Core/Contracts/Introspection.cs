using System.Text.Json.Serialization;

namespace AdminConsole.Core.Contracts;

/// <summary>What a token is, for a service that was sent it (RFC 7662). Of one that is not valid nothing is told but
/// that.</summary>
public sealed record Introspection
{
    /// <summary>True where it may be accepted now.</summary>
    [JsonPropertyName("active")]
    public required bool Active { get; init; }

    /// <summary>What it may do now, separated by spaces.</summary>
    [JsonPropertyName("scope"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Scope { get; init; }

    /// <summary>Which program it was given to; <c>personal-access-token </c> where a person made it for whatever they
    /// like.</summary>
    [JsonPropertyName("client_id"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClientId { get; init; }

    /// <summary>The owner's email, or the username of an account without one.</summary>
    [JsonPropertyName("username"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Username { get; init; }

    [JsonPropertyName("token_type"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TokenType { get; init; }

    /// <summary>When it ends, in seconds since 1970; left out where it does not.</summary>
    [JsonPropertyName("exp"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Exp { get; init; }

    /// <summary>When it was made, in seconds since 1970.</summary>
    [JsonPropertyName("iat"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Iat { get; init; }

    /// <summary>The owner's id.</summary>
    [JsonPropertyName("sub"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Sub { get; init; }

    /// <summary>The token's id.</summary>
    [JsonPropertyName("jti"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Jti { get; init; }
}

/// <summary>Asks about a token, as a form.</summary>
public sealed record IntrospectionRequest
{
    /// <summary>The token that you were sent.</summary>
    [JsonPropertyName("token")]
    public required string Token { get; init; }

    /// <summary>Is ignored: the token says itself what it is.</summary>
    [JsonPropertyName("token_type_hint")]
    public string? TokenTypeHint { get; init; }
}
