using System.Collections.Concurrent;
using System.Security.Claims;
using AdminConsole.Authentication;
using AdminConsole.Core.Common;
using AdminConsole.Http;
using AdminConsole.Startup;

namespace AdminConsole.Circuits;

/// <summary>Tracks the connections of open pages by session, and limits those of one user. The connections of an ended
/// session are aborted even when the page does not navigate away.</summary>
public sealed class CircuitConnections(ConsoleSettings settings)
{
    private static readonly Refusal TooMany = new(
        RefusalKind.TooMany,
        "rate_limited",
        "You have too many pages open. Close some and reload this one."
    )
    {
        RetryAfter = TimeSpan.FromSeconds(10),
    };

    // Long enough for the page to navigate to the sign-in page, with the reason.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<HttpContext, string> open = new();
    private readonly PerUserConcurrencyLimit perUser = new(settings.OpenPagesPerUser);

    /// <summary>Tracks a connection until it closes. Refuses it when the user has too many.</summary>
    public async Task RunAsync(HttpContext context, RequestDelegate next)
    {
        if (context.User.FindFirstValue(ConsoleClaims.Session) is not { } session)
        {
            await next(context);
            return;
        }

        open[context] = session;
        try
        {
            await perUser.RunAsync(
                Guid.Parse(context.User.FindFirstValue(ClaimTypes.NameIdentifier)!),
                () => next(context),
                () => TooMany.WriteAsync(context)
            );
        }
        finally
        {
            open.TryRemove(context, out _);
        }
    }

    public async Task CutAsync(Guid session)
    {
        await Task.Delay(Grace);
        foreach (var (context, _) in open.Where(connection => connection.Value == session.ToString()))
        {
            context.Abort();
        }
    }
}
