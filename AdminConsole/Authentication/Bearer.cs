using AdminConsole.Core.Common;
using AdminConsole.Core.OAuth;

namespace AdminConsole.Authentication;

/// <summary>Bearer tokens in requests and refusals (RFC 6750). They are accepted only under /api and /oauth, never for
/// pages.</summary>
internal static class Bearer
{
    private const string Scheme = "Bearer";

    public static bool IsIn(HttpRequest request) =>
        request.Headers.Authorization is [{ } header, ..]
        && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && (header.Length == Scheme.Length || header[Scheme.Length] == ' ')
        && (request.Path.StartsWithSegments("/api") || request.Path.StartsWithSegments("/oauth"));

    /// <summary>The token of the request. Call it only when <see cref="IsIn"/> is true. Empty when the request has two
    /// tokens.</summary>
    public static ReadOnlySpan<char> Of(HttpRequest request) =>
        request.Headers.Authorization is [{ } header] ? header.AsSpan(Scheme.Length).Trim() : [];

    /// <summary>Sets WWW-Authenticate to the most precise error known for the token, and returns the refusal for the
    /// body.</summary>
    public static Refusal Challenge(HttpContext context, Refusal refusal, string? permission)
    {
        if (refusal.Kind == RefusalKind.Unauthenticated)
        {
            var fault = context.Features.Get<TokenError>();
            context.Response.Headers.WWWAuthenticate = fault is null
                ? "Bearer"
                : $"Bearer error=\"invalid_token\", error_description=\"{fault.Code}: {fault.Message}\"";
            return fault?.ToRefusal() ?? refusal;
        }

        if (permission is not null && refusal.Code == "forbidden" && IsIn(context.Request))
        {
            context.Response.Headers.WWWAuthenticate = $"Bearer error=\"insufficient_scope\", scope=\"{permission}\"";
        }

        return refusal;
    }
}
