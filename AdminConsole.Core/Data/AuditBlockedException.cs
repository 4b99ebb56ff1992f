namespace AdminConsole.Core.Data;

/// <summary>The messages for an audit log that accepts no events, which blocks every change.</summary>
internal static class AuditBlocked
{
    public const string NoHead = "The audit log has no head, so nothing can be changed. Restore a backup.";

    public const string ByEvent =
        "The audit log contains a row that AdminConsole did not write, so nothing can be changed. Run \"AdminConsole "
        + "audit-repair\" on the server.";
}

/// <summary>Thrown when the audit log cannot store the events of a change. The change is rolled back, and
/// <c>AppDbContext.Unavailable</c> converts the exception to a refusal.</summary>
internal sealed class AuditBlockedException(string message, Exception? cause = null) : Exception(message, cause);
