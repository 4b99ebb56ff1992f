using AdminConsole.Core.Audit;
using AdminConsole.Core.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AdminConsole.Core.System;

/// <summary>Checks that the audit log accepts events and ends where it should. Unhealthy when it accepts none; degraded
/// when it was tampered with, because changes still work. Queries at most once a second, however many callers
/// ask.</summary>
public sealed class AuditCheck : IHealthCheck
{
    internal const string Name = "audit";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    private readonly SingleFlightCache<AuditFault?> fault;

    public AuditCheck(IServiceScopeFactory scopes) =>
        fault = new(
            HealthServices.PollInterval,
            async () =>
            {
                await using var scope = scopes.CreateAsyncScope();
                var inspection = scope.ServiceProvider.GetRequiredService<AuditInspection>();
                return await inspection.InspectAsync(CancellationToken.None) ?? await inspection.InspectTableAsync(CancellationToken.None);
            }
        );

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            return await fault.GetAsync(Timeout, cancellationToken) switch
            {
                null => HealthCheckResult.Healthy(),
                { BlocksChanges: true } blocking => HealthCheckResult.Unhealthy(blocking.Problem),
                var other => HealthCheckResult.Degraded(other.Problem),
            };
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return HealthCheckResult.Degraded("The log can't be checked while the database does not answer.");
        }
    }
}
