using AdminConsole.Core.Data;

namespace AdminConsole.Core.Audit;

/// <summary>
/// The earliest and the latest time in a full block of ids. Events are in the order of commits, and nearly, but not
/// exactly, in that
/// of their times: from a range of times this finds the few blocks that can have any, exactly, however the times jump.
/// </summary>
public sealed class AuditTimeBlock
{
    /// <summary>Block n has the ids from n × 2,000 on.</summary>
    public const int Size = 2_000;

    public required long Block { get; init; }

    public required DateTimeOffset MinAt { get; init; }

    public required DateTimeOffset MaxAt { get; init; }

    /// <summary>Writes down the spans of the blocks that were filled by what was appended after
    /// <paramref name="before"/>. </summary>
    internal static async Task CloseAsync(AppDbContext db, long before, long last, CancellationToken ct)
    {
        var (first, open) = ((before + 1) / Size, (last + 1) / Size);
        if (first < open)
        {
            await db.WriteSpansAsync(first * Size, open * Size, ct);
        }
    }
}

/// <summary>How far a reader of the log, from its beginning, has come.</summary>
public sealed class AuditCursor
{
    public required string Name { get; init; }

    /// <summary>The id of the last event that is done with.</summary>
    public required long LastId { get; init; }
}
