using AdminConsole.Core;
using AdminConsole.Core.Data;

namespace AdminConsole.Tests.Audit;

/// <summary>Takes away what keeps the audit log from being written by hand.</summary>
internal static class Tampering
{
    public static Task DropTriggersAsync(AdminApp app) => DropTriggersAsync(app.Database);

    public static Task DropTriggersAsync(TestDatabase database) => database.ExecuteAsync(database.Provider == DatabaseProvider.Sqlite
        ? string.Join(';', AuditSchema.SqliteTriggers.Select(name => $"DROP TRIGGER \"{name}\""))
        : string.Join(';', AuditSchema.PostgresTriggers.Select(name => $"DROP TRIGGER \"{name}\" ON \"AuditEvents\"")));
}
