namespace AdminConsole.Core.Data;

/// <summary>
/// What guards the audit log in the database itself, beyond what EF Core's model says. Migrations run these texts. A
/// role that may
/// drop triggers gets past them; verification of the chain then shows what was done.
/// </summary>
public static partial class AuditSchema
{
    private static readonly string[] Fixed =
    [
        "Id",
        "At",
        "Action",
        "ActorType",
        "ActorId",
        "Via",
        "TargetType",
        "TargetId",
        "SessionId",
        "RequestId",
        "BatchId",
        "Hash",
    ];

    private static readonly string[] ActorSide = ["ActorName", "Ip", "UserAgent"];

    private static readonly string[] TargetSide = ["TargetName", "Details"];

    /// <summary>The triggers on SQLite's AuditEvents; a test looks for each after migrating.</summary>
    public static readonly IReadOnlyList<string> SqliteTriggers =
    [
        "AuditEventsAreAppended",
        "AuditEventsAreNotChanged",
        "AuditEventsAreNotDeleted",
    ];

    /// <summary>The same on PostgreSQL.</summary>
    public static readonly IReadOnlyList<string> PostgresTriggers =
    [
        "AuditEventsAreAppended",
        "AuditEventsAreNotTruncated",
        "AuditEventsGuard",
    ];

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
