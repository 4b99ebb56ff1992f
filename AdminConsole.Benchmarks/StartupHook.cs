using System.Diagnostics.Metrics;
using System.Net;
using System.Text;

/// <summary>A probe inside the unchanged server, loaded by DOTNET_STARTUP_HOOKS. It listens on the address in
/// BENCH_PROBE and returns one number per line: the live heap in bytes after a full collection, and the number of EF
/// Core queries.</summary>
#pragma warning disable MA0047 // The runtime requires this name and no namespace.
internal static class StartupHook
#pragma warning restore MA0047
{
    private static long queries;

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable("BENCH_PROBE") is { Length: > 0 } address)
        {
            // Child processes must not load the probe.
            Environment.SetEnvironmentVariable("BENCH_PROBE", null);
            Environment.SetEnvironmentVariable("DOTNET_STARTUP_HOOKS", null);
            new Thread(() => Answer(address)) { IsBackground = true, Name = "probe" }.Start();
        }
    }

    private static void Answer(string address)
    {
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument is { Meter.Name: "Microsoft.EntityFrameworkCore", Name: "microsoft.entityframeworkcore.queries" })
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        meters.SetMeasurementEventCallback<long>((_, count, _, _) => queries = count);
        meters.Start();
        using var listener = new HttpListener();
        listener.Prefixes.Add(address);
        listener.Start();
        while (true)
        {
            var context = listener.GetContext();
            var heap = context.Request.Url!.AbsolutePath == "/heap" ? Collected() : 0;
            meters.RecordObservableInstruments();
            context.Response.Close(Encoding.ASCII.GetBytes($"{heap}\n{queries}\n"), willBlock: true);
        }
    }

    private static long Collected()
    {
        for (var round = 0; round < 3; round++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
