using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Data.Postgres;
using AdminConsole.Core.Identity.Passwords;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace AdminConsole.Core.System;

/// <summary>Reports the status of this node to administrators. Requires settings.write.</summary>
public sealed class ConsoleHealth(
    AppDbContext db,
    TimeProvider clock,
    HealthCheckService checks,
    CheckHistory history,
    DiskCheck disk,
    IEnumerable<IHostedService> hosted
)
{
    private static readonly string Version = typeof(ConsoleHealth)
        .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
        .InformationalVersion.Split('+')[0];

    private static readonly NodeFacts Node = new(
        $"{Environment.MachineName}:{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}",
        Version,
        Started()
    );

    public async Task<Result<SystemStatus>> GetAsync(Actor actor, CancellationToken ct)
    {
        if (actor.Require(Permissions.SettingsWrite) is { } refused)
        {
            return refused;
        }

        var report = await checks.CheckHealthAsync(ct);
        var database = report.Entries[DatabaseCheck.Name];
        // A database that accepts no changes may still be readable.
        var answers = DatabaseCheck.ReadMilliseconds(database) is not null;
        var last = answers
            ? await db
                .AuditEvents.OrderByDescending(entry => entry.Id)
                .Select(entry => new LastEvent(entry.Id, entry.At, entry.Action))
                .FirstOrDefaultAsync(ct)
            : null;
        var now = clock.Now();
        return new SystemStatus
        {
            Status = NameOf(report.Status),
            Checks = CheckedIn(report),
            Node = Node,
            Database = new DatabaseFacts(
                db.ProviderName,
                answers ? await db.SizeAsync(ct) : null,
                DatabaseCheck.ReadMilliseconds(database)
            ),
            Relay = hosted.OfType<PostgresChangeRelay>().SingleOrDefault()?.Facts(last?.Id),
            LastEvent = last,
            OpenPages = ConsoleMetrics.OpenPages,
            LiveSessions = answers ? await db.Sessions.LongCountAsync(session => session.ExpiresAt > now, ct) : null,
            Tokens = ConsoleMetrics.Tokens,
            Hashing = new HashingFacts(ConsoleMetrics.HashesQueued, PasswordHashing.QueueLength, ConsoleMetrics.HashTimes.ToTiming()),
            Changes = ConsoleMetrics.ChangeTimes.ToTiming(),
            Outbox = OutboxCheck.FactsOf(report.Entries[OutboxCheck.Name]),
            Disk = new DiskFacts(disk.Free, disk.MinimumFree),
            Workers =
            [
                .. hosted
                    .OfType<PeriodicWorker>()
                    .OrderBy(worker => worker.Name, StringComparer.Ordinal)
                    .Select(worker => new WorkerFacts(worker.Name, worker.LastRun?.At, worker.LastRun?.Problem)),
            ],
        };
    }

    // Failing checks come first.
    private List<SystemCheck> CheckedIn(HealthReport report) =>
        [
            .. report
                .Entries.OrderBy(entry => entry.Value.Status)
                .ThenBy(entry => entry.Key, StringComparer.Ordinal)
                .Select(entry => new SystemCheck(entry.Key, NameOf(entry.Value.Status), entry.Value.Description)
                {
                    Since = history.Record(entry.Key, entry.Value.Status),
                }),
        ];

    private static string NameOf(HealthStatus status) =>
        status switch
        {
            HealthStatus.Healthy => "healthy",
            HealthStatus.Degraded => "degraded",
            _ => "unhealthy",
        };

    private static DateTimeOffset Started()
    {
        using var process = Process.GetCurrentProcess();
        return new DateTimeOffset(process.StartTime).Stored();
    }
}
