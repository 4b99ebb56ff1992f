using AdminConsole.Core.Data;
using Microsoft.Extensions.DependencyInjection;

namespace AdminConsole.Core.Audit;

/// <summary>Registers the audit chain, the log's readers, and its maintenance.</summary>
public static class AuditServices
{
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.AddSingleton<AuditHighWaterMark>();
        services.AddSingleton<AuditChain>();
        services.AddSingleton<IChangeStep>(provider => provider.GetRequiredService<AuditChain>());
        services.AddSingleton<RecordedReads>();
        services.AddSingleton<AuditStream>();
        services.AddScoped<AuditReadLog>();
        services.AddScoped<AuditLog>();
        services.AddScoped<AuditExport>();
        services.AddScoped<AuditWindow>();
        services.AddScoped<SavedViews>();
        services.AddScoped<AuditInspection>();
        services.AddScoped<AuditVerifier>();
        services.AddScoped<AuditRepair>();
        services.AddScoped<AuditErasure>();
        services.AddSingleton<AuditNotifier>();
        services.AddHostedService(provider => provider.GetRequiredService<AuditNotifier>());
        services.AddSingleton<AuditHeartbeat>();
        services.AddHostedService(provider => provider.GetRequiredService<AuditHeartbeat>());
        services.AddSingleton<AuditRetention>();
        services.AddHostedService(provider => provider.GetRequiredService<AuditRetention>());
        return services;
    }

    /// <summary>Forwards every event to another system.</summary>
    public static void AddAuditForwarding(this IServiceCollection services, ForwardTarget target)
    {
        services.AddSingleton(target);
        services.AddHostedService<AuditForwarding>();
    }
}
