namespace AdminConsole.Core.Audit;

/// <summary>Why the log takes no events, as a sentence. Without an event there is no change.</summary>
internal static class AuditBlocked
{
    public const string NoHead = "The audit log has no head, so nothing can be changed. Restore a backup.";

    public const string ByEvent =
        "The audit log contains a row that AdminConsole did not write, so nothing can be changed. Run \"AdminConsole "
        + "audit-repair\" on the server.";
}

/// <summary>Thrown where the audit log cannot take the events of a change, which is rolled back.
/// <c>AppDbContext.Unavailable </c> makes a refusal of it.</summary>
internal sealed class AuditBlockedException(string message, Exception? cause = null) : Exception(message, cause);
