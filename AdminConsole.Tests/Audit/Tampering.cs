using AdminConsole.Core.Audit;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AdminConsole.Tests.Audit;

/// <summary>Simulates an attacker with write access to the database, and reads the reports of the program.</summary>
internal static class Tampering
{
    public static Task DropTriggersAsync(AdminApp app) => DropTriggersAsync(app.Database);

    public static Task DropTriggersAsync(TestDatabase database) =>
        database.ExecuteAsync(
            database.Provider == DatabaseProvider.Sqlite
                ? string.Join(';', AuditSchema.SqliteTriggers.Select(name => $"DROP TRIGGER \"{name}\""))
                : string.Join(';', AuditSchema.PostgresTriggers.Select(name => $"DROP TRIGGER \"{name}\" ON \"AuditEvents\""))
        );

    public static async Task<AuditVerification> VerifyAsync(AdminApp app) =>
        (await app.RunAsync<AuditVerifier, Result<AuditVerification>>(verifier => verifier.VerifyAsync(TestData.System, default))).Value;

    public static Task<Result<AuditRepaired>> RepairAsync(AdminApp app, bool accept = false) =>
        app.RunAsync<AuditRepair, Result<AuditRepaired>>(repair => repair.RepairAsync(accept, default));

    /// <summary>Returns the result of the audit health check, which is cached for one second.</summary>
    public static async Task<HealthReportEntry> HealthAsync(AdminApp app) =>
        (await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Name == "audit")).Entries["audit"];

    public static async Task<HealthReportEntry> UntilHealthAsync(AdminApp app, HealthStatus status)
    {
        HealthReportEntry check = default;
        await AdminApp.UntilAsync(async () => (check = await HealthAsync(app)).Status == status, $"audit is {status}");
        return check;
    }
}
