using AdminConsole.Core.Audit;
using AdminConsole.Core.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace AdminConsole.Core.Data.Sqlite;

public sealed partial class SqliteAppDbContext
{
    internal override AuditGuards AuditGuards => AuditSchema.OnSqlite;

    private static readonly string InsertEvent =
        $"INSERT INTO \"AuditEvents\" ({AuditRows.ColumnList}) VALUES "
        + $"({string.Join(", ", Enumerable.Range(0, AuditRows.Columns).Select(number => "$" + number))})";

    // From this count on, the page cache is 256 MB until the connection is closed. Each event touches a page of every
    // index, and pages that don't fit the cache are written and read repeatedly.
    private const int VeryMany = 10_000;

    private const int ConstraintTrigger = 1811;

    // All events are inserted by a prepared statement: EF Core would write them before the head, which the trigger
    // requires.
    protected override int BulkInsertThreshold => 0;

    internal override bool IsEventRefused(Exception exception) =>
        (exception as SqliteException ?? exception.InnerException as SqliteException) switch
        {
            { SqliteExtendedErrorCode: ConstraintTrigger } refused => refused.Message.Contains(
                AuditSchema.RefusalPrefix,
                StringComparison.Ordinal
            ),
            { SqliteExtendedErrorCode: ConstraintPrimaryKey or ConstraintUnique } duplicate => duplicate.Message.Contains(
                "AuditEvents.Id",
                StringComparison.Ordinal
            ),
            _ => false,
        };

    // SQLite types each value, not the column. SqliteAuditRows checks the types row by row.
    internal override async Task<string?> AuditTableProblemAsync(CancellationToken ct) =>
        await Database
            .SqlQuery<string>($"""SELECT "type" AS "Value" FROM sqlite_master WHERE "name" = 'AuditEvents'""")
            .SingleOrDefaultAsync(ct) == "table"
            ? null
            : "What is called AuditEvents is not the table that AdminConsole made.";

    internal override async Task<IReadOnlyList<string>> AuditTriggersAsync(CancellationToken ct) =>
        await Database
            .SqlQuery<string>($"""SELECT "name" AS "Value" FROM sqlite_master WHERE "type" = 'trigger' AND "tbl_name" = 'AuditEvents'""")
            .ToListAsync(ct);

    protected override async Task InsertAsync(IReadOnlyList<AuditEvent> events, CancellationToken ct)
    {
        if (events.Count >= VeryMany)
        {
            await Database.ExecuteSqlAsync($"PRAGMA cache_size=-262144", ct);
        }

        await using var command = ((SqliteConnection)Database.GetDbConnection()).CreateCommand();
        command.Transaction = (SqliteTransaction)Database.CurrentTransaction!.GetDbTransaction();
#pragma warning disable CA2100 // Only column names.
        command.CommandText = InsertEvent;
#pragma warning restore CA2100
        var values = new SqliteParameter[AuditRows.Columns];
        for (var column = 0; column < values.Length; column++)
        {
            values[column] = command.Parameters.Add(new SqliteParameter($"${column}", null));
        }

        foreach (var entry in events)
        {
            object?[] row =
            [
                entry.Id,
                entry.At.ToMicroseconds(),
                entry.Action,
                entry.ActorType,
                Text(entry.ActorId),
                entry.ActorName,
                entry.Via,
                entry.Ip,
                entry.UserAgent,
                entry.TargetType,
                entry.TargetId,
                entry.TargetName,
                Text(entry.SessionId),
                entry.RequestId,
                Text(entry.BatchId),
                entry.Details,
                entry.ActorSeal,
                entry.TargetSeal,
                entry.Hash,
            ];
            for (var column = 0; column < values.Length; column++)
            {
                values[column].Value = row[column] ?? DBNull.Value;
            }

            await command.ExecuteNonQueryAsync(ct);
        }
    }

    internal override async Task<AuditRows> ReadAuditAsync(long first, long last, CancellationToken ct)
    {
        await Database.OpenConnectionAsync(ct);
        return new SqliteAuditRows(((SqliteConnection)Database.GetDbConnection()).Handle!, first, last);
    }

    // The format in which EF Core stores UUIDs.
    private static string? Text(Guid? id) => id?.ToString().ToUpperInvariant();
}
