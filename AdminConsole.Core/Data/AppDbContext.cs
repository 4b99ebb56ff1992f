using AdminConsole.Core.Audit;
using AdminConsole.Core.Authentication;
using AdminConsole.Core.Common;
using AdminConsole.Core.Email;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Names;
using AdminConsole.Core.OAuth;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Sessions;
using AdminConsole.Core.Settings;
using AdminConsole.Core.Tokens;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Microsoft.EntityFrameworkCore.Storage;

namespace AdminConsole.Core.Data;

/// <summary>The database context of the console. Read through it freely; write only through
/// <c>ChangeAsync</c>.</summary>
public abstract partial class AppDbContext(DbContextOptions options, ChangeRunner runner)
    : IdentityDbContext<
        AppUser,
        AppRole,
        Guid,
        IdentityUserClaim<Guid>,
        IdentityUserRole<Guid>,
        IdentityUserLogin<Guid>,
        IdentityRoleClaim<Guid>,
        IdentityUserToken<Guid>,
        IdentityUserPasskey<Guid>
    >(options)
{
    public DbSet<Session> Sessions => Set<Session>();

    public DbSet<SingleUseLink> SingleUseLinks => Set<SingleUseLink>();

    public DbSet<FailedAttemptBucket> SignInBudgets => Set<FailedAttemptBucket>();

    public DbSet<FailedSignInAttempt> SignInFailures => Set<FailedSignInAttempt>();

    public DbSet<ConsumedToken> SpentTickets => Set<ConsumedToken>();

    public DbSet<Authenticator> Authenticators => Set<Authenticator>();

    public DbSet<RecoveryCode> RecoveryCodes => Set<RecoveryCode>();

    public DbSet<KnownBrowser> KnownBrowsers => Set<KnownBrowser>();

    public DbSet<PersonalAccessToken> PersonalAccessTokens => Set<PersonalAccessToken>();

    public DbSet<ConnectedDevice> ConnectedDevices => Set<ConnectedDevice>();

    public DbSet<DeviceRequest> DeviceRequests => Set<DeviceRequest>();

    public DbSet<StoredSettings> StoredSettings => Set<StoredSettings>();

    public DbSet<AuditEvent> AuditEvents => Set<AuditEvent>();

    public DbSet<AuditHead> AuditHeads => Set<AuditHead>();

    public DbSet<AuditTimeBlock> AuditSpans => Set<AuditTimeBlock>();

    public DbSet<AuditCursor> AuditCursors => Set<AuditCursor>();

    public DbSet<QuarantinedEvent> AuditQuarantine => Set<QuarantinedEvent>();

    public DbSet<SavedView> SavedViews => Set<SavedView>();

    public DbSet<OutboxMail> OutboxMails => Set<OutboxMail>();

    public DbSet<NewDeviceAlert> SignInAlerts => Set<NewDeviceAlert>();

    public DbSet<ServerSecret> ServerSecrets => Set<ServerSecret>();

    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    public DbSet<DataStep> DataSteps => Set<DataStep>();

    // Capped counts use Take without an order on purpose.
    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) =>
        optionsBuilder
            .AddInterceptors(WriteGuard.Instance)
            .ConfigureWarnings(warnings => warnings.Ignore(CoreEventId.RowLimitingOperationWithoutOrderByWarning));

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(AppDbContext).Assembly);
        builder
            .HasDbFunction(typeof(TextPattern).GetMethod(nameof(TextPattern.Matches))!)
            .HasTranslation(args => ContainsPattern(args[0], args[1], args[2]));
        builder.HasDbFunction(typeof(NameOrder).GetMethod(nameof(NameOrder.SortKey))!).HasTranslation(args => Upper(Bytewise(args[0])));
        ConfigureProvider(builder);
    }

    /// <summary>Selects version 3 of Identity's schema, the first with passkeys.</summary>
    public static void UseSchema(IdentityOptions options) => options.Stores.SchemaVersion = IdentitySchemaVersions.Version3;

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

    private static SqlFunctionExpression Upper(SqlExpression text) =>
        new("upper", [text], nullable: true, argumentsPropagateNullability: [true], typeof(string), text.TypeMapping);

    /// <summary>Returns a LIKE pattern that finds the text anywhere in folded text. Use it with <c>\</c> as escape
    /// character.</summary>
    public static string LikePattern(string text) =>
        "%"
        + text.Replace(@"\", @"\\", StringComparison.Ordinal)
            .Replace("%", @"\%", StringComparison.Ordinal)
            .Replace("_", @"\_", StringComparison.Ordinal)
        + "%";
}
