using AdminConsole.Core.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AdminConsole.Core.System;

/// <summary>Registers the health checks of a node.</summary>
public static class HealthServices
{
    /// <summary>The tag of checks that decide whether this node receives requests.</summary>
    public const string Ready = "ready";

    internal static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>Registers the health checks, one class each, and their log.</summary>
    public static void AddHealth(this IServiceCollection services, DatabaseOptions database, DataDisk disk)
    {
        services.AddSingleton(disk);
        services.AddSingleton<DatabaseCheck>();
        services.AddSingleton<AuditCheck>();
        services.AddSingleton<DiskCheck>();
        services.AddSingleton<OutboxCheck>();
        var checks = services
            .AddHealthChecks()
            .AddCheck<DatabaseCheck>(DatabaseCheck.Name, tags: [Ready])
            .AddCheck<AuditCheck>(AuditCheck.Name, tags: [Ready])
            .AddCheck<DiskCheck>(DiskCheck.Name, tags: [Ready])
            .AddCheck<OutboxCheck>(OutboxCheck.Name, tags: [Ready]);
        if (database.File is null)
        {
            checks.AddCheck<RelayCheck>(RelayCheck.Name, tags: [Ready]);
        }

        services.AddSingleton<CheckHistory>();
        services.AddSingleton<IHealthCheckPublisher, HealthLog>();
        services.AddScoped<ConsoleHealth>();
    }
}
