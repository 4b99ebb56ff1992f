namespace AdminConsole.Core.Data;

/// <summary>Protects the audit log in the database itself, beyond EF Core's model. Migrations run these scripts. A role
/// that may drop triggers can bypass them; verification of the chain then detects the change.</summary>
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

    /// <summary>The triggers on SQLite's AuditEvents table. A test checks that the migrations create them.</summary>
    public static readonly IReadOnlyList<string> SqliteTriggers =
    [
        "AuditEventsAreAppended",
        "AuditEventsAreNotChanged",
        "AuditEventsAreNotDeleted",
    ];

    /// <summary>The triggers on PostgreSQL's AuditEvents table.</summary>
    public static readonly IReadOnlyList<string> PostgresTriggers =
    [
        "AuditEventsAreAppended",
        "AuditEventsAreNotTruncated",
        "AuditEventsGuard",
    ];

    // Allows only erasure: one or both sides lose their texts while their 16-byte salt becomes a 32-byte digest.
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
