using System.Text.Json;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Core.Audit;

/// <summary>Converts stored events to the contract type that the API and the pages use.</summary>
internal static class AuditEntries
{
    public static AuditEntry ToEntry(this AuditEvent entry) =>
        new(
            entry.Id,
            entry.At,
            entry.Action,
            new AuditActor(entry.ActorType, entry.ActorId, entry.ActorName, entry.Via),
            entry.TargetType is { } type ? new AuditTarget(type, entry.TargetId, entry.TargetName) : null,
            entry.Ip,
            entry.UserAgent,
            entry.SessionId,
            entry.RequestId,
            entry.BatchId,
            entry.Details is { } details ? JsonSerializer.Deserialize<JsonElement>(details) : null,
            Convert.ToHexStringLower(entry.Hash)
        );
}
