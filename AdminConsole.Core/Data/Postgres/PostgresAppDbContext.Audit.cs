using System.Buffers.Binary;
using System.Globalization;
using AdminConsole.Core.Audit;
using AdminConsole.Core.Common;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace AdminConsole.Core.Data.Postgres;

public sealed partial class PostgresAppDbContext
{
    internal override AuditGuards AuditGuards => AuditSchema.OnPostgres;

    // From this count on, COPY is faster. The trigger that checks the head runs at the commit.
    protected override int BulkInsertThreshold => 32;

    internal override bool IsEventRefused(Exception exception) =>
        (exception as PostgresException ?? exception.InnerException as PostgresException) switch
        {
            { SqlState: PostgresErrorCodes.UniqueViolation, TableName: "AuditEvents" } => true,
            { SqlState: PostgresErrorCodes.RaiseException } refused => refused.MessageText.StartsWith(
                AuditSchema.RefusalPrefix,
                StringComparison.Ordinal
            ),
            _ => false,
        };

    internal override async Task<string?> AuditTableProblemAsync(CancellationToken ct)
    {
        var kind = await Database
            .SqlQuery<string>($"""SELECT relkind::text AS "Value" FROM pg_class WHERE oid = to_regclass('"AuditEvents"')""")
            .SingleOrDefaultAsync(ct);
        var columns = await Database
            .SqlQuery<string>(
                $"""
                SELECT attname || ' ' || format_type(atttypid, atttypmod) AS "Value" FROM pg_attribute
                WHERE attrelid = to_regclass('"AuditEvents"') AND attnum > 0 AND NOT attisdropped
                """
            )
            .ToListAsync(ct);
        var table = Model.FindEntityType(typeof(AuditEvent))!;
        var expected = table.GetProperties().Select(property => $"{property.GetColumnName()} {property.GetColumnType()}");
        return kind == "r" && columns.ToHashSet().SetEquals(expected)
            ? null
            : "The table of audit events has other columns or types than AdminConsole gave it.";
    }

    internal override async Task<IReadOnlyList<string>> AuditTriggersAsync(CancellationToken ct) =>
        await Database
            .SqlQuery<string>(
                $"""
                SELECT tgname::text AS "Value" FROM pg_trigger
                WHERE tgrelid = to_regclass('"AuditEvents"') AND NOT tgisinternal AND tgenabled IN ('O', 'A')
                """
            )
            .ToListAsync(ct);

    protected override async Task InsertAsync(IReadOnlyList<AuditEvent> events, CancellationToken ct)
    {
        await using var copy = await ((NpgsqlConnection)Database.GetDbConnection()).BeginBinaryImportAsync(
            $"COPY \"AuditEvents\" ({AuditRows.ColumnList}) FROM STDIN (FORMAT BINARY)",
            ct
        );
        foreach (var entry in events)
        {
            await copy.StartRowAsync(ct);
            await copy.WriteAsync(entry.Id, NpgsqlDbType.Bigint, ct);
            await copy.WriteAsync(entry.At, NpgsqlDbType.TimestampTz, ct);
            await copy.WriteAsync(entry.Action, NpgsqlDbType.Text, ct);
            await copy.WriteAsync(entry.ActorType, NpgsqlDbType.Text, ct);
            await WriteAsync(copy, entry.ActorId, ct);
            await WriteAsync(copy, entry.ActorName, ct);
            await copy.WriteAsync(entry.Via, NpgsqlDbType.Text, ct);
            await WriteAsync(copy, entry.Ip, ct);
            await WriteAsync(copy, entry.UserAgent, ct);
            await WriteAsync(copy, entry.TargetType, ct);
            await WriteAsync(copy, entry.TargetId, ct);
            await WriteAsync(copy, entry.TargetName, ct);
            await WriteAsync(copy, entry.SessionId, ct);
            await WriteAsync(copy, entry.RequestId, ct);
            await WriteAsync(copy, entry.BatchId, ct);
            await WriteAsync(copy, entry.Details, ct);
            await copy.WriteAsync(entry.ActorSeal, NpgsqlDbType.Bytea, ct);
            await copy.WriteAsync(entry.TargetSeal, NpgsqlDbType.Bytea, ct);
            await copy.WriteAsync(entry.Hash, NpgsqlDbType.Bytea, ct);
        }

        await copy.CompleteAsync(ct);
    }

    internal override async Task<AuditRows> ReadAuditAsync(long first, long last, CancellationToken ct)
    {
        await Database.OpenConnectionAsync(ct);
        var sql = string.Create(
            CultureInfo.InvariantCulture,
            $"""
            COPY (SELECT {AuditRows.ColumnList} FROM "AuditEvents" WHERE "Id" >= {first} AND "Id" <= {last} ORDER BY "Id")
            TO STDOUT (FORMAT BINARY)
            """
        );
        return new Rows(await ((NpgsqlConnection)Database.GetDbConnection()).BeginRawBinaryCopyAsync(sql, ct));
    }

    private static Task WriteAsync(NpgsqlBinaryImporter copy, string? text, CancellationToken ct) =>
        text is null ? copy.WriteNullAsync(ct) : copy.WriteAsync(text, NpgsqlDbType.Text, ct);

    private static Task WriteAsync(NpgsqlBinaryImporter copy, Guid? id, CancellationToken ct) =>
        id is { } uuid ? copy.WriteAsync(uuid, NpgsqlDbType.Uuid, ct) : copy.WriteNullAsync(ct);

    /// <summary>Reads PostgreSQL's binary COPY format: for each row a field count, then for each field its length, or
    /// -1 for NULL, and its bytes.</summary>
    private sealed class Rows(NpgsqlRawCopyStream stream) : AuditRows
    {
        // The signature, the flags, and the length of the header extension, which no version uses.
        private const int HeaderBytes = 11 + 4 + 4;

        private static readonly long MicrosecondsTo2000 = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero).ToMicroseconds();

        private readonly int[] starts = new int[Columns];
        private readonly int[] lengths = new int[Columns];
        private byte[] buffer = new byte[256 * 1024];
        private int at;
        private int end;
        private bool isPastHeader;

        public override long Id => BinaryPrimitives.ReadInt64BigEndian(this[AuditColumn.Id]);

        public override long At => BinaryPrimitives.ReadInt64BigEndian(this[AuditColumn.At]) + MicrosecondsTo2000;

        public override ReadOnlySpan<byte> this[AuditColumn column] =>
            buffer.AsSpan(starts[(int)column], Math.Max(0, lengths[(int)column]));

        // PostgreSQL columns are typed, and each value has one form. AuditTableProblemAsync checks the types.
        public override bool HasExactForm => true;

        public override bool IsNull(AuditColumn column) => lengths[(int)column] < 0;

        public override async ValueTask<bool> ReadAsync(CancellationToken ct)
        {
            if (!isPastHeader)
            {
                await FillAsync(HeaderBytes, ct);
                at += HeaderBytes;
                isPastHeader = true;
            }

            int missing;
            while ((missing = Parse()) > 0)
            {
                await FillAsync(missing, ct);
            }

            return missing == 0;
        }

        public override ValueTask DisposeAsync() => stream.DisposeAsync();

        // Returns 0 when the buffer holds a complete row, -1 at the end, otherwise the least number of bytes required.
        private int Parse()
        {
            var rest = buffer.AsSpan(at, end - at);
            if (rest.Length < sizeof(short))
            {
                return sizeof(short);
            }

            if (BinaryPrimitives.ReadInt16BigEndian(rest) < 0)
            {
                return -1;
            }

            var position = sizeof(short);
            for (var column = 0; column < Columns; column++)
            {
                if (rest.Length < position + sizeof(int))
                {
                    return position + sizeof(int);
                }

                var length = BinaryPrimitives.ReadInt32BigEndian(rest[position..]);
                position += sizeof(int);
                (starts[column], lengths[column]) = (at + position, length);
                position += Math.Max(0, length);
            }

            if (rest.Length < position)
            {
                return position;
            }

            at += position;
            return 0;
        }

        private async ValueTask FillAsync(int least, CancellationToken ct)
        {
            buffer.AsSpan(at, end - at).CopyTo(buffer);
            (at, end) = (0, end - at);
            if (least > buffer.Length)
            {
                Array.Resize(ref buffer, Math.Max(least, buffer.Length * 2));
            }

            while (end < least)
            {
                var read = await stream.ReadAsync(buffer.AsMemory(end), ct);
                end += read > 0 ? read : throw new EndOfStreamException();
            }
        }
    }
}
