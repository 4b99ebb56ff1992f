using System.Security.Claims;
using AdminConsole.Authentication;
using AdminConsole.Authorization;
using AdminConsole.Core.Audit;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Security;
using AdminConsole.Core.System;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace AdminConsole.Circuits;

/// <summary>
/// Makes an open page obey: it hears of every change that concerns its user, its session or a role, looks again who it
/// is, and
/// shuts the circuit out when that is nobody. From then on nothing the browser sends is acted on.
/// </summary>
public sealed class CircuitGuard(
    CurrentActor source,
    AuthenticationStateProvider authentication,
    ChangeFeed feed,
    CircuitConnections connections,
    TimeProvider clock
) : CircuitHandler, IDisposable
{
    private static readonly TimeSpan SignOutGrace = TimeSpan.FromMilliseconds(500);

    // Sessions also run out by themselves, which nobody announces.
    private static readonly TimeSpan PollInterval = TimeSpan.FromMinutes(1);

    private IDisposable? subscription;
    private ITimer? timer;
    private Guid user;
    private Guid session;
    private IReadOnlySet<string>? permissions;
    private volatile bool isShutOut;

    /// <summary>True where the page was shut out because its user signed out, in this tab or another.</summary>
    public bool IsSignedOut { get; private set; }

    /// <summary>True where the page was shut out because its user was deactivated or locked down.</summary>
    public bool IsDeactivated { get; private set; }

    /// <summary>Raised, on any thread, when the actor may have changed; null when it is nobody any more.</summary>
    public event Action<Actor?>? Changed;

    public override async Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        source.IsCircuit = true;
        var principal = (await authentication.GetAuthenticationStateAsync()).User;
        if (
            Guid.TryParse(principal.FindFirstValue(ClaimTypes.NameIdentifier), out user)
            && Guid.TryParse(principal.FindFirstValue(ConsoleClaims.Session), out session)
        )
        {
            source.Known = await source.CurrentAsync();
            permissions = source.Known.EffectivePermissions;
            subscription = feed.Listen(notices =>
            {
                if (notices.Any(Affects))
                {
                    IsSignedOut |= notices.Any(notice => notice.Action == AuditActions.SignedOut && notice.Concerns("session", session));
                    IsDeactivated |= notices.Any(notice =>
                        notice.Action is AuditActions.UserDeactivated or AuditActions.UserLockedDown && notice.Concerns("user", user)
                    );
                    _ = LookAgainAsync();
                }
            });
            ConsoleMetrics.Circuit(1);
            timer = clock.CreateTimer(_ => _ = LookAgainAsync(), null, PollInterval, PollInterval);
        }
    }

    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(
        Func<CircuitInboundActivityContext, Task> next
    ) => context => isShutOut ? Task.CompletedTask : next(context);

    /// <summary>A page that was away when it was shut out hears of it now.</summary>
    public override Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        if (isShutOut)
        {
            Changed?.Invoke(null);
        }

        return Task.CompletedTask;
    }

    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        if (permissions is not null)
        {
            ConsoleMetrics.Circuit(-1);
        }

        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        subscription?.Dispose();
        timer?.Dispose();
    }

    // A new role is nobody's yet.
    private bool Affects(ChangeNotice notice) =>
        notice.Concerns("user", user)
        || notice.Concerns("session", session)
        || notice.Action == AuditActions.SettingsUpdated
        || (notice.TargetType == "role" && notice.Action is not (AuditActions.AccessDenied or AuditActions.RoleCreated));

    private async Task LookAgainAsync()
    {
        var actor = source.Known = await source.CurrentAsync();
        if (actor.UserId is null)
        {
            isShutOut = true;
            Dispose();
            // The tab that signs out is on its way already; leave it the time.
            await Task.Delay(IsSignedOut ? SignOutGrace : TimeSpan.Zero);
            Changed?.Invoke(null);
            await connections.CutAsync(session);
        }
        else
        {
            Changed?.Invoke(actor);
            await RenewPageAsync(actor);
        }
    }

    // With other rights, the page itself may be one that its user may no longer see, or may see now.
    private async Task RenewPageAsync(Actor actor)
    {
        if (
            permissions?.SetEquals(actor.EffectivePermissions) == false
            && authentication is IHostEnvironmentAuthenticationStateProvider host
        )
        {
            host.SetAuthenticationState(Task.FromResult(await authentication.GetAuthenticationStateAsync()));
        }

        permissions = actor.EffectivePermissions;
    }
}
