using Microsoft.AspNetCore.Components.Server.Circuits;

namespace AdminConsole.Circuits;

/// <summary>Notifies a page when its browser disconnects, even briefly. A secret that is shown once must not reappear
/// after the reconnect.</summary>
public sealed class LostConnection : CircuitHandler
{
    public event Action? Lost;

    public override Task OnConnectionDownAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        Lost?.Invoke();
        return Task.CompletedTask;
    }
}
