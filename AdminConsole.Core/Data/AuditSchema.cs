using AdminConsole.Core.Audit;

namespace AdminConsole.Core.Data;

/// <summary>
/// What guards the audit log in the database itself, beyond what EF Core's model says. Migrations run these texts. Whoever may drop
/// a trigger gets past them; verifying the chain then shows what was done.
/// </summary>
public static partial class AuditSchema
{
    private static readonly string[] Fixed = ["Id", "At", "Action", "ActorType", "ActorId", "Via", "TargetType", "TargetId", "SessionId", "RequestId", "BatchId", "Hash"];

    private static readonly string[] ActorSide = ["ActorName", "Ip", "UserAgent"];

    private static readonly string[] TargetSide = ["TargetName", "Details"];

    /// <summary>The triggers on SQLite's AuditEvents; a test looks for each after migrating.</summary>
    public static readonly IReadOnlyList<string> SqliteTriggers = ["AuditEventsAreAppended", "AuditEventsAreNotChanged", "AuditEventsAreNotDeleted"];

    /// <summary>The same on PostgreSQL.</summary>
    public static readonly IReadOnlyList<string> PostgresTriggers = ["AuditEventsAreAppended", "AuditEventsAreNotTruncated", "AuditEventsGuard"];

    /// <summary>
    /// An UPDATE may only redact. The guard of INSERT is there for REPLACE, which deletes without asking the trigger for DELETE.
    /// </summary>
    public static readonly string Sqlite = $"""
        DROP TRIGGER IF EXISTS "AuditEventsAreNotChanged";
        DROP TRIGGER IF EXISTS "AuditEventsAreNotDeleted";
        CREATE TRIGGER "AuditEventsAreAppended" BEFORE INSERT ON "AuditEvents"
        WHEN NEW."Id" <= (SELECT MAX("Id") FROM "AuditEvents")
        BEGIN SELECT RAISE(ABORT, 'audit events are only appended'); END;
        CREATE TRIGGER "AuditEventsAreNotChanged" BEFORE UPDATE ON "AuditEvents"
        WHEN NOT ({Redaction("IS")})
        BEGIN SELECT RAISE(ABORT, 'audit events are not changed'); END;
        CREATE TRIGGER "AuditEventsAreNotDeleted" BEFORE DELETE ON "AuditEvents"
        WHEN OLD."Id" > COALESCE((SELECT "CheckpointId" FROM "AuditHeads"), 0)
        BEGIN SELECT RAISE(ABORT, 'audit events are not deleted'); END;
        """;

    public static readonly string Postgres = $"""
        CREATE OR REPLACE FUNCTION audit_events_guard() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF TG_OP = 'TRUNCATE' THEN
            RAISE EXCEPTION 'audit events are not deleted';
          END IF;
          IF TG_OP = 'DELETE' THEN
            IF OLD."Id" > COALESCE((SELECT "CheckpointId" FROM "AuditHeads"), 0) THEN
              RAISE EXCEPTION 'audit events are not deleted';
            END IF;
            RETURN OLD;
          END IF;
          IF NOT ({Redaction("IS NOT DISTINCT FROM")}) THEN
            RAISE EXCEPTION 'audit events are not changed';
          END IF;
          RETURN NEW;
        END $$;
        CREATE TRIGGER "AuditEventsAreNotTruncated" BEFORE TRUNCATE ON "AuditEvents" FOR EACH STATEMENT EXECUTE FUNCTION audit_events_guard();
        """;

    /// <summary>The spans of the full blocks that there are already.</summary>
    public static readonly string Spans = $"""
        INSERT INTO "AuditSpans" ("Block", "MinAt", "MaxAt") SELECT "Id" / {AuditSpan.Size}, MIN("At"), MAX("At") FROM "AuditEvents"
        WHERE "Id" < (SELECT ("LastId" + 1) / {AuditSpan.Size} * {AuditSpan.Size} FROM "AuditHeads") GROUP BY 1;
        """;

    public const string SqliteDown = """DROP TRIGGER "AuditEventsAreAppended";""";

    public const string PostgresDown = """DROP TRIGGER "AuditEventsAreNotTruncated" ON "AuditEvents";""";

    // Nothing changes, but that one side or both lose their texts while their salt of 16 bytes becomes a digest of 32.
    private static string Redaction(string same)
    {
        var untouched = string.Join(" AND ", Fixed.Select(Same));
        return $"{untouched} AND {Side("ActorSeal", ActorSide)} AND {Side("TargetSeal", TargetSide)}";

        string Same(string column) => $"NEW.\"{column}\" {same} OLD.\"{column}\"";

        string Side(string seal, string[] texts) =>
            $"(({string.Join(" AND ", texts.Append(seal).Select(Same))}) OR (length(OLD.\"{seal}\") = 16 AND length(NEW.\"{seal}\") = 32"
            + $" AND {string.Join(" AND ", texts.Select(text => $"NEW.\"{text}\" IS NULL"))}))";
    }
}
