using AdminConsole.Core.Audit;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Npgsql;

namespace AdminConsole.Core.Data.Postgres;

/// <summary>The context for PostgreSQL. Uses READ COMMITTED, locks where a rule spans rows, and retries after
/// deadlocks.</summary>
public sealed partial class PostgresAppDbContext(DbContextOptions<PostgresAppDbContext> options, ChangeRunner runner)
    : AppDbContext(options, runner)
{
    // Arbitrary numbers, which every node must share.
    private const long AdministratorsLock = 0x41434F4E_00000001;
    private const long MigrationLock = 0x41434F4E_00000002;

    private const string ByteOrder = "C";

    protected override void ConfigureProvider(ModelBuilder builder)
    {
        // Keyset paging compares texts, so every text to sort by is compared byte by byte, as in .NET and SQLite.
        foreach (
            var property in builder
                .Model.GetEntityTypes()
                .SelectMany(type => type.GetProperties())
                .Where(property =>
                    property.ClrType == typeof(string)
                    && (property.Name.StartsWith("Normalized", StringComparison.Ordinal) || property.Name is nameof(AppUser.DisplayName))
                )
        )
        {
            property.SetCollation(ByteOrder);
        }
    }

    // With the C collation, upper() changes only a to z, as in SQLite.
    protected override SqlExpression Bytewise(SqlExpression text) => new CollateExpression(text, ByteOrder);

    // The function behind the operator ~.
    protected override SqlExpression ContainsPattern(SqlExpression text, SqlExpression glob, SqlExpression regex) =>
        Condition("textregexeq", text, regex);

    protected override async Task<IAsyncDisposable> BeginWriteAsync(CancellationToken ct) => await Database.BeginTransactionAsync(ct);

    protected override async Task LockAdministratorsAsync(CancellationToken ct) =>
        await Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({AdministratorsLock})", ct);

    protected override Task<AuditHead?> ReadHeadForUpdateAsync(CancellationToken ct) =>
        AuditHeads
            .FromSql($"""SELECT * FROM "AuditHeads" WHERE "Id" = {AuditHead.RowId} FOR UPDATE""")
            .AsTracking()
            .SingleOrDefaultAsync(ct);

    internal override Task AnnounceAsync(string announcement, CancellationToken ct) =>
        Database.ExecuteSqlAsync($"SELECT pg_notify({PostgresChangeRelay.Channel}, {announcement})", ct);

    // OFFSET 0 keeps PostgreSQL from scanning the index of the sort order and searching each row for a rare text.
    internal override IQueryable<AppUser> SearchUsers(string text) =>
        Users.FromSql($"""SELECT * FROM "Users" WHERE "SearchLetters" LIKE {Letters(text)} OFFSET 0""");

    // On PostgreSQL, no query is faster than one for all matches.
    internal override IQueryable<AppUser> SearchUsersByEmail(string text, bool descending, int count) => SearchUsers(text);

    internal override Task<int> CountSearchResultsAsync(string text, int limit, CancellationToken ct) =>
        Database
            .SqlQuery<int>(
                $"""
                SELECT count(*)::int AS "Value" FROM (SELECT 1 FROM "Users" WHERE "SearchLetters" LIKE {Letters(text)} LIMIT {limit}) f
                """
            )
            .SingleAsync(ct);

    internal override Task<int> CountUsersAsync(int limit, CancellationToken ct) => Users.Take(limit).CountAsync(ct);

    internal override Task<Refusal?> CopyToAsync(string file, CancellationToken ct) =>
        PostgresTools.DumpAsync(Database.GetConnectionString()!, file, ct);

    private static string Letters(string text) => LikePattern(SearchSchema.ToLetters(text));

    public override async Task MigrateAsync(Func<Task> then, CancellationToken ct)
    {
        // The lock belongs to the connection, which therefore stays open. A killed process releases it.
        await Database.OpenConnectionAsync(ct);
        try
        {
            await Database.ExecuteSqlAsync($"SELECT pg_advisory_lock({MigrationLock})", ct);
            await WriteUnauditedAsync(
                UnauditedWrite.Migration,
                async () =>
                {
                    await RefuseHalfRestoredAsync(ct);
                    await Database.MigrateAsync(ct);
                    return default(Unit);
                },
                ct
            );
            await then();
            await Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({MigrationLock})", ct);
        }
        finally
        {
            await Database.CloseConnectionAsync();
        }
    }

    // An interrupted restore leaves an empty schema. Treated as a new installation, it would let the first visitor
    // become administrator.
    private async Task RefuseHalfRestoredAsync(CancellationToken ct)
    {
        var backups = await Database
            .SqlQuery<string>(
                $"""
                SELECT nspname::text AS "Value" FROM pg_namespace
                WHERE starts_with(nspname::text, {PostgresTools.BackupSchemaPrefix}) AND to_regclass('public."Users"') IS NULL
                """
            )
            .ToListAsync(ct);
        if (backups is [var schema, ..])
        {
            throw new InvalidOperationException(
                $"A restore was interrupted. Run undo-restore, which moves the data back from the schema {schema}. Then start "
                    + "the server or restore again."
            );
        }
    }

    // A concurrent change updated the row between this change's read and write, or deleted a row that it refers to. The
    // retry sees that.
    protected override bool IsTransient(Exception exception) =>
        exception is DbUpdateConcurrencyException
        || (exception as PostgresException ?? exception.InnerException as PostgresException)?.SqlState
            is PostgresErrorCodes.SerializationFailure
                or PostgresErrorCodes.DeadlockDetected
                or PostgresErrorCodes.ForeignKeyViolation
                or PostgresErrorCodes.RestrictViolation;

    protected override string? DescribeFault(Exception exception) =>
        exception switch
        {
            PostgresException { SqlState: PostgresErrorCodes.DiskFull } => "has no room left on its disk",
            PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => "can only be read",
            PostgresException { SqlState: PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted } =>
                "is damaged: restore a backup",
            PostgresException { SqlState: ['5', '3', ..] } => "takes no more connections",
            PostgresException { SqlState: ['5', '7', 'P', ..] } => "is restarting",
            PostgresException { SqlState: ['5', '8', ..] } => "cannot be read or written: its disk fails",
            PostgresException { SqlState: ['2', '8', ..] or PostgresErrorCodes.InvalidCatalogName } => "does not let this program in",
            // NpgsqlOperationInProgressException is a bug: two commands at once on one connection.
            PostgresException or NpgsqlOperationInProgressException => null,
            NpgsqlException => "does not answer",
            _ => null,
        };

    internal override bool MayHaveCommitted(Exception exception) =>
        exception.GetBaseException() is not PostgresException || DescribeFault(exception.GetBaseException()) is not null;

    public override bool IsDuplicate(DbUpdateException exception) =>
        exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    internal override string ProviderName => "PostgreSQL";

    internal override Task<long> SizeAsync(CancellationToken ct) =>
        Database.SqlQuery<long>($"""SELECT pg_database_size(current_database()) AS "Value" """).SingleAsync(ct);

    // A standby or a read-only database still begins transactions.
    protected override async Task RefuseUnlessWritableAsync(CancellationToken ct)
    {
        if (await Database.SqlQuery<string>($"""SELECT current_setting('transaction_read_only') AS "Value" """).SingleAsync(ct) == "on")
        {
            throw new InvalidOperationException("PostgreSQL is read only.");
        }
    }
}
