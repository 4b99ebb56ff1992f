using System.Runtime.CompilerServices;
using AdminConsole.Core.Audit;
using AdminConsole.Core.Common;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Microsoft.EntityFrameworkCore.Storage;

namespace AdminConsole.Core.Data;

// What differs between SQLite and PostgreSQL, and the SQL that both share.
public abstract partial class AppDbContext
{
    /// <summary>Returns the text with a collation that compares byte by byte.</summary>
    protected abstract SqlExpression Bytewise(SqlExpression text);

    /// <summary>Returns SQL that is true when a text contains a pattern. Each database uses the form of the pattern
    /// that its own function compares exactly, character by character.</summary>
    protected abstract SqlExpression ContainsPattern(SqlExpression text, SqlExpression glob, SqlExpression regex);

    /// <summary>Applies the mappings that are specific to this provider.</summary>
    protected abstract void ConfigureProvider(ModelBuilder builder);

    /// <summary>Opens the write transaction of a change. Its reads see the last commit, and its writes can't be
    /// lost.</summary>
    protected abstract Task<IAsyncDisposable> BeginWriteAsync(CancellationToken ct);

    /// <summary>Serializes changes that may remove an administrator.</summary>
    protected abstract Task LockAdministratorsAsync(CancellationToken ct);

    /// <summary>Reads the chain's head row and locks it until the end of the transaction. Throws
    /// <see cref="AuditBlockedException"/> when it is missing.</summary>
    internal Task<AuditHead> LockHeadAsync(CancellationToken ct)
    {
        // A head row that an earlier change of this context read is stale, and EF Core would return it again.
        foreach (var old in ChangeTracker.Entries<AuditHead>().ToList())
        {
            old.State = EntityState.Detached;
        }

        return OrBlockedAsync(ReadHeadForUpdateAsync(ct));
    }

    /// <summary>Reads the chain's head row. Throws <see cref="AuditBlockedException"/> when it is missing.</summary>
    internal Task<AuditHead> ReadHeadAsync(CancellationToken ct) => OrBlockedAsync(AuditHeads.AsNoTracking().SingleOrDefaultAsync(ct));

    protected abstract Task<AuditHead?> ReadHeadForUpdateAsync(CancellationToken ct);

    private static async Task<AuditHead> OrBlockedAsync(Task<AuditHead?> head) =>
        await head ?? throw new AuditBlockedException(AuditBlocked.NoHead);

    /// <summary>Saves the head, which contains the new end of the chain, and the events up to it. Call it inside a
    /// change. The head is saved first where possible, because the database refuses events beyond it.</summary>
    internal async Task AppendAsync(IReadOnlyList<AuditEvent> events, CancellationToken ct)
    {
        if (events.Count < BulkInsertThreshold)
        {
            AddRange(events);
            await SaveChangesAsync(ct);
        }
        else
        {
            await SaveChangesAsync(ct);
            await InsertAsync(events, ct);
        }
    }

    /// <summary>Writes the time blocks of the full blocks of ids from <paramref name="from"/> (inclusive) to
    /// <paramref name="to"/> (exclusive). Call it inside a change.</summary>
    internal Task WriteTimeBlocksAsync(long from, long to, CancellationToken ct) =>
        Database.ExecuteSqlAsync(
            $"""
            INSERT INTO "AuditSpans" ("Block", "MinAt", "MaxAt")
            SELECT "Id" / {AuditTimeBlock.Size}, MIN("At"), MAX("At") FROM "AuditEvents"
            WHERE "Id" >= {from} AND "Id" < {to} GROUP BY 1
            """,
            ct
        );

    /// <summary>Reads the events from <paramref name="first"/> to <paramref name="last"/>, both inclusive, as bytes.
    /// The connection is busy until the result is disposed.</summary>
    internal abstract Task<AuditRows> ReadAuditAsync(long first, long last, CancellationToken ct);

    /// <summary>Announces to other nodes, at the commit, which node wrote and up to which event. Runs inside the
    /// change, after its events are appended.</summary>
    internal virtual Task AnnounceAsync(string announcement, CancellationToken ct) => Task.CompletedTask;

    /// <summary>True when the database aborted a transaction that can be retried.</summary>
    protected abstract bool IsTransient(Exception exception);

    /// <summary>True when the exception means that a unique index rejected a row.</summary>
    public abstract bool IsDuplicate(DbUpdateException exception);

    /// <summary>Returns the users whose search text contains the given text of three or more characters. Uses the
    /// trigram index.</summary>
    internal abstract IQueryable<AppUser> SearchUsers(string text);

    /// <summary>Returns the first or last of <see cref="SearchUsers"/> by email: at least <paramref name="count"/>
    /// users, if that many exist.</summary>
    internal abstract IQueryable<AppUser> SearchUsersByEmail(string text, bool descending, int count);

    /// <summary>Counts the users, up to the limit.</summary>
    internal abstract Task<int> CountUsersAsync(int limit, CancellationToken ct);

    /// <summary>Counts the users that the trigram index finds for the text, up to the limit.</summary>
    internal abstract Task<int> CountSearchResultsAsync(string text, int limit, CancellationToken ct);

    /// <summary>Writes a consistent copy of the database to an empty file, without blocking writers. Returns null on
    /// success.</summary>
    internal abstract Task<Refusal?> CopyToAsync(string file, CancellationToken ct);

    /// <summary>Updates the schema under a lock that excludes other processes, then runs <paramref name="then"/> under
    /// the same lock.</summary>
    public abstract Task MigrateAsync(Func<Task> then, CancellationToken ct);

    protected static SqlFunctionExpression Condition(string function, params SqlExpression[] args) =>
        new(function, args, nullable: true, argumentsPropagateNullability: [true, true], typeof(bool), BoolTypeMapping.Default);

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

    /// <summary>The product name of the database, for display.</summary>
    internal abstract string ProviderName { get; }

    /// <summary>Returns the size of the database on disk, in bytes.</summary>
    internal abstract Task<long> SizeAsync(CancellationToken ct);

    /// <summary>Runs a small read; throws when the database can't be read. A missing head row is not an error here: the
    /// audit check reports it.</summary>
    internal Task ProbeReadAsync(CancellationToken ct) => AuditHeads.AsNoTracking().Select(head => head.LastId).SingleOrDefaultAsync(ct);

    /// <summary>Waits for the write lock, begins a write transaction and rolls it back, without writing. Throws when
    /// the database accepts no changes.</summary>
    internal async Task ProbeWriteAsync(CancellationToken ct)
    {
        await using var transaction = await BeginWriteAsync(ct);
        await RefuseUnlessWritableAsync(ct);
    }

    /// <summary>Throws when the database is read-only although it began a write transaction. Runs inside that
    /// transaction.</summary>
    protected virtual Task RefuseUnlessWritableAsync(CancellationToken ct) => Task.CompletedTask;
}

/// <summary>A row of the events table that does not belong to the chain, as serialized by the database.</summary>
internal sealed record StrayRow(long EventId, string Content);
