using AdminConsole.Core.Audit;

namespace AdminConsole.Core.Data;

/// <summary>The current triggers, which rely on the quarantine table. The scripts can be run again at any
/// time.</summary>
public static partial class AuditSchema
{
    /// <summary>The prefix of every error message that the triggers raise.</summary>
    internal const string RefusalPrefix = "audit events";

    internal static AuditGuards OnSqlite => new(SqliteContentOf("\"AuditEvents\""), SqliteTriggers, SqliteGuards);

    internal static AuditGuards OnPostgres => new("""to_jsonb("AuditEvents")::text""", PostgresTriggers, PostgresGuards);

    /// <summary>Creates the triggers on SQLite. An event can be inserted only after all others, and only when the
    /// signed head already covers it. A row beyond the head can be deleted only when the quarantine holds a full copy
    /// of it.</summary>
    public static string SqliteGuards =>
        $"""
            DROP TRIGGER IF EXISTS "AuditEventsAreAppended";
            DROP TRIGGER IF EXISTS "AuditEventsAreNotChanged";
            DROP TRIGGER IF EXISTS "AuditEventsAreNotDeleted";
            DROP TRIGGER IF EXISTS "AuditQuarantineIsNotChanged";
            DROP TRIGGER IF EXISTS "AuditQuarantineIsNotDeleted";
            CREATE TRIGGER "AuditEventsAreAppended" BEFORE INSERT ON "AuditEvents"
            WHEN NEW."Id" < 1 OR NEW."Id" <= (SELECT MAX("Id") FROM "AuditEvents") OR NEW."Id" > COALESCE({Head("LastId")}, 0)
            BEGIN SELECT RAISE(ABORT, 'audit events are only appended, and the head names them first'); END;
            CREATE TRIGGER "AuditEventsAreNotChanged" BEFORE UPDATE ON "AuditEvents"
            WHEN NOT ({Redaction("IS")})
            BEGIN SELECT RAISE(ABORT, 'audit events are not changed'); END;
            CREATE TRIGGER "AuditEventsAreNotDeleted" BEFORE DELETE ON "AuditEvents"
            WHEN OLD."Id" > COALESCE({Head("CheckpointId")}, 0) AND NOT (OLD."Id" > {Head("LastId")}
                AND EXISTS (SELECT 1 FROM "AuditQuarantine" AS q WHERE q."EventId" = OLD."Id" AND q."Content" = {SqliteContentOf("OLD")}))
            BEGIN SELECT RAISE(ABORT, 'audit events are not deleted'); END;
            CREATE TRIGGER "AuditQuarantineIsNotChanged" BEFORE UPDATE ON "AuditQuarantine"
            BEGIN SELECT RAISE(ABORT, 'audit events in quarantine are not changed'); END;
            CREATE TRIGGER "AuditQuarantineIsNotDeleted" BEFORE DELETE ON "AuditQuarantine"
            BEGIN SELECT RAISE(ABORT, 'audit events in quarantine are not deleted'); END;
            """;

    /// <summary>Creates the triggers on PostgreSQL, with the same rules. The head is checked at the commit, because an
    /// older version running side by side writes it after the events.</summary>
    public static string PostgresGuards =>
        $"""
            CREATE OR REPLACE FUNCTION audit_events_guard() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF TG_OP = 'TRUNCATE' THEN
                RAISE EXCEPTION 'audit events are not deleted';
              END IF;
              IF TG_OP = 'DELETE' THEN
                IF OLD."Id" > COALESCE({Head("CheckpointId")}, 0) AND NOT COALESCE(OLD."Id" > {Head("LastId")}
                    AND EXISTS (SELECT 1 FROM "AuditQuarantine" q
                        WHERE q."EventId" = OLD."Id" AND q."Content" = to_jsonb(OLD)::text), false) THEN
                  RAISE EXCEPTION 'audit events are not deleted';
                END IF;
                RETURN OLD;
              END IF;
              IF NOT ({Redaction("IS NOT DISTINCT FROM")}) THEN
                RAISE EXCEPTION 'audit events are not changed';
              END IF;
              RETURN NEW;
            END $$;
            CREATE OR REPLACE FUNCTION audit_events_appended() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF NEW."Id" <= COALESCE({Head("CheckpointId")}, 0) OR NEW."Id" > COALESCE({Head("LastId")}, 0) THEN
                RAISE EXCEPTION 'audit events are only appended, and the head names them';
              END IF;
              RETURN NULL;
            END $$;
            CREATE OR REPLACE FUNCTION audit_quarantine_guard() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              RAISE EXCEPTION 'audit events in quarantine are neither changed nor deleted';
            END $$;
            DROP TRIGGER IF EXISTS "AuditEventsAreAppended" ON "AuditEvents";
            DROP TRIGGER IF EXISTS "AuditEventsAreNotTruncated" ON "AuditEvents";
            DROP TRIGGER IF EXISTS "AuditEventsGuard" ON "AuditEvents";
            DROP TRIGGER IF EXISTS "AuditQuarantineGuard" ON "AuditQuarantine";
            CREATE CONSTRAINT TRIGGER "AuditEventsAreAppended" AFTER INSERT ON "AuditEvents"
              DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_events_appended();
            CREATE TRIGGER "AuditEventsAreNotTruncated" BEFORE TRUNCATE ON "AuditEvents"
              FOR EACH STATEMENT EXECUTE FUNCTION audit_events_guard();
            CREATE TRIGGER "AuditEventsGuard" BEFORE UPDATE OR DELETE ON "AuditEvents"
              FOR EACH ROW EXECUTE FUNCTION audit_events_guard();
            CREATE TRIGGER "AuditQuarantineGuard" BEFORE UPDATE OR DELETE OR TRUNCATE ON "AuditQuarantine"
              FOR EACH STATEMENT EXECUTE FUNCTION audit_quarantine_guard();
            """;

    public const string SqliteGuardsDown = """
        DROP TRIGGER "AuditQuarantineIsNotChanged";
        DROP TRIGGER "AuditQuarantineIsNotDeleted";
        DROP TRIGGER "AuditEventsAreAppended";
        DROP TRIGGER "AuditEventsAreNotChanged";
        DROP TRIGGER "AuditEventsAreNotDeleted";
        """;

    public const string PostgresGuardsDown = """
        DROP TRIGGER "AuditQuarantineGuard" ON "AuditQuarantine";
        DROP TRIGGER "AuditEventsAreAppended" ON "AuditEvents";
        DROP TRIGGER "AuditEventsAreNotTruncated" ON "AuditEvents";
        DROP TRIGGER "AuditEventsGuard" ON "AuditEvents";
        DROP FUNCTION audit_quarantine_guard();
        DROP FUNCTION audit_events_appended();
        DROP FUNCTION audit_events_guard();
        """;

    private static string Head(string column) => $"(SELECT \"{column}\" FROM \"AuditHeads\" WHERE \"Id\" = {AuditHead.RowId})";

    private static string SqliteContentOf(string row) =>
        string.Join(" || ', ' || ", Enum.GetNames<AuditColumn>().Select(name => $"quote({row}.\"{name}\")"));
}

/// <summary>The triggers that protect the audit events on one database.</summary>
/// <param name="Content">SQL for a whole row as one text: on SQLite its quoted values, which show their types; on
/// PostgreSQL JSON.</param>
/// <param name="Triggers">The names of the triggers.</param>
/// <param name="Sql">The script that creates them again.</param>
internal sealed record AuditGuards(string Content, IReadOnlyList<string> Triggers, string Sql);
