namespace AdminConsole.Core.Audit;

/// <summary>An event as stored in the hash chain. Personal texts enter the hash through two salted digests, one for the
/// actor and one for the target, so that they can be erased without breaking the chain.</summary>
public sealed class AuditEvent
{
    public required long Id { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Action { get; init; }
    public required string ActorType { get; init; }
    public Guid? ActorId { get; init; }
    public string? ActorName { get; internal set; }
    public required string Via { get; init; }
    public string? Ip { get; internal set; }
    public string? UserAgent { get; internal set; }
    public string? TargetType { get; init; }
    public string? TargetId { get; init; }
    public string? TargetName { get; internal set; }
    public Guid? SessionId { get; init; }
    public string? RequestId { get; init; }
    public Guid? BatchId { get; init; }

    /// <summary>The details as JSON, exactly as hashed.</summary>
    public string? Details { get; internal set; }

    /// <summary>The salt of the actor's personal texts (16 bytes) or, once erased, their digest (32 bytes).</summary>
    public required byte[] ActorSeal { get; set; }

    /// <summary>The salt of the target's name and the details (16 bytes) or, once erased, their digest (32
    /// bytes).</summary>
    public required byte[] TargetSeal { get; set; }

    /// <summary>SHA-256 over the hash of the previous event and this event.</summary>
    public required byte[] Hash { get; set; }
}

/// <summary>The end of the chain, in one signed row. Because it names the last event, it reveals a truncated
/// log.</summary>
public sealed class AuditHead
{
    public const int RowId = 1;

    public required int Id { get; init; }

    /// <summary>The id of the last event; 0 before the first.</summary>
    public required long LastId { get; set; }

    public required byte[] LastHash { get; set; }

    /// <summary>The id of the last event that retention deleted; 0 if none.</summary>
    public required long CheckpointId { get; set; }

    /// <summary>The hash of the last event that retention deleted; 32 zero bytes if none.</summary>
    public required byte[] CheckpointHash { get; set; }

    /// <summary>The time of the last restore or accepted repair, in milliseconds since 1970; 0 if none. Only
    /// increases.</summary>
    public long Epoch { get; set; }

    /// <summary>HMAC-SHA256 over last event, checkpoint and epoch; empty if the head is not trusted.</summary>
    public required byte[] Signature { get; set; }
}

/// <summary>A row that AdminConsole did not write, moved out of the log by <see cref="AuditRepair"/>. Never changed or
/// deleted.</summary>
public sealed class QuarantinedEvent
{
    public long Id { get; init; }

    /// <summary>The id of the row in the events table.</summary>
    public required long EventId { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The complete row, as serialized by the database.</summary>
    public required string Content { get; init; }
}
