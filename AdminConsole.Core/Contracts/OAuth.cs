using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace AdminConsole.Core.Contracts;

/// <summary>The tokens issued to a client (RFC 6749, section 5.1).</summary>
public sealed record TokenResponse
{
    /// <summary>A JWT (RFC 9068), to be sent as a bearer token.</summary>
    [JsonPropertyName("access_token")]
    public required string AccessToken { get; init; }

    /// <summary>Always <c>Bearer</c>.</summary>
    [JsonPropertyName("token_type")]
    public required string TokenType { get; init; }

    /// <summary>The lifetime of the access token, in seconds.</summary>
    [JsonPropertyName("expires_in")]
    public required int ExpiresIn { get; init; }

    /// <summary>A single-use token for the next access token. That response contains its successor.</summary>
    [JsonPropertyName("refresh_token")]
    public required string RefreshToken { get; init; }

    /// <summary>The scopes of the access token, separated by spaces.</summary>
    [JsonPropertyName("scope")]
    public required string Scope { get; init; }
}

/// <summary>Requests tokens. Sent as a form.</summary>
public sealed record TokenRequest
{
    /// <summary><c>urn:ietf:params:oauth:grant-type:device_code</c>, <c>refresh_token</c> or
    /// <c>urn:adminconsole:grant-type:cli-code</c>.</summary>
    [JsonPropertyName("grant_type")]
    public string? GrantType { get; init; }

    /// <summary>The client id; required with a device code.</summary>
    [JsonPropertyName("client_id")]
    public string? ClientId { get; init; }

    /// <summary>For the <c>device_code</c> grant: the device code issued to the client.</summary>
    [JsonPropertyName("device_code")]
    public string? DeviceCode { get; init; }

    /// <summary>For the <c>refresh_token</c> grant: the most recent refresh token.</summary>
    [JsonPropertyName("refresh_token")]
    public string? RefreshToken { get; init; }

    /// <summary>For the <c>cli-code</c> grant: the 12 letters that the console showed.</summary>
    [JsonPropertyName("code")]
    public string? Code { get; init; }

    /// <summary>For the <c>cli-code</c> grant: the requested scopes, separated by spaces. If omitted, all access of the
    /// code. For <c>refresh_token</c>: scopes within those already granted.</summary>
    [JsonPropertyName("scope")]
    public string? Scope { get; init; }

    /// <summary>For the <c>cli-code</c> grant: the name of the device in lists.</summary>
    [JsonPropertyName("device_name")]
    public string? DeviceName { get; init; }
}

/// <summary>Requests a code that a user approves in a browser (RFC 8628). Sent as a form.</summary>
public sealed record DeviceAuthorizationRequest
{
    /// <summary>The client id, chosen by the client: 1 to 100 letters, digits, dots, dashes and underscores.</summary>
    [JsonPropertyName("client_id")]
    public string? ClientId { get; init; }

    /// <summary>The requested scopes, separated by spaces; all permissions of the user if omitted.</summary>
    [JsonPropertyName("scope")]
    public string? Scope { get; init; }

    /// <summary>The name of the device, on the approval page and in lists.</summary>
    [JsonPropertyName("device_name")]
    public string? DeviceName { get; init; }
}

/// <summary>The codes of a device authorization, the page to approve it, and the polling interval (RFC 8628, section
/// 3.2).</summary>
public sealed record DeviceAuthorization
{
    [JsonPropertyName("device_code")]
    public required string DeviceCode { get; init; }

    /// <summary>Eight letters and a dash, for the user to read.</summary>
    [JsonPropertyName("user_code")]
    public required string UserCode { get; init; }

    [JsonPropertyName("verification_uri")]
    public required string VerificationUri { get; init; }

    /// <summary>The verification URI with the user code included.</summary>
    [JsonPropertyName("verification_uri_complete")]
    public required string VerificationUriComplete { get; init; }

    /// <summary>The lifetime of both codes, in seconds.</summary>
    [JsonPropertyName("expires_in")]
    public required int ExpiresIn { get; init; }

    /// <summary>The minimum time between two polls, in seconds.</summary>
    [JsonPropertyName("interval")]
    public required int Interval { get; init; }
}

/// <summary>Revokes a token and the device it belongs to (RFC 7009). Sent as a form.</summary>
public sealed record RevocationRequest
{
    /// <summary>A refresh token, an access token or a personal access token.</summary>
    [JsonPropertyName("token")]
    public required string Token { get; init; }

    /// <summary>Ignored. The type is determined from the token itself.</summary>
    [JsonPropertyName("token_type_hint")]
    public string? TokenTypeHint { get; init; }
}

/// <summary>Signs a client in with the user's password.</summary>
public sealed record PasswordTokenRequest
{
    /// <summary>The user's email or username.</summary>
    [Required, StringLength(Limits.Email)]
    public string Login { get; init; } = "";

    [Required]
    public string Password { get; init; } = "";

    /// <summary>The six-digit code of the authenticator app. Required after <c>mfa_required</c>.</summary>
    [StringLength(Limits.Code)]
    public string? Code { get; init; }

    /// <summary>A recovery code, instead of <c>code</c>.</summary>
    [StringLength(Limits.Code)]
    public string? RecoveryCode { get; init; }

    /// <summary>The name of the device in lists.</summary>
    [StringLength(Limits.DeviceName)]
    public string? DeviceName { get; init; }
}

/// <summary>A single-use code that signs a command line in.</summary>
/// <param name="Code">Twelve letters with dashes. It is returned only once.</param>
/// <param name="ExpiresIn">The lifetime of the code, in seconds.</param>
public sealed record CliCode(string Code, int ExpiresIn);
