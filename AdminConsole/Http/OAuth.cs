using System.Text.Json.Serialization;
using AdminConsole.Core.Common;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AdminConsole.Http;

/// <summary>An error response of an OAuth endpoint (RFC 6749, 5.2).</summary>
/// <param name="Error">The code for programs.</param>
/// <param name="Description">One sentence for the developer of the client.</param>
public sealed record OAuthError(
    [property: JsonPropertyName("error")] string Error,
    [property: JsonPropertyName("error_description")] string Description
);

/// <summary>Reads the input of OAuth endpoints and writes their error responses.</summary>
public static class OAuth
{
    private static readonly HashSet<string> Errors =
    [
        "invalid_request",
        "invalid_client",
        "invalid_grant",
        "invalid_scope",
        "unauthorized_client",
        "unsupported_grant_type",
        "authorization_pending",
        "slow_down",
        "expired_token",
        "access_denied",
    ];

    /// <summary>Passes one field of the posted form to the operation. A form without it, with it twice, or no form is
    /// refused as <c>invalid_request</c>.</summary>
    public static Task<Results<Ok<T>, JsonHttpResult<OAuthError>>> AnswerAsync<T>(
        HttpRequest request,
        string field,
        Func<string, Task<T>> verb
    ) =>
        AnswerAsync<T>(
            request,
            async form => form(field) is { } value ? await verb(value) : AdminConsole.Core.OAuth.OAuthRefusals.Missing(field)
        );

    /// <summary>Passes the fields of the posted form to the operation. A missing field is null, and so is an empty one
    /// (RFC 6749, 3.1). A repeated field, or no form, is refused as <c>invalid_request</c>. Clients have no secret
    /// here, so a client that sends one is refused as <c>invalid_client</c>.</summary>
    public static async Task<Results<Ok<T>, JsonHttpResult<OAuthError>>> AnswerAsync<T>(
        HttpRequest request,
        Func<Func<string, string?>, Task<Result<T>>> verb
    )
    {
        if (request.Headers.Authorization is [{ } header, ..] && header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            request.HttpContext.Response.Headers.WWWAuthenticate = "Basic realm=\"clients\"";
            return Refused(AdminConsole.Core.OAuth.OAuthRefusals.InvalidClient);
        }

        if (!request.HasFormContentType)
        {
            return Invalid("The body must be a form: application/x-www-form-urlencoded.");
        }

        if (await FormAsync(request) is not { } form)
        {
            return Invalid("The body is no form.");
        }

        if (form.FirstOrDefault(field => field.Value.Count > 1).Key is { } twice)
        {
            return Invalid($"The form must not have a field twice{(twice.All(char.IsAsciiLetterLower) ? $": {twice}" : "")}.");
        }

        var result = await verb(name => form[name] is [{ Length: > 0 } value] ? value : null);
        return result.Refusal is { } refusal ? Refused(refusal) : TypedResults.Ok(result.Value);
    }

    internal static Task WriteAsync(Refusal refusal, HttpContext context, int? status)
    {
        if (refusal.RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = $"{Math.Ceiling(wait.TotalSeconds)}";
        }

        return TypedResults
            .Json(new OAuthError(NameOf(refusal), refusal.Message), statusCode: status ?? refusal.StatusOf())
            .ExecuteAsync(context);
    }

    private static string NameOf(Refusal refusal) =>
        Errors.Contains(refusal.Code)
            ? refusal.Code
            : refusal.Kind switch
            {
                RefusalKind.Unauthenticated => "invalid_client",
                RefusalKind.Forbidden => "access_denied",
                RefusalKind.Busy or RefusalKind.TooMany => "temporarily_unavailable",
                _ => "invalid_request",
            };

    private static async Task<IFormCollection?> FormAsync(HttpRequest request)
    {
        try
        {
            return await request.ReadFormAsync(request.HttpContext.RequestAborted);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static JsonHttpResult<OAuthError> Invalid(string description) => Refused(Refusal.Invalid("invalid_request", description));

    private static JsonHttpResult<OAuthError> Refused(Refusal refusal) =>
        TypedResults.Json(new OAuthError(NameOf(refusal), refusal.Message), statusCode: refusal.StatusOf());
}
