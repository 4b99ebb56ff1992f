using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AdminConsole.Core.Data.Sqlite;

/// <summary>Reads events directly from SQLite's memory. The driver's own reader would create a string for every
/// text.</summary>
internal sealed class SqliteAuditRows : AuditRows
{
    private const int UuidLength = 36;

    // The types that AdminConsole writes. SQLite accepts any type in any column, and a BLOB never equals a text.
    private static readonly int[] Types =
    [
        .. Enum.GetValues<AuditColumn>()
            .Select(column =>
                column switch
                {
                    AuditColumn.Id or AuditColumn.At => raw.SQLITE_INTEGER,
                    AuditColumn.ActorSeal or AuditColumn.TargetSeal or AuditColumn.Hash => raw.SQLITE_BLOB,
                    _ => raw.SQLITE_TEXT,
                }
            ),
    ];

    private readonly sqlite3 database;
    private readonly sqlite3_stmt statement;
    private readonly byte[] uuid = new byte[16];
    private readonly bool[] isNull = new bool[Columns];

    public SqliteAuditRows(sqlite3 database, long first, long last)
    {
        this.database = database;
        var sql = string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT {ColumnList} FROM \"AuditEvents\" WHERE \"Id\" >= {first} AND \"Id\" <= {last} ORDER BY \"Id\""
        );
        Check(raw.sqlite3_prepare_v2(database, sql, out statement));
    }

    public override long Id => raw.sqlite3_column_int64(statement, (int)AuditColumn.Id);

    public override long At => raw.sqlite3_column_int64(statement, (int)AuditColumn.At);

    public override bool HasExactForm
    {
        get
        {
            for (var column = 0; column < Columns; column++)
            {
                var type = raw.sqlite3_column_type(statement, column);
                isNull[column] = type == raw.SQLITE_NULL;
                if (
                    !isNull[column]
                    && (
                        type != Types[column]
                        || (IsUuid((AuditColumn)column) && !IsCanonicalUuid(raw.sqlite3_column_blob(statement, column)))
                    )
                )
                {
                    return false;
                }
            }

            return true;
        }
    }

    public override ReadOnlySpan<byte> this[AuditColumn column]
    {
        get
        {
            if (isNull[(int)column])
            {
                return [];
            }

            var bytes = raw.sqlite3_column_blob(statement, (int)column);
            if (!IsUuid(column))
            {
                return bytes;
            }

            Convert.FromHexString(bytes[..8], uuid, out _, out _);
            Convert.FromHexString(bytes[9..13], uuid.AsSpan(4), out _, out _);
            Convert.FromHexString(bytes[14..18], uuid.AsSpan(6), out _, out _);
            Convert.FromHexString(bytes[19..23], uuid.AsSpan(8), out _, out _);
            Convert.FromHexString(bytes[24..], uuid.AsSpan(10), out _, out _);
            return uuid;
        }
    }

    public override ValueTask<bool> ReadAsync(CancellationToken ct)
    {
        var code = raw.sqlite3_step(statement);
        return code is raw.SQLITE_ROW or raw.SQLITE_DONE ? new ValueTask<bool>(code == raw.SQLITE_ROW) : throw Failed(code);
    }

    public override bool IsNull(AuditColumn column) => isNull[(int)column];

    public override ValueTask DisposeAsync()
    {
        statement.Dispose();
        return ValueTask.CompletedTask;
    }

    // The format in which EF Core stores UUIDs: 8-4-4-4-12 digits, uppercase.
    private static bool IsCanonicalUuid(ReadOnlySpan<byte> text)
    {
        if (text.Length != UuidLength)
        {
            return false;
        }

        for (var at = 0; at < UuidLength; at++)
        {
            if (
                at is 8 or 13 or 18 or 23
                    ? text[at] != '-'
                    : text[at] is not ((>= (byte)'0' and <= (byte)'9') or (>= (byte)'A' and <= (byte)'F'))
            )
            {
                return false;
            }
        }

        return true;
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
