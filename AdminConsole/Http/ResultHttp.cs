using AdminConsole.Core;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AdminConsole.Http;

/// <summary>The only place that knows how a refusal looks in HTTP: RFC 9457 problem details with a stable <c>code</c>.</summary>
public static class ResultHttp
{
    public static Results<TOk, ProblemHttpResult> ToHttp<T, TOk>(this Result<T> result, Func<T, TOk> ok)
        where TOk : IResult =>
        result.Match<Results<TOk, ProblemHttpResult>>(value => ok(value), refusal => refusal.ToProblem());

    public static async Task<Results<Ok<T>, ProblemHttpResult>> ToOk<T>(this Task<Result<T>> result) =>
        (await result).ToHttp(value => TypedResults.Ok(value));

    public static async Task<Results<NoContent, ProblemHttpResult>> ToNoContent<T>(this Task<Result<T>> result) =>
        (await result).ToHttp(_ => TypedResults.NoContent());

    public static int StatusOf(this Refusal refusal) => refusal.Kind switch
    {
        RefusalKind.Invalid => StatusCodes.Status400BadRequest,
        RefusalKind.Unauthenticated => StatusCodes.Status401Unauthorized,
        RefusalKind.Forbidden => StatusCodes.Status403Forbidden,
        RefusalKind.NotFound => StatusCodes.Status404NotFound,
        RefusalKind.Conflict => StatusCodes.Status409Conflict,
        RefusalKind.TooMany => StatusCodes.Status429TooManyRequests,
        RefusalKind.Busy => StatusCodes.Status503ServiceUnavailable,
        _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal.Kind, "A kind of refusal without a status."),
    };

    public static ProblemHttpResult ToProblem(this Refusal refusal) => TypedResults.Problem(new ProblemDetails
    {
        Status = refusal.StatusOf(),
        Detail = refusal.Message,
        Extensions = Members(refusal),
    });

    /// <summary>Answers with the refusal where no handler could.</summary>
    public static Task WriteAsync(this Refusal refusal, HttpContext context, int? status = null)
    {
        if (refusal.RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString("0");
        }

        var problem = new ProblemDetails { Status = status ?? refusal.StatusOf(), Detail = refusal.Message, Extensions = Members(refusal) };
        return TypedResults.Problem(problem).ExecuteAsync(context);
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

        return members;
    }
}
