using AdminConsole.Core.Common;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace AdminConsole.Core.System;

/// <summary>Logs each change of a health check's status, and updates the gauges. Runs every 30 seconds.</summary>
internal sealed class HealthLog(CheckHistory history, ILogger<HealthLog> log) : IHealthCheckPublisher
{
    private Dictionary<string, HealthStatus> known = [];

    public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        foreach (var (name, entry) in report.Entries)
        {
            history.Record(name, entry.Status);
            var before = known.GetValueOrDefault(name, HealthStatus.Healthy);
            if (entry.Status == HealthStatus.Healthy && before != HealthStatus.Healthy)
            {
                log.LogInformation("Health check {Check} recovered.", name);
            }
            else if (entry.Status != before)
            {
                log.LogWarning("Health check {Check}: {Status}. {Problem}", name, entry.Status, entry.Description);
            }
        }

        known = report.Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Status);
        ConsoleMetrics.RecordHealth(
            known,
            report.Entries.TryGetValue(OutboxCheck.Name, out var outbox) ? OutboxCheck.FactsOf(outbox) : null
        );
        return Task.CompletedTask;
    }
}
