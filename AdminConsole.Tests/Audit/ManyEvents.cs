using AdminConsole.Core.Common;

namespace AdminConsole.Tests.Audit;

/// <summary>A long log in a moment: copies of the last event, by SQL. The chain does not verify afterwards.</summary>
internal static class ManyEvents
{
    /// <summary>Adds so many copies of the last event, a second apart and the last at the same time, with this action
    /// and details.</summary>
    /// <param name="app">Whose log it is.</param>
    /// <param name="count">How many.</param>
    /// <param name="action">What they say happened.</param>
    /// <param name="details">JSON.</param>
    /// <param name="gap">How many ids are left out before the first.</param>
    public static async Task AddEventsAsync(
        this AdminApp app,
        int count,
        string action = "user.updated",
        string details = "{}",
        int gap = 0
    )
    {
        var later = app.Provider == DatabaseProvider.Sqlite ? $"(n.i - {count}) * 1000000" : $"(n.i - {count}) * interval '1 second'";
        // The guards take only events that the head names.
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
