using System.Runtime.InteropServices;

namespace AdminConsole.Startup;

/// <summary>Drains the server before it stops. After the first signal, <c>/health/ready</c> reports that it is not
/// ready, and requests are still served until a proxy has noticed. Then the server accepts no more requests, completes
/// those in progress, and closes the connections of open pages, which reconnect to another node. A second signal ends
/// the process immediately.</summary>
public sealed class GracefulShutdown(ConsoleSettings settings, IHostApplicationLifetime lifetime, ILogger<GracefulShutdown> log)
    : IHostLifetime,
        IDisposable
{
    /// <summary>The response of <c>/health/ready</c> while draining.</summary>
    public const string Answer = "draining";

    private PosixSignalRegistration[] signals = [];
    private volatile bool isOn;

    /// <summary>True after the first signal.</summary>
    public bool IsDraining => isOn;

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        signals =
        [
            .. new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT }.Select(signal =>
                PosixSignalRegistration.Create(signal, OnSignal)
            ),
        ];
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        foreach (var signal in signals)
        {
            signal.Dispose();
        }
    }

    // Unless it is canceled, the system applies the default action of the signal.
    private void OnSignal(PosixSignalContext context)
    {
        if (!isOn)
        {
            isOn = true;
            context.Cancel = true;
            _ = StopAfterAsync(settings.DrainTimeout);
        }
    }

    private async Task StopAfterAsync(TimeSpan time)
    {
        if (time > TimeSpan.Zero)
        {
            log.LogInformation("Draining. The server stops in {Seconds} s, or at the next signal.", time.TotalSeconds);
            await Task.Delay(time, lifetime.ApplicationStopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        lifetime.StopApplication();
    }
}

internal static class DrainExtensions
{
    /// <summary>Keeps no connection alive while draining. Otherwise the next request could arrive after the server has
    /// stopped.</summary>
    public static void UseDrain(this WebApplication app)
    {
        var drain = app.Services.GetRequiredService<GracefulShutdown>();
        app.Use(
            (context, next) =>
            {
                if (drain.IsDraining && context.Request.Protocol == HttpProtocol.Http11)
                {
                    context.Response.Headers.Connection = "close";
                }

                return next(context);
            }
        );
    }
}
