using AdminConsole.Core.Health;
using AdminConsole.Core.Security;
using AdminConsole.Security;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AdminConsole.Http;

/// <summary>What <c>/health/ready</c> says: one word to anybody; to whoever holds settings.write, as JSON, what each check found.</summary>
internal static class HealthAnswers
{
    // The checks look again after a second; whoever balances loads asks every few anyway.
    private const string TryAgain = "5";

    private static readonly PermissionRequirement Administrator = new(Permissions.SettingsWrite);

    public static Task WriteAsync(HttpContext context, HealthReport report)
    {
        if (context.Response.StatusCode == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = TryAgain;
        }

        return Administrator.Refused(ActorSource.Of(context)) is null
            ? context.Response.WriteAsJsonAsync(new { status = ConsoleHealth.NameOf(report.Status), checks = ConsoleHealth.CheckedIn(report) })
            : WriteWordAsync(context.Response, report.Status);
    }

    private static Task WriteWordAsync(HttpResponse response, HealthStatus status)
    {
        response.ContentType = "text/plain";
        return response.WriteAsync(status.ToString());
    }
}
