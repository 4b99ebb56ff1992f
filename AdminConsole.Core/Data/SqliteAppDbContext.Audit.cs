using System.Globalization;
using AdminConsole.Core.Audit;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using SQLitePCL;

namespace AdminConsole.Core.Data;

public sealed partial class SqliteAppDbContext
{
    private static readonly string InsertEvent =
        $"INSERT INTO \"AuditEvents\" ({AuditRows.ColumnList}) VALUES ({string.Join(", ", Enumerable.Range(0, AuditRows.Columns).Select(number => "$" + number))})";

    // Each touches a page in every index; where these do not fit the cache, they are written and read again and again. 256 MB, until the connection is closed.
    private const int VeryMany = 10_000;

    internal override async Task InsertAsync(IReadOnlyList<AuditEvent> events, CancellationToken ct)
    {
        if (events.Count >= VeryMany)
        {
            await Database.ExecuteSqlAsync($"PRAGMA cache_size=-262144", ct);
        }

        await using var command = ((SqliteConnection)Database.GetDbConnection()).CreateCommand();
        command.Transaction = (SqliteTransaction)Database.CurrentTransaction!.GetDbTransaction();
#pragma warning disable CA2100 // Column names only.
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
                entry.Id, EventHash.Microseconds(entry.At), entry.Action, entry.ActorType, Text(entry.ActorId), entry.ActorName, entry.Via, entry.Ip, entry.UserAgent,
                entry.TargetType, entry.TargetId, entry.TargetName, Text(entry.SessionId), entry.RequestId, Text(entry.BatchId), entry.Details,
                entry.ActorSeal, entry.TargetSeal, entry.Hash,
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
        return new Rows(((SqliteConnection)Database.GetDbConnection()).Handle!, first, last);
    }

    // As EF Core writes them.
    private static string? Text(Guid? id) => id?.ToString().ToUpperInvariant();

    /// <summary>The driver's own reader makes a string of every text; this one hands out SQLite's memory.</summary>
    private sealed class Rows : AuditRows
    {
        private readonly sqlite3 database;
        private readonly sqlite3_stmt statement;
        private readonly byte[] uuid = new byte[16];

        public Rows(sqlite3 database, long first, long last)
        {
            this.database = database;
            var sql = string.Create(CultureInfo.InvariantCulture, $"SELECT {ColumnList} FROM \"AuditEvents\" WHERE \"Id\" >= {first} AND \"Id\" <= {last} ORDER BY \"Id\"");
            Check(raw.sqlite3_prepare_v2(database, sql, out statement));
        }

        public override long Id => raw.sqlite3_column_int64(statement, (int)AuditColumn.Id);

        public override long At => raw.sqlite3_column_int64(statement, (int)AuditColumn.At);

        public override ReadOnlySpan<byte> this[AuditColumn column]
        {
            get
            {
                var bytes = raw.sqlite3_column_blob(statement, (int)column);
                if (!IsUuid(column))
                {
                    return bytes;
                }

                // What is no UUID is not what was written there, and must not pass for it.
                return Guid.TryParse(bytes, CultureInfo.InvariantCulture, out var id) && id.TryWriteBytes(uuid, bigEndian: true, out _) ? uuid : bytes;
            }
        }

        public override ValueTask<bool> ReadAsync(CancellationToken ct)
        {
            var code = raw.sqlite3_step(statement);
            return code is raw.SQLITE_ROW or raw.SQLITE_DONE ? new ValueTask<bool>(code == raw.SQLITE_ROW) : throw Failed(code);
        }

        public override bool IsNull(AuditColumn column) => raw.sqlite3_column_type(statement, (int)column) == raw.SQLITE_NULL;

        public override ValueTask DisposeAsync()
        {
            statement.Dispose();
            return ValueTask.CompletedTask;
        }

        private void Check(int code)
        {
            if (code != raw.SQLITE_OK)
            {
                throw Failed(code);
            }
        }

        private SqliteException Failed(int code) => new(raw.sqlite3_errmsg(database).utf8_to_string(), code);
    }
}
