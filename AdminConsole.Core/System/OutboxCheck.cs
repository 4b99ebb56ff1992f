using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Email;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AdminConsole.Core.System;

/// <summary>Checks that emails are sent. Degraded when one has waited for half an hour; never unhealthy, because email
/// must not take the console down. Queries at most once a second, however many callers ask.</summary>
public sealed class OutboxCheck : IHealthCheck
{
    internal const string Name = "outbox";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(30);

    private readonly SingleFlightCache<OutboxFacts> waiting;
    private readonly TimeProvider clock;

    public OutboxCheck(IServiceScopeFactory scopes, TimeProvider clock)
    {
        this.clock = clock;
        waiting = new(HealthServices.PollInterval, () => LookAsync(scopes));
    }

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var facts = await waiting.GetAsync(Timeout, cancellationToken);
            var data = new Dictionary<string, object> { [Name] = facts };
            return facts.OldestAt <= clock.GetUtcNow() - Late
                ? HealthCheckResult.Degraded(
                    $"{facts.Waiting:N0} {(facts.Waiting == 1 ? "mail waits" : "mails wait")}, the oldest since "
                        + $"{facts.OldestAt:yyyy-MM-dd HH:mm} UTC.",
                    data: data
                )
                : HealthCheckResult.Healthy(data: data);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return HealthCheckResult.Degraded("It cannot be read while the database does not answer.");
        }
    }

    /// <summary>Returns the figures that the check found; null when it could not read them.</summary>
    internal static OutboxFacts? FactsOf(HealthReportEntry entry) => entry.Data.GetValueOrDefault(Name) as OutboxFacts;

    private static async Task<OutboxFacts> LookAsync(IServiceScopeFactory scopes)
    {
        await using var scope = scopes.CreateAsyncScope();
        var mails = scope.ServiceProvider.GetRequiredService<AppDbContext>().OutboxMails.Where(mail => mail.State == MailStates.Waiting);
        return new OutboxFacts(await mails.LongCountAsync(), await mails.MinAsync(mail => (DateTimeOffset?)mail.CreatedAt));
    }
}
