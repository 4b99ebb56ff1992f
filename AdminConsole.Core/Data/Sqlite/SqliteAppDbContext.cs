using System.Data.Common;
using AdminConsole.Core.Audit;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Users;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace AdminConsole.Core.Data.Sqlite;

/// <summary>The context for SQLite: one writer at a time, in order of arrival. Writers of this process queue at the
/// gate, because the driver's own busy retry blocks a thread. BEGIN IMMEDIATE and the busy timeout exclude other
/// processes.</summary>
public sealed partial class SqliteAppDbContext(DbContextOptions<SqliteAppDbContext> options, ChangeRunner runner, SqliteWriterGate gate)
    : AppDbContext(options, runner)
{
    private const int Busy = 5;
    private const int RowsOnAPage = 20;
    private const int ConstraintUnique = 2067;
    private const int ConstraintPrimaryKey = 1555;

    // An import takes seconds. After this time another program has locked the file, and waiting changes fail.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder)
    {
        base.OnConfiguring(optionsBuilder);
        optionsBuilder.AddInterceptors(SqlitePragmas.Instance).ReplaceService<IMigrationsSqlGenerator, SqliteMigrationCommands>();
    }

    // SQLite can't order or compare DateTimeOffset, so times are stored as microseconds of UTC.
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<MicrosecondsConverter>();

    protected override void ConfigureProvider(ModelBuilder builder)
    {
        // SQLite's indexes contain the rowid anyway, which is the id of the event.
        var events = builder.Entity<AuditEvent>().Metadata;
        foreach (var index in events.GetIndexes().Where(index => index.Properties is [_, { Name: nameof(AuditEvent.Id) }]).ToList())
        {
            events.RemoveIndex(index);
            events.AddIndex([index.Properties[0]]).SetFilter(index.GetFilter());
        }
    }

    protected override SqlExpression Bytewise(SqlExpression text) => text;

    protected override SqlExpression ContainsPattern(SqlExpression text, SqlExpression glob, SqlExpression regex) =>
        Condition("glob", glob, text);

    protected override async Task<IAsyncDisposable> BeginWriteAsync(CancellationToken ct)
    {
        if (!await gate.Semaphore.WaitAsync(Timeout, ct))
        {
            throw new SqliteException($"Timed out after {Timeout.TotalSeconds} s waiting for the database write lock.", Busy);
        }

        try
        {
            // The driver sends BEGIN IMMEDIATE unless a deferred transaction is requested.
            return new GatedTransaction(await Database.BeginTransactionAsync(ct), gate);
        }
        catch
        {
            gate.Semaphore.Release();
            throw;
        }
    }

    protected override Task LockAdministratorsAsync(CancellationToken ct) => Task.CompletedTask;

    protected override Task<AuditHead?> ReadHeadForUpdateAsync(CancellationToken ct) => AuditHeads.AsTracking().SingleOrDefaultAsync(ct);

    protected override bool IsTransient(Exception exception) => false;

    protected override string? DescribeFault(Exception exception) =>
        (exception as SqliteException)?.SqliteErrorCode switch
        {
            Busy or 6 => "is held by another change",
            8 => "can only be read",
            10 => "cannot be read or written: its disk fails",
            11 or 26 => "is damaged: restore a backup",
            13 => "has no room left on its disk",
            14 => "cannot be opened",
            _ => null,
        };

    public override bool IsDuplicate(DbUpdateException exception) =>
        exception.InnerException is SqliteException { SqliteExtendedErrorCode: ConstraintUnique or ConstraintPrimaryKey };

    // CROSS JOIN keeps SQLite from scanning all users and testing whether each one matches.
    internal override IQueryable<AppUser> SearchUsers(string text) =>
        Users.FromSql(
            $"""
            SELECT u.* FROM "UserSearchIndex" f CROSS JOIN "UserSearch" s ON s."Id" = f.rowid CROSS JOIN "Users" u ON u."Id" = s."UserId"
            WHERE f."Text" MATCH {Phrase(text)}
            """
        );

    // Reading one user costs as much as reading several emails, which are stored in the order of the index.
    internal override IQueryable<AppUser> SearchUsersByEmail(string text, bool descending, int count) =>
        descending
            ? Users.FromSql(
                $"""
                SELECT u.* FROM (SELECT s."UserId" FROM "UserSearchIndex" f CROSS JOIN "UserSearch" s ON s."Id" = f.rowid
                    WHERE f."Text" MATCH {Phrase(text)} ORDER BY s."Email" DESC LIMIT {count}) h CROSS JOIN "Users" u ON u."Id" = h."UserId"
                """
            )
            : Users.FromSql(
                $"""
                SELECT u.* FROM (SELECT s."UserId" FROM "UserSearchIndex" f CROSS JOIN "UserSearch" s ON s."Id" = f.rowid
                    WHERE f."Text" MATCH {Phrase(text)} ORDER BY s."Email" LIMIT {count}) h CROSS JOIN "Users" u ON u."Id" = h."UserId"
                """
            );

    internal override Task<int> CountSearchResultsAsync(string text, int limit, CancellationToken ct) =>
        Database
            .SqlQuery<int>(
                $"""
                SELECT count(*) AS "Value" FROM (SELECT 1 FROM "UserSearchIndex" WHERE "Text" MATCH {Phrase(text)} LIMIT {limit})
                """
            )
            .SingleAsync(ct);

    // To count a whole table, SQLite reads each page of an index. That is faster than counting rows up to a limit,
    // unless the index has very many pages.
    internal override Task<int> CountUsersAsync(int limit, CancellationToken ct) =>
        Database
            .SqlQuery<int>(
                $"""
                SELECT CASE WHEN (SELECT max("Id") FROM "UserSearch") <= {limit
                    * RowsOnAPage} THEN min({limit}, (SELECT count(*) FROM "Users"))
                    ELSE (SELECT count(*) FROM (SELECT 1 FROM "Users" LIMIT {limit})) END AS "Value"
                """
            )
            .SingleAsync(ct);

    private static string Phrase(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    // SQLite's online backup is one read transaction, which blocks no writer in WAL mode.
    internal override async Task<Refusal?> CopyToAsync(string file, CancellationToken ct)
    {
        await Database.OpenConnectionAsync(ct);
        await using var copy = new SqliteConnection($"Data Source={file};Pooling=False");
        ((SqliteConnection)Database.GetDbConnection()).BackupDatabase(copy);
        return null;
    }

    private sealed class GatedTransaction(IAsyncDisposable transaction, SqliteWriterGate gate) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                await transaction.DisposeAsync();
            }
            finally
            {
                gate.Semaphore.Release();
            }
        }
    }

    private sealed class MicrosecondsConverter()
        : ValueConverter<DateTimeOffset, long>(
            time => (time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond,
            stored => DateTimeOffset.UnixEpoch.AddTicks(stored * TimeSpan.TicksPerMicrosecond)
        );

    private sealed class SqlitePragmas : DbConnectionInterceptor
    {
        public static readonly SqlitePragmas Instance = new();

        private const int BusySeconds = 10;

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
        {
            // Otherwise the driver would retry for 30 s after SQLite itself gave up, and block a thread.
            ((SqliteConnection)connection).DefaultTimeout = BusySeconds;
            using var command = connection.CreateCommand();
            command.CommandText =
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=10000; PRAGMA "
                + "cache_size=-16384; PRAGMA mmap_size=4294967296;";
            command.ExecuteNonQuery();
        }

        public override Task ConnectionOpenedAsync(
            DbConnection connection,
            ConnectionEndEventData eventData,
            CancellationToken cancellationToken = default
        )
        {
            ConnectionOpened(connection, eventData);
            return Task.CompletedTask;
        }
    }

    private static readonly string[] Parts = ["", "-wal", "-shm"];

    internal override string ProviderName => "SQLite";

    internal override Task<long> SizeAsync(CancellationToken ct)
    {
        var file = Database.GetDbConnection().DataSource;
        return Task.FromResult(Parts.Select(part => new FileInfo(file + part)).Sum(part => part.Exists ? part.Length : 0));
    }

    /// <summary>Migrates under a file lock, which the operating system releases when a process is killed. EF Core's own
    /// lock row would remain and block every later start.</summary>
    public override async Task MigrateAsync(Func<Task> then, CancellationToken ct)
    {
        await using var fileLock = await FileLock.AcquireAsync(Database.GetDbConnection().DataSource + ".migrating", ct);
        await WriteUnauditedAsync(
            UnauditedWrite.Migration,
            async () =>
            {
                await Database.ExecuteSqlAsync(
                    $"""
                    CREATE TABLE IF NOT EXISTS "__EFMigrationsLock" (
                        "Id" INTEGER NOT NULL CONSTRAINT "PK___EFMigrationsLock" PRIMARY KEY, "Timestamp" TEXT NOT NULL)
                    """,
                    ct
                );
                await Database.ExecuteSqlAsync($"DELETE FROM \"__EFMigrationsLock\"", ct);
                await MigrateWithoutForeignKeysAsync(ct);
                return default(Unit);
            },
            ct
        );
        await then();
    }

    // The setting belongs to the connection, which therefore stays open. The next connection enforces foreign keys
    // again.
    private async Task MigrateWithoutForeignKeysAsync(CancellationToken ct)
    {
        await Database.OpenConnectionAsync(ct);
        try
        {
            await Database.ExecuteSqlAsync($"PRAGMA foreign_keys=OFF", ct);
            await Database.MigrateAsync(ct);
        }
        finally
        {
            await Database.CloseConnectionAsync();
        }
    }
}

/// <summary>Admits one writer of this process at a time, in order of arrival.</summary>
public sealed class SqliteWriterGate : IDisposable
{
    internal SemaphoreSlim Semaphore { get; } = new(1, 1);

    public void Dispose() => Semaphore.Dispose();
}
