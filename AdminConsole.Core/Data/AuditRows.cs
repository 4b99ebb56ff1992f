namespace AdminConsole.Core.Data;

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

/// <summary>Reads events in id order as raw database values, without an object for each, so that millions can be read.
/// Texts are UTF-8; UUIDs are 16 bytes in the order of their text form. A column value is valid only until the next row
/// is read.</summary>
internal abstract class AuditRows : IAsyncDisposable
{
    public static readonly int Columns = Enum.GetValues<AuditColumn>().Length;

    /// <summary>The quoted column list for SQL, identical on both databases.</summary>
    public static readonly string ColumnList = string.Join(", ", Enum.GetNames<AuditColumn>().Select(name => $"\"{name}\""));

    public abstract long Id { get; }

    /// <summary>Microseconds since 1970-01-01 UTC.</summary>
    public abstract long At { get; }

    /// <summary>Advances to the next event. Returns false after the last one.</summary>
    public abstract ValueTask<bool> ReadAsync(CancellationToken ct);

    public abstract bool IsNull(AuditColumn column);

    /// <summary>True when every value of the row has the type and form in which AdminConsole stores it. A value in
    /// another form may read and hash the same, but no filter finds it.</summary>
    public abstract bool HasExactForm { get; }

    public abstract ReadOnlySpan<byte> this[AuditColumn column] { get; }

    public abstract ValueTask DisposeAsync();

    protected static bool IsUuid(AuditColumn column) => column is AuditColumn.ActorId or AuditColumn.SessionId or AuditColumn.BatchId;
}
