using System.Text;
using System.Text.Json;
using AdminConsole.Authorization;
using AdminConsole.Core.Audit;
using AdminConsole.Core.Common;
using Microsoft.AspNetCore.Http.Features;

namespace AdminConsole.Http;

/// <summary>Writes server-sent events (HTML Living Standard, 9.2). Each has its number, so that a disconnected client
/// can resume.</summary>
public sealed class ServerSentEvents(IAsyncEnumerable<AuditStreamItem> signals) : IResult
{
    private static readonly Refusal TooMany = new(
        RefusalKind.TooMany,
        "rate_limited",
        "You follow too many streams already. End some and try again."
    )
    {
        RetryAfter = TimeSpan.FromSeconds(10),
    };

    public Task ExecuteAsync(HttpContext httpContext) =>
        httpContext
            .RequestServices.GetRequiredService<OpenStreams>()
            .RunAsync(CurrentActor.Of(httpContext).UserId!.Value, () => FollowAsync(httpContext), () => TooMany.WriteAsync(httpContext));

    private async Task FollowAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "text/event-stream";
        // Otherwise, nginx would buffer events that must arrive at once.
        response.Headers["X-Accel-Buffering"] = "no";
        httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await response.Body.FlushAsync(httpContext.RequestAborted);
        if (HeadRequests.IsHead(httpContext))
        {
            return;
        }

        try
        {
            await foreach (var item in signals.WithCancellation(httpContext.RequestAborted))
            {
                await response.Body.WriteAsync(Encoding.UTF8.GetBytes(Write(item)), httpContext.RequestAborted);
                await response.Body.FlushAsync(httpContext.RequestAborted);
            }
        }
        catch (OperationCanceledException)
        {
            // The client disconnected, or the server is stopping.
        }
    }

    private static string Write(AuditStreamItem item) =>
        item.Entry is { } entry ? $"id: {entry.Id}\ndata: {JsonSerializer.Serialize(entry, JsonSerializerOptions.Web)}\n\n"
        : item.GapTo is { } to
            ? $"id: {to}\nevent: gap\ndata: {JsonSerializer.Serialize(new { from = item.GapFrom, to }, JsonSerializerOptions.Web)}\n\n"
        : ": still here\n\n";
}
