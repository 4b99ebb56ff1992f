using System.Text.Json.Serialization;
using AdminConsole.Core;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AdminConsole.Http;

/// <summary>A refusal of an OAuth endpoint (RFC 6749, 5.2).</summary>
/// <param name="Error">What programs go by.</param>
/// <param name="Description">One sentence for whoever writes them.</param>
public sealed record OAuthError([property: JsonPropertyName("error")] string Error, [property: JsonPropertyName("error_description")] string Description);

/// <summary>How OAuth endpoints take their input, and how a refusal looks there.</summary>
public static class OAuth
{
    /// <summary>Gives one field of the posted form to the verb. A form without it, with it twice, or none at all is <c>invalid_request</c>.</summary>
    public static async Task<Results<Ok<T>, JsonHttpResult<OAuthError>>> AnswerAsync<T>(HttpRequest request, string field, Func<string, Task<T>> verb)
    {
        if (!request.HasFormContentType)
        {
            return Invalid("The body must be a form: application/x-www-form-urlencoded.");
        }

        var given = await FieldAsync(request, field);
        return given is [{ Length: > 0 } value] ? TypedResults.Ok(await verb(value)) : Invalid($"The form must have the field {field}, once.");
    }

    internal static Task WriteAsync(Refusal refusal, HttpContext context, int? status)
    {
        var error = refusal.Kind switch
        {
            RefusalKind.Unauthenticated => "invalid_client",
            RefusalKind.Forbidden => "access_denied",
            RefusalKind.Busy => "temporarily_unavailable",
            _ => "invalid_request",
        };
        return TypedResults.Json(new OAuthError(error, refusal.Message), statusCode: status ?? refusal.StatusOf()).ExecuteAsync(context);
    }

    private static async Task<string?[]> FieldAsync(HttpRequest request, string field)
    {
        try
        {
            return (await request.ReadFormAsync(request.HttpContext.RequestAborted))[field].ToArray();
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }

    private static JsonHttpResult<OAuthError> Invalid(string description) => TypedResults.Json(new OAuthError("invalid_request", description), statusCode: StatusCodes.Status400BadRequest);
}
