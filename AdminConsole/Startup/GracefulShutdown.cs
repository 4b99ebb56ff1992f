using System.Runtime.InteropServices;

namespace AdminConsole.Startup;

/// <summary>
/// How the program ends. At the first signal it says at <c>/health/ready </c> that it is not ready any more, and goes
/// on answering for as long as it takes a proxy to notice. Then it takes no
/// more requests, finishes those under way, and cuts the connections of open pages, which go on at another node. A
/// second signal ends it there and then.
/// </summary>
public sealed class GracefulShutdown(ConsoleSettings settings, IHostApplicationLifetime lifetime, ILogger<GracefulShutdown> log)
    : IHostLifetime,
        IDisposable
{
    /// <summary>What <c>/health/ready</c> says meanwhile.</summary>
    public const string Answer = "draining";

    private PosixSignalRegistration[] signals = [];
    private volatile bool isOn;

    /// <summary>True from the first signal on.</summary>
    public bool IsOn => isOn;

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

    // Where it is not cancelled, the system does what it does with a signal that nobody listens to.
    private void OnSignal(PosixSignalContext context)
    {
        if (!isOn)
        {
            isOn = true;
            context.Cancel = true;
            _ = StopAfterAsync(settings.DrainFor);
        }
    }

    private async Task StopAfterAsync(TimeSpan time)
    {
        if (time > TimeSpan.Zero)
        {
            log.LogInformation("Not ready for new requests; the program ends in {Seconds} s, or at the next signal.", time.TotalSeconds);
            await Task.Delay(time, lifetime.ApplicationStopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        lifetime.StopApplication();
    }
}

internal static class DrainExtensions
{
    /// <summary>While it drains, no connection is kept for a next request: it would come when nobody listens any
    /// more.</summary>
    public static void UseDrain(this WebApplication app)
    {
        var drain = app.Services.GetRequiredService<GracefulShutdown>();
        app.Use(
            (context, next) =>
            {
                if (drain.IsOn && context.Request.Protocol == HttpProtocol.Http11)
                {
                    context.Response.Headers.Connection = "close";
                }

                return next(context);
            }
        );
    }
}
