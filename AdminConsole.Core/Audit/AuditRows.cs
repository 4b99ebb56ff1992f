namespace AdminConsole.Core.Audit;

/// <summary>The columns of an event, in the order in which <see cref="AuditRows"/> reads them.</summary>
internal enum AuditColumn
{
    Id,
    At,
    Action,
    ActorType,
    ActorId,
    ActorName,
    Via,
    Ip,
    UserAgent,
    TargetType,
    TargetId,
    TargetName,
    SessionId,
    RequestId,
    BatchId,
    Details,
    ActorSeal,
    TargetSeal,
    Hash,
}

/// <summary>
/// Reads events in the order of their ids as the database's bytes, without making objects of them, for reading
/// millions.
/// Texts are UTF-8, UUIDs 16 bytes in the order in which they are written. What a column gives is gone with the next
/// row.
/// </summary>
internal abstract class AuditRows : IAsyncDisposable
{
    public static readonly int Columns = Enum.GetValues<AuditColumn>().Length;

    /// <summary>The columns as SQL lists them; the same on both databases.</summary>
    public static readonly string ColumnList = string.Join(", ", Enum.GetNames<AuditColumn>().Select(name => $"\"{name}\""));

    public abstract long Id { get; }

    /// <summary>Microseconds since 1970.</summary>
    public abstract long At { get; }

    /// <summary>Goes to the next event; false after the last.</summary>
    public abstract ValueTask<bool> ReadAsync(CancellationToken ct);

    public abstract bool IsNull(AuditColumn column);

    /// <summary>
    /// True where every value of the row has the type and the form in which AdminConsole writes it. Another one may
    /// read the same and hash the same, and yet be found by no filter.
    /// </summary>
    public abstract bool HasExactForm { get; }

    public abstract ReadOnlySpan<byte> this[AuditColumn column] { get; }

    public abstract ValueTask DisposeAsync();

    protected static bool IsUuid(AuditColumn column) => column is AuditColumn.ActorId or AuditColumn.SessionId or AuditColumn.BatchId;
}
