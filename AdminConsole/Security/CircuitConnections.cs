using System.Collections.Concurrent;
using System.Security.Claims;

namespace AdminConsole.Security;

/// <summary>The connections of open pages by session, so that those of an ended one can be cut even if the page does not leave by itself.</summary>
public sealed class CircuitConnections
{
    // Long enough for the page to go to the sign-in page with the reason.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<HttpContext, string> open = new();

    /// <summary>Remembers a connection for as long as it lasts.</summary>
    public async Task HoldAsync(HttpContext context, RequestDelegate next)
    {
        if (context.User.FindFirstValue(ConsoleClaims.Session) is { } session)
        {
            open[context] = session;
        }

        try
        {
            await next(context);
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
