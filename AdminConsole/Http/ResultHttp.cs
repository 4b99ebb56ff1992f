using System.Globalization;
using AdminConsole.Core.Common;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AdminConsole.Http;

/// <summary>Maps refusals to HTTP: RFC 9457 problem details with a stable <c>code</c>. No other class does
/// so.</summary>
public static class ResultHttp
{
    private const string RetryAfter = "retryAfter";

    public static Results<TOk, ProblemHttpResult> ToHttp<T, TOk>(this Result<T> result, Func<T, TOk> ok)
        where TOk : IResult => result.Match<Results<TOk, ProblemHttpResult>>(value => ok(value), refusal => refusal.ToProblem());

    public static async Task<Results<Ok<T>, ProblemHttpResult>> ToOk<T>(this Task<Result<T>> result) =>
        (await result).ToHttp(value => TypedResults.Ok(value));

    public static async Task<Results<NoContent, ProblemHttpResult>> ToNoContent<T>(this Task<Result<T>> result) =>
        (await result).ToHttp(_ => TypedResults.NoContent());

    public static int StatusOf(this Refusal refusal) =>
        refusal.Kind switch
        {
            RefusalKind.Invalid => StatusCodes.Status400BadRequest,
            RefusalKind.Unauthenticated => StatusCodes.Status401Unauthorized,
            RefusalKind.Forbidden => StatusCodes.Status403Forbidden,
            RefusalKind.NotFound => StatusCodes.Status404NotFound,
            RefusalKind.Conflict => StatusCodes.Status409Conflict,
            RefusalKind.TooMany => StatusCodes.Status429TooManyRequests,
            RefusalKind.Busy => StatusCodes.Status503ServiceUnavailable,
            _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal.Kind, "This kind of refusal has no HTTP status."),
        };

    /// <summary>Sets the status and Retry-After of a page that shows the refusal itself.</summary>
    public static void Mark(HttpContext context, Refusal refusal)
    {
        context.Response.StatusCode = refusal.StatusOf();
        if (refusal.RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }
    }

    public static ProblemHttpResult ToProblem(this Refusal refusal) =>
        TypedResults.Problem(
            new ProblemDetails
            {
                Status = refusal.StatusOf(),
                Detail = refusal.Message,
                Extensions = Members(refusal),
            }
        );

    /// <summary>Writes the refusal as the response where no handler ran.</summary>
    public static Task WriteAsync(this Refusal refusal, HttpContext context, int? status = null)
    {
        // When the request could not even be read, only the exception feature has the endpoint.
        if (
            (context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint) is not null
            && context.Request.Path.StartsWithSegments("/oauth")
        )
        {
            return OAuth.WriteAsync(refusal, context, status);
        }

        var problem = TypedResults.Problem(
            new ProblemDetails
            {
                Status = status ?? refusal.StatusOf(),
                Detail = refusal.Message,
                Extensions = Members(refusal),
            }
        );
        SayWhen(context, problem);
        return problem.ExecuteAsync(context);
    }

    /// <summary>Filter that sets Retry-After when the refusal of a handler has a time to wait.</summary>
    public static async ValueTask<object?> SayWhenAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var result = await next(context);
        if ((result is INestedHttpResult nested ? nested.Result : result) is ProblemHttpResult problem)
        {
            SayWhen(context.HttpContext, problem);
        }

        return result;
    }

    private static void SayWhen(HttpContext context, ProblemHttpResult problem)
    {
        if (problem.ProblemDetails.Extensions.TryGetValue(RetryAfter, out var seconds))
        {
            context.Response.Headers.RetryAfter = $"{seconds}";
        }
    }

    private static Dictionary<string, object?> Members(Refusal refusal)
    {
        var members = new Dictionary<string, object?> { ["code"] = refusal.Code };
        if (refusal.Errors is not null)
        {
            members["errors"] = refusal.Errors;
        }

        if (refusal.Rows is not null)
        {
            members["rows"] = refusal.Rows;
        }

        if (refusal.RetryAfter is { } wait)
        {
            members[RetryAfter] = (int)Math.Ceiling(wait.TotalSeconds);
        }

        return members;
    }
}
