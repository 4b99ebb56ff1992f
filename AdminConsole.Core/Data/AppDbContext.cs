using AdminConsole.Core.Audit;
using AdminConsole.Core.Authentication;
using AdminConsole.Core.Common;
using AdminConsole.Core.Email;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Names;
using AdminConsole.Core.OAuth;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
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

/// <summary>Everything the console keeps. Read it as any context; write through <c>ChangeAsync</c> only.</summary>
public abstract partial class AppDbContext(DbContextOptions options, ChangeServices tools)
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

    // A capped count takes so many rows of whatever order, on purpose.
    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) =>
        optionsBuilder
            .AddInterceptors(WriteGuard.Instance)
            .ConfigureWarnings(warnings => warnings.Ignore(CoreEventId.RowLimitingOperationWithoutOrderByWarning));

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(AppDbContext).Assembly);
        builder
            .HasDbFunction(typeof(TextPattern).GetMethod(nameof(TextPattern.IsIn))!)
            .HasTranslation(args => ContainsPattern(args[0], args[1], args[2]));
        builder.HasDbFunction(typeof(NameOrder).GetMethod(nameof(NameOrder.Of))!).HasTranslation(args => Upper(Bytewise(args[0])));
        ConfigureProvider(builder);
    }

    /// <summary>Passkeys came with the third version of Identity's schema.</summary>
    public static void UseSchema(IdentityOptions options) => options.Stores.SchemaVersion = IdentitySchemaVersions.Version3;

    /// <summary>A text that compares byte by byte.</summary>
    protected abstract SqlExpression Bytewise(SqlExpression text);

    /// <summary>Whether a text has a pattern in it, by the function of this database that compares characters as they
    /// are.</summary>
    protected abstract SqlExpression ContainsPattern(SqlExpression text, SqlExpression glob, SqlExpression regex);

    /// <summary>What this provider maps differently.</summary>
    protected abstract void ConfigureProvider(ModelBuilder builder);

    /// <summary>Opens the transaction of a change, so that its reads see the last commit and its writes cannot be
    /// lost.</summary>
    protected abstract Task<IAsyncDisposable> BeginWriteAsync(CancellationToken ct);

    /// <summary>Makes changes that may remove an administrator wait for each other.</summary>
    protected abstract Task LockAdministratorsAsync(CancellationToken ct);

    /// <summary>Reads the chain's head row and keeps others from it until the end of the transaction.</summary>
    internal Task<AuditHead> LockHeadAsync(CancellationToken ct)
    {
        // One that an earlier change of this context read is old, and EF Core would hand it out again.
        foreach (var old in ChangeTracker.Entries<AuditHead>().ToList())
        {
            old.State = EntityState.Detached;
        }

        return OrBlockedAsync(ReadHeadForUpdateAsync(ct));
    }

    /// <summary>Reads the chain's head row. Throws <see cref="AuditBlockedException"/> where it is gone.</summary>
    internal Task<AuditHead> ReadHeadAsync(CancellationToken ct) => OrBlockedAsync(AuditHeads.AsNoTracking().SingleOrDefaultAsync(ct));

    protected abstract Task<AuditHead?> ReadHeadForUpdateAsync(CancellationToken ct);

    private static async Task<AuditHead> OrBlockedAsync(Task<AuditHead?> head) =>
        await head ?? throw new AuditBlockedException(AuditBlocked.NoHead);

    /// <summary>
    /// Saves the head, which names the new end of the chain, and the events up to there, within a change. The head goes
    /// first where that is possible: the database refuses
    /// events that it does not name.
    /// </summary>
    internal async Task AppendAsync(IReadOnlyList<AuditEvent> events, CancellationToken ct)
    {
        if (events.Count < FewEvents)
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

    /// <summary>Writes the spans of the full blocks from one id up to, but without, another; within a change.</summary>
    internal Task WriteSpansAsync(long from, long to, CancellationToken ct) =>
        Database.ExecuteSqlAsync(
            $"""
            INSERT INTO "AuditSpans" ("Block", "MinAt", "MaxAt") SELECT "Id" / {AuditTimeBlock.Size}, MIN("At"), MAX("At") FROM "AuditEvents"
            WHERE "Id" >= {from} AND "Id" < {to} GROUP BY 1
            """,
            ct
        );

    /// <summary>The events with these ids and those between, as bytes. Keeps the connection busy until it is disposed
    /// of.</summary>
    internal abstract Task<AuditRows> ReadAuditAsync(long first, long last, CancellationToken ct);

    /// <summary>Inside the change, after its events: lets other nodes know, when it is committed, who wrote and up to
    /// which event.</summary>
    protected virtual Task AnnounceAsync(string announcement, CancellationToken ct) => Task.CompletedTask;

    /// <summary>True where the database gave up on a transaction that may simply be run again.</summary>
    protected abstract bool IsTransient(Exception exception);

    /// <summary>True where the exception says that a unique index refused a row.</summary>
    public abstract bool IsDuplicate(DbUpdateException exception);

    /// <summary>The users whose search text contains this one of three letters or more, looked up in the index of
    /// letter groups.</summary>
    internal abstract IQueryable<AppUser> UsersFound(string text);

    /// <summary>Those of <see cref="UsersFound"/> that come first, or last, by address; at least so many if there
    /// are.</summary>
    internal abstract IQueryable<AppUser> SearchUsersByEmail(string text, bool descending, int count);

    /// <summary>How many users there are, counted up to the limit.</summary>
    internal abstract Task<int> CountUsersAsync(int limit, CancellationToken ct);

    /// <summary>How many that index finds, counted up to the limit.</summary>
    internal abstract Task<int> CountUsersFoundAsync(string text, int limit, CancellationToken ct);

    /// <summary>Writes everything, as it is at one moment, into an empty file, while others go on writing. Null when it
    /// worked.</summary>
    internal abstract Task<Refusal?> CopyToAsync(string file, CancellationToken ct);

    /// <summary>Brings the schema up to date while no other process does, and runs what has to follow under the same
    /// lock.</summary>
    public abstract Task MigrateAsync(Func<Task> then, CancellationToken ct);

    protected static SqlFunctionExpression Condition(string function, params SqlExpression[] args) =>
        new(function, args, nullable: true, argumentsPropagateNullability: [true, true], typeof(bool), BoolTypeMapping.Default);

    private static SqlFunctionExpression Upper(SqlExpression text) =>
        new("upper", [text], nullable: true, argumentsPropagateNullability: [true], typeof(string), text.TypeMapping);

    /// <summary>A LIKE pattern that finds the text anywhere in folded text; use with <c>\</c> as escape.</summary>
    public static string LikePattern(string text) =>
        $"%{text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%";
}
