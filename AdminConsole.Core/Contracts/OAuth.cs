using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace AdminConsole.Core.Contracts;

/// <summary>What a sign-in gives to a program (RFC 6749, 5.1).</summary>
public sealed record TokenResponse
{
    /// <summary>A JWT (RFC 9068); send it as a bearer token.</summary>
    [JsonPropertyName("access_token")]
    public required string AccessToken { get; init; }

    /// <summary>Always <c>Bearer</c>.</summary>
    [JsonPropertyName("token_type")]
    public required string TokenType { get; init; }

    /// <summary>For how many seconds the access token works.</summary>
    [JsonPropertyName("expires_in")]
    public required int ExpiresIn { get; init; }

    /// <summary>Gets the next access token, once; the answer has its successor.</summary>
    [JsonPropertyName("refresh_token")]
    public required string RefreshToken { get; init; }

    /// <summary>What the access token may do, separated by spaces.</summary>
    [JsonPropertyName("scope")]
    public required string Scope { get; init; }
}

/// <summary>Asks for tokens, as a form.</summary>
public sealed record TokenRequest
{
    /// <summary> <c>urn:ietf:params:oauth:grant-type:device_code </c>, <c>refresh_token </c> or
    /// <c>urn:adminconsole:grant-type:cli-code </c>. </summary>
    [JsonPropertyName("grant_type")]
    public string? GrantType { get; init; }

    /// <summary>Which program asks; needed with a device code.</summary>
    [JsonPropertyName("client_id")]
    public string? ClientId { get; init; }

    /// <summary>With the grant device_code: what the device got.</summary>
    [JsonPropertyName("device_code")]
    public string? DeviceCode { get; init; }

    /// <summary>With the grant refresh_token: the one that came last.</summary>
    [JsonPropertyName("refresh_token")]
    public string? RefreshToken { get; init; }

    /// <summary>With the grant cli-code: the 12 letters that the console showed.</summary>
    [JsonPropertyName("code")]
    public string? Code { get; init; }

    /// <summary>With the grant cli-code: what the program shall be able to do, separated by spaces; left out,
    /// everything its user may do. With refresh_token: no more than it can already.</summary>
    [JsonPropertyName("scope")]
    public string? Scope { get; init; }

    /// <summary>With the grant cli-code: what to call the device in lists.</summary>
    [JsonPropertyName("device_name")]
    public string? DeviceName { get; init; }
}

/// <summary>Asks for a code that a person approves in a browser (RFC 8628), as a form.</summary>
public sealed record DeviceAuthorizationRequest
{
    /// <summary>What the program calls itself: letters, digits, dot, dash and underscore.</summary>
    [JsonPropertyName("client_id")]
    public string? ClientId { get; init; }

    /// <summary>What it shall be able to do, separated by spaces; left out, everything its user may do.</summary>
    [JsonPropertyName("scope")]
    public string? Scope { get; init; }

    /// <summary>What to call the device on the approval page and in lists.</summary>
    [JsonPropertyName("device_name")]
    public string? DeviceName { get; init; }
}

/// <summary>Where the person goes, with which code, and how the device asks whether they have (RFC 8628,
/// 3.2).</summary>
public sealed record DeviceAuthorization
{
    [JsonPropertyName("device_code")]
    public required string DeviceCode { get; init; }

    /// <summary>Eight letters and a dash, for a person to read.</summary>
    [JsonPropertyName("user_code")]
    public required string UserCode { get; init; }

    [JsonPropertyName("verification_uri")]
    public required string VerificationUri { get; init; }

    /// <summary>The same with the code filled in.</summary>
    [JsonPropertyName("verification_uri_complete")]
    public required string VerificationUriComplete { get; init; }

    /// <summary>For how many seconds both codes work.</summary>
    [JsonPropertyName("expires_in")]
    public required int ExpiresIn { get; init; }

    /// <summary>How many seconds to wait between two polls.</summary>
    [JsonPropertyName("interval")]
    public required int Interval { get; init; }
}

/// <summary>Ends what a token belongs to (RFC 7009), as a form.</summary>
public sealed record RevocationRequest
{
    /// <summary>A refresh token, an access token or a personal access token.</summary>
    [JsonPropertyName("token")]
    public required string Token { get; init; }

    /// <summary>Is ignored: the token says itself what it is.</summary>
    [JsonPropertyName("token_type_hint")]
    public string? TokenTypeHint { get; init; }
}

/// <summary>Signs a program in with its user's password.</summary>
public sealed record PasswordTokenRequest
{
    /// <summary>Email or username.</summary>
    [Required, StringLength(Limits.Email)]
    public string Login { get; init; } = "";

    [Required]
    public string Password { get; init; } = "";

    /// <summary>The code of the second factor; asked for by <c>mfa_required</c>.</summary>
    [StringLength(Limits.Code)]
    public string? Code { get; init; }

    /// <summary>One of the recovery codes, in its place.</summary>
    [StringLength(Limits.Code)]
    public string? RecoveryCode { get; init; }

    /// <summary>What to call the device in lists.</summary>
    [StringLength(Limits.DeviceName)]
    public string? DeviceName { get; init; }
}

/// <summary>A code that signs a program in, once.</summary>
/// <param name="Code">Twelve letters with dashes; it is in this answer and never again.</param>
/// <param name="ExpiresIn">For how many seconds it works.</param>
public sealed record CliCode(string Code, int ExpiresIn);
