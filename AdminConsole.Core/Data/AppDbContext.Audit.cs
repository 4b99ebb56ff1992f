using System.Runtime.CompilerServices;
using AdminConsole.Core.Audit;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Data;

// How events are written, and what guards them.
public abstract partial class AppDbContext
{
    /// <summary>Fewer events than this are saved as entities, together with the head.</summary>
    protected abstract int FewEvents { get; }

    /// <summary>Writes linked events, within a change.</summary>
    protected abstract Task InsertAsync(IReadOnlyList<AuditEvent> events, CancellationToken ct);

    /// <summary>True where the exception says that the audit log does not take an event: one with its id is there, or a
    /// trigger refused it.</summary>
    internal abstract bool IsEventRefused(Exception exception);

    /// <summary>What guards the events on this database.</summary>
    internal abstract AuditGuards AuditGuards { get; }

    /// <summary>The first rows among the events that the head, which is in order, does not cover.</summary>
    internal Task<List<StrayRow>> StrayRowsAsync(AuditHead head, int count, CancellationToken ct) =>
        Database
            .SqlQuery<StrayRow>(
                FormattableStringFactory.Create(
                    $$"""SELECT "Id" AS "EventId", {{AuditGuards.Content}} AS "Content" FROM "AuditEvents" WHERE "Id" > {0} OR "Id" <= {1} LIMIT {2}""",
                    head.LastId,
                    head.CheckpointId,
                    count
                )
            )
            .ToListAsync(ct);

    /// <summary>What differs between the table of events and the one that migrations made, so that rows could look
    /// other than they are; null where nothing does.</summary>
    internal abstract Task<string?> AuditTableProblemAsync(CancellationToken ct);

    /// <summary>The triggers that guard the events, those that are in force.</summary>
    internal abstract Task<IReadOnlyList<string>> AuditTriggersAsync(CancellationToken ct);
}
