using AdminConsole.Core.Audit;
using AdminConsole.Core.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AdminConsole.Core.System;

/// <summary>
/// Whether the audit log takes events and ends where it should. Not ready where it takes none; degraded where it was
/// tampered with, because changes still work. However many ask, it looks once a second.
/// </summary>
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
                return await inspection.LookAsync(CancellationToken.None) ?? await inspection.LookAtTableAsync(CancellationToken.None);
            }
        );

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            return await fault.GetAsync(Timeout, cancellationToken) switch
            {
                null => HealthCheckResult.Healthy(),
                { Blocks: true } blocking => HealthCheckResult.Unhealthy(blocking.Problem),
                var other => HealthCheckResult.Degraded(other.Problem),
            };
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return HealthCheckResult.Degraded("The log can't be checked while the database does not answer.");
        }
    }
}
