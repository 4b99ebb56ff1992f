using System.Runtime.CompilerServices;
using AdminConsole.Core.Audit;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Data;

// Writing audit events, and the triggers that protect them.
public abstract partial class AppDbContext
{
    /// <summary>Batches with fewer events than this are saved as entities, together with the head row.</summary>
    protected abstract int BulkInsertThreshold { get; }

    /// <summary>Inserts chained events in bulk, without change tracking. Call it inside a change.</summary>
    protected abstract Task InsertAsync(IReadOnlyList<AuditEvent> events, CancellationToken ct);

    /// <summary>True when the exception means that the audit log refused an event: its id already exists, or a trigger
    /// rejected it.</summary>
    internal abstract bool IsEventRefused(Exception exception);

    /// <summary>The triggers that protect the audit events on this database.</summary>
    internal abstract AuditGuards AuditGuards { get; }

    /// <summary>Returns up to <paramref name="count"/> event rows outside the range of ids that the head covers. The
    /// head must be valid.</summary>
    internal Task<List<StrayRow>> StrayRowsAsync(AuditHead head, int count, CancellationToken ct) =>
        Database
            .SqlQuery<StrayRow>(
                FormattableStringFactory.Create(
                    $$"""
                    SELECT "Id" AS "EventId", {{AuditGuards.Content}} AS "Content" FROM "AuditEvents"
                    WHERE "Id" > {0} OR "Id" <= {1} LIMIT {2}
                    """,
                    head.LastId,
                    head.CheckpointId,
                    count
                )
            )
            .ToListAsync(ct);

    /// <summary>Describes how the table of events differs from the one that the migrations created; null when it does
    /// not. A different table could return altered rows.</summary>
    internal abstract Task<string?> AuditTableProblemAsync(CancellationToken ct);

    /// <summary>Returns the names of the enabled triggers on the table of events.</summary>
    internal abstract Task<IReadOnlyList<string>> AuditTriggersAsync(CancellationToken ct);
}

/// <summary>A row of the events table that does not belong to the chain, as serialized by the database.</summary>
internal sealed record StrayRow(long EventId, string Content);
