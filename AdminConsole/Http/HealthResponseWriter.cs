using AdminConsole.Startup;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AdminConsole.Http;

/// <summary>Writes the response of <c>/health/ready</c>: one word, for any caller. <c>GET /api/system</c> returns the
/// result of each check to administrators.</summary>
internal static class HealthResponseWriter
{
    // The checks run again after a second, and load balancers poll every few seconds.
    private const string TryAgain = "5";

    public static Task WriteAsync(HttpContext context, HealthReport report)
    {
        var isDraining = context.RequestServices.GetRequiredService<GracefulShutdown>().IsDraining;
        if (isDraining)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }

        if (context.Response.StatusCode == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = TryAgain;
        }

        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(isDraining ? GracefulShutdown.Answer : report.Status.ToString());
    }
}
