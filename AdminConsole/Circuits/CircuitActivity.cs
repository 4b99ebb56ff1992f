using System.Security.Claims;
using AdminConsole.Authentication;
using AdminConsole.Authorization;
using AdminConsole.Core.Sessions;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace AdminConsole.Circuits;

/// <summary>Keeps the session alive while its user is active in a circuit, which renews no cookie. Writes at most once
/// a minute.</summary>
public sealed class CircuitActivity(AuthenticationStateProvider authentication, Scoped<SessionRegistry> sessions) : CircuitHandler
{
    private static readonly TimeSpan TouchEvery = TimeSpan.FromMinutes(1);

    private long touchedAt = Environment.TickCount64;

    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(
        Func<CircuitInboundActivityContext, Task> next
    ) =>
        async context =>
        {
            var now = Environment.TickCount64;
            if (now - Interlocked.Read(ref touchedAt) > TouchEvery.TotalMilliseconds)
            {
                Interlocked.Exchange(ref touchedAt, now);
                await TouchAsync();
            }

            await next(context);
        };

    private async Task TouchAsync()
    {
        var user = (await authentication.GetAuthenticationStateAsync()).User;
        if (Guid.TryParse(user.FindFirstValue(ConsoleClaims.Session), out var session))
        {
            await sessions.RunAsync((registry, _) => registry.TouchAsync(session, CancellationToken.None));
        }
    }
}
