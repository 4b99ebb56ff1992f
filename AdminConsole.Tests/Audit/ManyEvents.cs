using AdminConsole.Core.Common;

namespace AdminConsole.Tests.Audit;

/// <summary>Fills the audit log quickly with copies of the last event, by SQL. The chain does not verify
/// afterwards.</summary>
internal static class ManyEvents
{
    /// <summary>Adds copies of the last event, one second apart, of which the last has the same time.</summary>
    /// <param name="app">The app with the log.</param>
    /// <param name="count">The number of copies.</param>
    /// <param name="action">The action of the copies.</param>
    /// <param name="details">The details of the copies, as JSON.</param>
    /// <param name="gap">The number of ids to skip before the first copy.</param>
    public static async Task AddEventsAsync(
        this AdminApp app,
        int count,
        string action = "user.updated",
        string details = "{}",
        int gap = 0
    )
    {
        var later = app.Provider == DatabaseProvider.Sqlite ? $"(n.i - {count}) * 1000000" : $"(n.i - {count}) * interval '1 second'";
        // The triggers accept only the event that the head names.
        await app.Database.ExecuteAsync(
            $"""
            UPDATE "AuditHeads" SET "LastId" = (SELECT MAX("Id") FROM "AuditEvents") + {gap + count};
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
            INSERT INTO "AuditEvents" (
                "Id", "At", "Action", "ActorType", "ActorId", "ActorName", "Via", "Ip", "UserAgent", "TargetType", "TargetId",
                "TargetName", "SessionId", "RequestId", "BatchId", "Details", "ActorSeal", "TargetSeal", "Hash")
            SELECT
                e."Id" + {gap} + n.i, e."At" + {later}, '{action}', e."ActorType", e."ActorId", e."ActorName", e."Via", e."Ip",
                e."UserAgent", e."TargetType", e."TargetId", e."TargetName", e."SessionId", e."RequestId", e."BatchId",
                '{details}', e."ActorSeal", e."TargetSeal", e."Hash"
            FROM "AuditEvents" e, n WHERE e."Id" = (SELECT MAX("Id") FROM "AuditEvents")
            """
        );
    }
}
