using AdminConsole.Startup;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AdminConsole.Http;

/// <summary>What <c>/health/ready </c> says: one word, to anybody. What each check found, <c>GET /api/system</c> says
/// to administrators.</summary>
internal static class HealthAnswers
{
    // The checks run again after a second; load balancers ask every few seconds.
    private const string TryAgain = "5";

    public static Task WriteAsync(HttpContext context, HealthReport report)
    {
        var isDraining = context.RequestServices.GetRequiredService<GracefulShutdown>().IsOn;
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
