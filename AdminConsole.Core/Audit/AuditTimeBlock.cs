using AdminConsole.Core.Data;

namespace AdminConsole.Core.Audit;

/// <summary>The earliest and the latest time within a full block of ids. Ids are in commit order, which is nearly, but
/// not exactly, the order of times. A time range therefore selects exactly the blocks that can contain matches, even if
/// the clock jumps.</summary>
public sealed class AuditTimeBlock
{
    /// <summary>The number of ids per block. Block n starts at id n × 2,000.</summary>
    public const int Size = 2_000;

    public required long Block { get; init; }

    public required DateTimeOffset MinAt { get; init; }

    public required DateTimeOffset MaxAt { get; init; }

    /// <summary>Writes the spans of the blocks that the events after <paramref name="before"/> have filled.</summary>
    internal static async Task WriteFilledAsync(AppDbContext db, long before, long last, CancellationToken ct)
    {
        var (first, open) = ((before + 1) / Size, (last + 1) / Size);
        if (first < open)
        {
            await db.WriteTimeBlocksAsync(first * Size, open * Size, ct);
        }
    }
}

/// <summary>The position of a consumer that reads the log from its beginning.</summary>
public sealed class AuditCursor
{
    public required string Name { get; init; }

    /// <summary>The id of the last event that was processed.</summary>
    public required long LastId { get; init; }
}
