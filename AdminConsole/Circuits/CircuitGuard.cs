using System.Security.Claims;
using AdminConsole.Authentication;
using AdminConsole.Authorization;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace AdminConsole.Circuits;

/// <summary>Applies changes of access to an open page. It observes every change of its user, its session or a role,
/// resolves the actor again, and blocks the circuit when the session has ended. A blocked circuit ignores everything
/// the browser sends.</summary>
public sealed class CircuitGuard(
    CurrentActor source,
    AuthenticationStateProvider authentication,
    ChangeFeed feed,
    CircuitConnections connections,
    TimeProvider clock
) : CircuitHandler, IDisposable
{
    private static readonly TimeSpan SignOutGrace = TimeSpan.FromMilliseconds(500);

    // Sessions also expire by time, which publishes no change.
    private static readonly TimeSpan PollInterval = TimeSpan.FromMinutes(1);

    private IDisposable? subscription;
    private ITimer? timer;
    private Guid user;
    private Guid session;
    private IReadOnlySet<string>? permissions;
    private volatile bool isBlocked;

    /// <summary>True when the page was blocked because its user signed out, in this tab or another.</summary>
    public bool IsSignedOut { get; private set; }

    /// <summary>True when the page was blocked because its user was deactivated or locked down.</summary>
    public bool IsDeactivated { get; private set; }

    /// <summary>Raised on any thread when the actor may have changed. The argument is null when the session has
    /// ended.</summary>
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
                    IsSignedOut |= notices.Any(notice =>
                        notice.Action == AuditActions.SignedOut && notice.Concerns(AuditTargetTypes.Session, session)
                    );
                    IsDeactivated |= notices.Any(notice =>
                        notice.Action is AuditActions.UserDeactivated or AuditActions.UserLockedDown
                        && notice.Concerns(AuditTargetTypes.User, user)
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
    ) => context => isBlocked ? Task.CompletedTask : next(context);

    /// <summary>Notifies a page that was disconnected when it was blocked.</summary>
    public override Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        if (isBlocked)
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

    // A new role has no users yet.
    private bool Affects(ChangeNotice notice) =>
        notice.Concerns(AuditTargetTypes.User, user)
        || notice.Concerns(AuditTargetTypes.Session, session)
        || notice.Action == AuditActions.SettingsUpdated
        || (notice.TargetType == AuditTargetTypes.Role && notice.Action is not (AuditActions.AccessDenied or AuditActions.RoleCreated));

    private async Task LookAgainAsync()
    {
        var actor = source.Known = await source.CurrentAsync();
        if (actor.UserId is null)
        {
            isBlocked = true;
            Dispose();
            // The tab that signed out is already navigating. Give it time.
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

    // With other permissions, the user may have lost or gained access to the current page.
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
