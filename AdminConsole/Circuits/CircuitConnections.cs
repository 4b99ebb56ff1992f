using System.Collections.Concurrent;
using System.Security.Claims;
using AdminConsole.Authentication;
using AdminConsole.Core.Common;
using AdminConsole.Http;
using AdminConsole.Startup;

namespace AdminConsole.Circuits;

/// <summary>The connections of open pages by session, so that those of an ended one can be cut even if the page does
/// not leave by itself; and not too many of one user.</summary>
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

    // Long enough for the page to go to the sign-in page with the reason.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<HttpContext, string> open = new();
    private readonly OpenPerUser ofUser = new(settings.OpenPagesPerUser);

    /// <summary>Remembers a connection for as long as it lasts. One too many is refused.</summary>
    public async Task HoldAsync(HttpContext context, RequestDelegate next)
    {
        if (context.User.FindFirstValue(ConsoleClaims.Session) is not { } session)
        {
            await next(context);
            return;
        }

        open[context] = session;
        try
        {
            await ofUser.HoldAsync(
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
