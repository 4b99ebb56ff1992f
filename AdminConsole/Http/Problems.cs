using System.Text.Json;
using System.Text.RegularExpressions;
using AdminConsole.Authentication;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using Microsoft.AspNetCore.Diagnostics;

namespace AdminConsole.Http;

/// <summary>Writes the responses that no handler wrote: unreadable requests, unknown URLs, unhandled exceptions.
/// Programs get problem details, browsers a page.</summary>
public static partial class Problems
{
    private static readonly Refusal Bug = new(
        RefusalKind.Busy,
        "internal_error",
        "Something went wrong here. It has been logged; the request id helps to find it."
    );

    /// <summary>True when the response must be JSON, never a redirect or a page.</summary>
    public static bool IsForPrograms(HttpContext context)
    {
        var path = context.Request.Path;
        return path.StartsWithSegments("/api")
            || path.StartsWithSegments("/oauth")
            || path.StartsWithSegments("/.well-known")
            || path.StartsWithSegments("/cli")
            || path.StartsWithSegments("/health")
            || path.StartsWithSegments("/openapi")
            || !context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
    }

    public static void UseExceptionProblems(this IApplicationBuilder app) =>
        app.UseExceptionHandler(
            new ExceptionHandlerOptions
            {
                ExceptionHandler = AnswerExceptionAsync,
                // A request that cannot be read is the caller's mistake, and is not logged as an error.
                SuppressDiagnosticsCallback = context =>
                    context.Exception is BadHttpRequestException || Unavailable(context.HttpContext, context.Exception) is not null,
            }
        );

    public static Task NotFoundAsync(HttpContext context) => AnswerAsync(context, StatusCodes.Status404NotFound);

    /// <summary>Adds problem details to a response that has only an error status.</summary>
    public static Task CompleteAsync(HttpContext context) =>
        !context.Response.HasStarted && context.Response is { StatusCode: >= 400, ContentLength: null, ContentType: null }
            ? AnswerStatusAsync(context)
            : Task.CompletedTask;

    public static void UseProblems(this WebApplication app)
    {
        app.UseWhen(IsForPrograms, branch => branch.UseStatusCodePages(context => AnswerStatusAsync(context.HttpContext)));
        // Uses a new scope, because whatever failed in the request's scope would fail again.
        app.UseWhen(
            context => !IsForPrograms(context),
            branch => branch.UseStatusCodePagesWithReExecute("/" + Urls.Error + "/{0}", createScopeForStatusCodePages: true)
        );
        app.UseExceptionProblems();
    }

    private static Task AnswerExceptionAsync(HttpContext context)
    {
        SecurityHeaders.Set(context);
        var error = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        var unavailable = error is null ? null : Unavailable(context, error);
        if (unavailable is not null)
        {
            context
                .RequestServices.GetRequiredService<ILoggerFactory>()
                .CreateLogger(typeof(Problems))
                .LogError("{Refusal} ({Problem})", unavailable.Message, error!.GetBaseException().Message);
        }

        if (!IsForPrograms(context) && !Bearer.IsIn(context.Request))
        {
            // UseProblems renders the page.
            context.Response.StatusCode =
                unavailable?.StatusOf() ?? (error as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status500InternalServerError;
            return Task.CompletedTask;
        }

        return unavailable?.WriteAsync(context) ?? AnswerErrorAsync(context, error);
    }

    private static Refusal? Unavailable(HttpContext context, Exception exception) =>
        context.RequestServices.GetRequiredService<AppDbContext>().Unavailable(exception);

    private static Task AnswerErrorAsync(HttpContext context, Exception? error) =>
        error switch
        {
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => AnswerAsync(
                context,
                StatusCodes.Status413PayloadTooLarge
            ),
            BadHttpRequestException { StatusCode: StatusCodes.Status415UnsupportedMediaType } => AnswerAsync(
                context,
                StatusCodes.Status415UnsupportedMediaType
            ),
            BadHttpRequestException bad when bad.Message.Contains(nameof(IsoTime), StringComparison.Ordinal) => Refusal
                .Invalid("invalid_request", $"{Named(bad.Message)} {IsoTime.Expected}")
                .WriteAsync(context),
            BadHttpRequestException { InnerException: JsonException json } => Refusal
                .Invalid("invalid_request", Describe(json))
                .WriteAsync(context),
            BadHttpRequestException bad => Refusal.Invalid("invalid_request", Named(bad.Message)).WriteAsync(context),
            _ => Bug.WriteAsync(context, StatusCodes.Status500InternalServerError),
        };

    private static Task AnswerStatusAsync(HttpContext context) => AnswerAsync(context, context.Response.StatusCode);

    private static Task AnswerAsync(HttpContext context, int status)
    {
        if (status == StatusCodes.Status405MethodNotAllowed)
        {
            HeadRequests.AllowHead(context.Response);
        }

        return RefusalOf(status).WriteAsync(context, status);
    }

    private static Refusal RefusalOf(int status) =>
        status switch
        {
            StatusCodes.Status401Unauthorized => Core.Security.Refusals.Unauthenticated,
            StatusCodes.Status404NotFound => Refusal.NotFound("There is nothing at this address."),
            StatusCodes.Status405MethodNotAllowed => Refusal.Invalid("method_not_allowed", "This address does not answer to this method."),
            StatusCodes.Status413PayloadTooLarge => Refusal.Invalid("too_large", "The request is larger than this server accepts."),
            StatusCodes.Status415UnsupportedMediaType => Refusal.Invalid(
                "unsupported_media_type",
                "The body must be of a type that is taken here: application/json, or for files text/csv or a form."
            ),
            _ => Refusal.Invalid("invalid_request", "The request couldn't be read."),
        };

    // The path within the document is the caller's own text. The framework's message would name internal types.
    private static string Describe(JsonException exception) =>
        exception.Path is { Length: > 0 } path and not "$"
            ? $"The JSON is not as expected at {path}.{(exception.InnerException is IsoTimeException ? $" {IsoTime.Expected}" : "")}"
            : "The body is not the JSON that is expected here, or has members that are not known.";

    /// <summary>Returns the framework's message about a request that cannot be bound, for clients: with the name of the
    /// parameter in JSON, without its internal type.</summary>
    internal static string Named(string message) =>
        message.StartsWith("Implicit body", StringComparison.Ordinal)
            ? "This request needs a body."
            : Parameter().Replace(message, parameter => JsonNamingPolicy.CamelCase.ConvertName(parameter.Groups["name"].Value));

    // Matches a parameter in a message of the framework, with its internal type, which is not disclosed.
    [GeneratedRegex("(?<=parameter )\"[^\"]* (?<name>\\w+)\"", RegexOptions.None, 1_000)]
    private static partial Regex Parameter();
}
