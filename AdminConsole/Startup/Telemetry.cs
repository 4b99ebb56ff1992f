using System.Reflection;
using AdminConsole.Core.Common;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AdminConsole.Startup;

/// <summary>Sends metrics and traces to a collector by OTLP over HTTP when <c>Telemetry:OtlpEndpoint</c> is set
/// (usually port 4318). Pending data is sent at shutdown.</summary>
internal sealed class Telemetry(Uri collector) : IHostedService, IDisposable
{
    private MeterProvider? meters;
    private TracerProvider? traces;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var version = typeof(Telemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        var resource = ResourceBuilder.CreateDefault().AddService("AdminConsole", serviceVersion: version);
        meters = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(
                ConsoleMetrics.Name,
                "Microsoft.AspNetCore.Hosting",
                "Microsoft.AspNetCore.Server.Kestrel",
                "Microsoft.AspNetCore.Identity",
                "Npgsql",
                "System.Runtime"
            )
            .AddOtlpExporter(otlp => To(otlp, "v1/metrics"))
            .Build();
        traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource("Microsoft.AspNetCore", "Npgsql")
            .AddOtlpExporter(otlp => To(otlp, "v1/traces"))
            .Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        Interlocked.Exchange(ref meters, null)?.Dispose();
        Interlocked.Exchange(ref traces, null)?.Dispose();
    }

    private void To(OtlpExporterOptions otlp, string path) =>
        (otlp.Protocol, otlp.Endpoint) = (OtlpExportProtocol.HttpProtobuf, new Uri(collector, path));
}
