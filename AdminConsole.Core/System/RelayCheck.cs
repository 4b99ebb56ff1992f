using AdminConsole.Core.Changes;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AdminConsole.Core.System;

/// <summary>Whether this node hears of what others change. Degraded while it does not: it then relies on nothing it
/// remembered, so it is slower, but right.</summary>
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
