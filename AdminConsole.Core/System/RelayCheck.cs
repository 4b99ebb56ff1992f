using AdminConsole.Core.Changes;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AdminConsole.Core.System;

/// <summary>Checks that this node receives the changes of other nodes. Degraded while it does not: its caches are then
/// disabled, so it is slower, but correct.</summary>
public sealed class RelayCheck(ChangeFeed feed) : IHealthCheck
{
    internal const string Name = "relay";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(
            feed.IsComplete
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Degraded("What other nodes change is not heard of; nothing is remembered until it is again.")
        );
}
