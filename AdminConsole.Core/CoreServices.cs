using AdminConsole.Core.Account;
using AdminConsole.Core.Audit;
using AdminConsole.Core.Authentication;
using AdminConsole.Core.Backups;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Demo;
using AdminConsole.Core.Email;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Identity.Passwords;
using AdminConsole.Core.OAuth;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using AdminConsole.Core.Sessions;
using AdminConsole.Core.Settings;
using AdminConsole.Core.System;
using AdminConsole.Core.Tokens;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AdminConsole.Core;

/// <summary>The one list of what Core registers.</summary>
public static class CoreServices
{
    public static IServiceCollection AddCore(this IServiceCollection services, DatabaseOptions database)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(database);
        services.AddDatabase(database);
        services.AddConsoleIdentity();

        services.AddSingleton<LeaderLock>();
        services.AddSingleton<ServerKeys>();
        services.AddSingleton<AuditHighWaterMark>();
        services.AddSingleton<AuditChain>();
        services.AddSingleton<ChangeFeed>();
        services.AddSingleton<AccessDenials>();
        services.AddSingleton<CurrentSettings>();
        services.AddSingleton<Outbox>();
        services.AddSingleton<ChangeTraces>();
        services.AddSingleton<ChangeServices>();
        services.AddSingleton<PasswordHashing>();
        services.AddSingleton<SignInConcurrencyLimiter>();

        services.AddScoped<DatabaseStartup>();
        services.AddScoped<ActorResolver>();
        services.AddScoped<Denials>();
        services.AddScoped<FirstAdministrator>();
        services.AddScoped<AdminRecovery>();
        services.AddScoped<Lockout>();
        services.AddScoped<PasswordSignIn>();
        services.AddScoped<TwoFactorSignIn>();
        services.AddScoped<TwoFactorChallenge>();
        services.AddScoped<Reauthentication>();
        services.AddScoped<Factors>();
        services.AddScoped<OwnFactors>();
        services.AddScoped<OwnPasskeys>();
        services.AddScoped<PasskeySignIn>();
        services.AddScoped<SessionRegistry>();
        services.AddScoped<SessionDirectory>();
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<JwtAccessTokens>();
        services.TryAddSingleton(new AcceptedIssuer(null));
        services.AddScoped<RefreshTokens>();
        services.AddScoped<TokenEndpointService>();
        services.AddScoped<ConnectedDevices>();
        services.AddScoped<DeviceFlow>();
        services.AddScoped<DeviceApproval>();
        services.AddScoped<DeviceSignIn>();
        services.AddScoped<CliCodes>();
        services.AddScoped<TokenRevocationEndpoint>();
        services.AddScoped<OwnPassword>();
        services.AddScoped<OwnProfile>();
        services.AddScoped<EmailChanges>();
        services.AddScoped<ExternalSignIn>();
        services.AddScoped<OwnLogins>();
        services.AddScoped<PasswordResets>();
        services.AddScoped<InvitationLinks>();
        services.AddScoped<UserRenaming>();
        services.AddScoped<ForgottenPassword>();
        services.AddScoped<OwnerLockdown>();
        services.AddScoped<OutboxAdministration>();
        services.AddScoped<UserCredentials>();
        services.AddScoped<UserDirectory>();
        services.AddScoped<UserLifecycle>();
        services.AddScoped<UserExport>();
        services.AddScoped<UserImport>();
        services.AddScoped<UserOperations>();
        services.AddScoped<UserCredentialRevoker>();
        services.AddScoped<RevocableCredentials>();
        services.AddScoped<UserChanges>();
        services.AddScoped<UserBatch>();
        services.AddScoped<UserBulk>();
        services.AddScoped<RoleCatalog>();
        services.AddScoped<CustomRoles>();
        services.AddScoped<RoleAssignments>();
        services.AddScoped<LastAdministratorRule>();
        services.AddScoped<PersonalAccessTokens>();
        services.AddScoped<TokenRotation>();
        services.AddScoped<TokenDirectory>();
        services.AddScoped<SettingsStore>();
        services.AddSingleton<RecordedViews>();
        services.AddScoped<AuditReadLog>();
        services.AddScoped<AuditLog>();
        services.AddScoped<AuditExport>();
        services.AddSingleton<AuditStream>();
        services.AddScoped<AuditWindow>();
        services.AddScoped<SavedViews>();
        services.AddScoped<AuditInspection>();
        services.AddScoped<AuditVerifier>();
        services.AddScoped<AuditRepair>();
        services.AddScoped<AuditErasure>();
        services.AddScoped<ConsoleOverview>();
        services.AddSingleton<Attention>();
        services.AddSingleton<Organization>();
        services.AddScoped<DemoData>();
        services.AddScoped<DatabaseBackup>();
        services.AddScoped<RestoredDatabase>();

        services.AddSingleton<OwnAccount>();
        services.AddSingleton<TokenReuse>();
        services.AddSingleton<TokenIntrospection>();
        services.AddSingleton<TokenVerifier>();
        services.AddSingleton<TokenUsageWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<TokenUsageWriter>());
        services.AddSingleton<UserNotifier>();
        services.AddHostedService(provider => provider.GetRequiredService<UserNotifier>());
        services.AddSingleton<AuditNotifier>();
        services.AddHostedService(provider => provider.GetRequiredService<AuditNotifier>());
        services.AddSingleton<Reactivation>();
        services.AddHostedService(provider => provider.GetRequiredService<Reactivation>());
        services.AddSingleton<TokenReminders>();
        services.AddHostedService(provider => provider.GetRequiredService<TokenReminders>());
        services.AddSingleton<AuditHeartbeat>();
        services.AddHostedService(provider => provider.GetRequiredService<AuditHeartbeat>());
        services.AddSingleton<AuditRetention>();
        services.AddHostedService(provider => provider.GetRequiredService<AuditRetention>());
        services.AddSingleton<Housekeeping>();
        services.AddHostedService(provider => provider.GetRequiredService<Housekeeping>());
        return services;
    }

    /// <summary>Asks this service whether a new password is in a known breach.</summary>
    public static void AddBreachCheck(this IServiceCollection services, BreachService service)
    {
        services.AddSingleton(service);
        services.AddSingleton<BreachCheck>();
        // The client's own log would say what is asked; an answer has about a thousand lines.
        services
            .AddHttpClient(
                BreachCheck.ClientName,
                client =>
                {
                    client.DefaultRequestHeaders.Add("Add-Padding", "true");
                    client.DefaultRequestHeaders.UserAgent.ParseAdd("AdminConsole");
                    client.MaxResponseContentBufferSize = 1024 * 1024;
                }
            )
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false })
            .RemoveAllLoggers();
    }

    /// <summary>Forwards every event, where the configuration asks for it.</summary>
    public static void AddAuditForwarding(this IServiceCollection services, ForwardTarget target)
    {
        services.AddSingleton(target);
        services.AddHostedService<AuditForwarding>();
    }

    /// <summary>Sends what is in the outbox.</summary>
    /// <param name="services">The list.</param>
    /// <param name="server">The mail server; null where mails are written to files.</param>
    /// <param name="folder">Where to.</param>
    /// <param name="links">Where the links of mails lead.</param>
    public static void AddMail(
        this IServiceCollection services,
        SmtpOptions? server,
        string folder,
        Func<IServiceProvider, MailLinks> links
    )
    {
        services.AddSingleton(links);
        services.AddSingleton<IMailer>(provider =>
            server is null
                ? ActivatorUtilities.CreateInstance<FileMailer>(provider, folder)
                : ActivatorUtilities.CreateInstance<SmtpMailer>(provider, server)
        );
        services.AddSingleton<OutboxWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<OutboxWorker>());
    }

    private static void AddDatabase(this IServiceCollection services, DatabaseOptions database)
    {
        if (database.Provider == DatabaseProvider.Sqlite)
        {
            _ = SqliteLibrary.IsTuned;
            services.AddSingleton<SqliteWriterGate>();
            services.AddHostedService(_ => new DatabaseFileLock(database.File!));
            services.AddDbContext<AppDbContext, SqliteAppDbContext>(options => options.UseSqlite(database.ConnectionString));
        }
        else
        {
            services.AddSingleton<PostgresChangeRelay>();
            services.AddHostedService(provider => provider.GetRequiredService<PostgresChangeRelay>());
            services.AddDbContext<AppDbContext, PostgresAppDbContext>(options => options.UseNpgsql(database.ConnectionString));
        }

        services.AddDataProtection().SetApplicationName("AdminConsole");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(options =>
            options.XmlRepository = new DataProtectionKeyRing(
                provider.GetRequiredService<IServiceScopeFactory>(),
                provider.GetRequiredService<TimeProvider>()
            )
        ));
    }
}
