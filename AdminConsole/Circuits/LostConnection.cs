using Microsoft.AspNetCore.Components.Server.Circuits;

namespace AdminConsole.Circuits;

/// <summary>Tells a page that its browser went away, also for a moment: what was to be shown once must not come back
/// with it.</summary>
public sealed class LostConnection : CircuitHandler
{
    public event Action? Lost;

    public override Task OnConnectionDownAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        Lost?.Invoke();
        return Task.CompletedTask;
    }
}
