using AdminConsole.Core.Audit;
using AdminConsole.Core.Authentication;
using AdminConsole.Core.Email;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Names;
using AdminConsole.Core.OAuth;
using AdminConsole.Core.Providers;
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

    public DbSet<FailedAttemptBucket> FailedAttemptBuckets => Set<FailedAttemptBucket>();

    public DbSet<FailedSignInAttempt> FailedSignInAttempts => Set<FailedSignInAttempt>();

    public DbSet<ConsumedToken> ConsumedTokens => Set<ConsumedToken>();

    public DbSet<IdentityProvider> IdentityProviders => Set<IdentityProvider>();

    public DbSet<GroupRoleRule> GroupRoleRules => Set<GroupRoleRule>();

    public DbSet<Authenticator> Authenticators => Set<Authenticator>();

    public DbSet<RecoveryCode> RecoveryCodes => Set<RecoveryCode>();

    public DbSet<KnownBrowser> KnownBrowsers => Set<KnownBrowser>();

    public DbSet<PersonalAccessToken> PersonalAccessTokens => Set<PersonalAccessToken>();

    public DbSet<ConnectedDevice> ConnectedDevices => Set<ConnectedDevice>();

    public DbSet<DeviceRequest> DeviceRequests => Set<DeviceRequest>();

    public DbSet<StoredSettings> StoredSettings => Set<StoredSettings>();

    public DbSet<AuditEvent> AuditEvents => Set<AuditEvent>();

    public DbSet<AuditHead> AuditHeads => Set<AuditHead>();

    public DbSet<AuditTimeBlock> AuditTimeBlocks => Set<AuditTimeBlock>();

    public DbSet<AuditCursor> AuditCursors => Set<AuditCursor>();

    public DbSet<QuarantinedEvent> AuditQuarantine => Set<QuarantinedEvent>();

    public DbSet<SavedView> SavedViews => Set<SavedView>();

    public DbSet<OutboxMail> OutboxMails => Set<OutboxMail>();

    public DbSet<NewDeviceAlert> NewDeviceAlerts => Set<NewDeviceAlert>();

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
