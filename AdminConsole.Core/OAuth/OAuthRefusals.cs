using AdminConsole.Core.Common;

namespace AdminConsole.Core.OAuth;

/// <summary>The error responses of OAuth (RFC 6749, section 5.2; RFC 8628, section 3.5).</summary>
public static class OAuthRefusals
{
    public static readonly Refusal AuthorizationPending = Refusal.Invalid(
        "authorization_pending",
        "The request hasn't been authorized yet."
    );
    public static readonly Refusal SlowDown = Refusal.Invalid("slow_down", "Wait five seconds longer between two polls.");
    public static readonly Refusal ExpiredToken = Refusal.Invalid("expired_token", "The device code has expired. Request a new one.");
    public static readonly Refusal AccessDenied = Refusal.Invalid("access_denied", "The request was denied.");
    public static readonly Refusal UnsupportedGrantType = Refusal.Invalid(
        "unsupported_grant_type",
        "The grants here are device_code, refresh_token and cli-code; the metadata has their full names."
    );
    public static readonly Refusal InvalidScope = Refusal.Invalid(
        "invalid_scope",
        "Scopes are permissions, separated by spaces, and never more than were granted."
    );
    public static readonly Refusal InvalidClient = Refusal.Unauthenticated(
        "invalid_client",
        "client_id is 1 to 100 letters, digits, dots, dashes and underscores; clients have no secret here."
    );

    public static Refusal InvalidGrant(string message) => Refusal.Invalid("invalid_grant", message);

    public static Refusal Missing(string field) => Refusal.Invalid("invalid_request", $"The form must have the field {field}.");
}
