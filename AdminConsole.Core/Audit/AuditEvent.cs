namespace AdminConsole.Core.Audit;

/// <summary>
/// One link of the chain as it is stored. Personal texts enter the hash through a salted digest for the actor's side
/// and one for
/// the target's, so that a person can be erased without breaking the chain.
/// </summary>
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

    /// <summary>JSON, exactly as it was hashed.</summary>
    public string? Details { get; internal set; }

    /// <summary>16 bytes: the salt of the actor's personal texts. 32 bytes: their digest, after they were
    /// erased.</summary>
    public required byte[] ActorSeal { get; set; }

    /// <summary>The same for the target's name and the details.</summary>
    public required byte[] TargetSeal { get; set; }

    /// <summary>SHA-256 over the event before and this one.</summary>
    public required byte[] Hash { get; set; }
}

/// <summary>The end of the chain, in one signed row; a cut tail shows because the row still names it.</summary>
public sealed class AuditHead
{
    public const int RowId = 1;

    public required int Id { get; init; }

    /// <summary>The id of the last event; 0 before the first.</summary>
    public required long LastId { get; set; }

    public required byte[] LastHash { get; set; }

    /// <summary>Events up to this id were cut by retention; 0 while none were.</summary>
    public required long CheckpointId { get; set; }

    /// <summary>The hash of the last event that was cut.</summary>
    public required byte[] CheckpointHash { get; set; }

    /// <summary>When the log was last restored from a backup, or a rollback of it accepted: milliseconds since 1970; 0
    /// if never. Only ever grows.</summary>
    public long Epoch { get; set; }

    /// <summary>HMAC-SHA256 over the other columns.</summary>
    public required byte[] Signature { get; set; }
}

/// <summary>A row that AdminConsole did not write, moved out of the log by <see cref="AuditRepair"/>. Never changed or
/// deleted.</summary>
public sealed class QuarantinedEvent
{
    public long Id { get; init; }

    /// <summary>The id that the row had among the events.</summary>
    public required long EventId { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>The whole row, as the database writes it.</summary>
    public required string Content { get; init; }
}
