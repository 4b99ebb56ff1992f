using System.Reflection;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Users;

namespace AdminConsole.Tests.Security;

/// <summary>Every operation that contains a takeover × every secret and credential from before.</summary>
public abstract partial class TakeoverTests(AdminApp app)
{
    private const string AdminLink = "a reset link by an administrator";
    private const string OwnLink = "a reset link that was asked for";
    private const string Invitation = "an invitation";
    private const string EmailLink = "a link that confirms an email";
    private const string EmailMail = "a waiting mail with such a link";
    private const string Mail = "a waiting mail with a link";
    private const string ConnectCode = "a connect code";
    private const string Approved = "an approved device";
    private const string SecondStep = "a sign-in that waits for its second step";
    private const string Enrolment = "an enrolment that waits for its first code";
    private const string NotMe = "a link of a mail about a new browser";
    private const string Session = "a session";
    private const string Device = "a device";
    private const string Token = "a personal access token";
    private const string Browser = "a known browser";
    private const string Provider = "a linked identity provider";

    private static readonly string[] Pending =
    [
        AdminLink,
        OwnLink,
        Invitation,
        EmailLink,
        EmailMail,
        Mail,
        ConnectCode,
        Approved,
        SecondStep,
        Enrolment,
    ];
    private static readonly string[] SignedIn = [.. Pending, Session, Device];
    private static readonly string[] Everything = [.. SignedIn, NotMe, Token, Browser, Provider];

    /// <summary>The operations with the credentials that each revokes; all others stay valid.</summary>
    private static readonly Dictionary<string, string[]> Ends = new()
    {
        ["set-password"] = SignedIn,
        ["require-password-change"] = Pending,
        ["reset-mfa"] = [.. Pending, Provider],
        ["end-sessions"] = SignedIn,
        ["deactivate"] = SignedIn,
        ["deactivate until"] = SignedIn,
        ["patch active"] = SignedIn,
        ["import"] = SignedIn,
        ["lockdown"] = Everything,
        ["delete"] = Everything,
        ["change of the email"] = [.. Pending, NotMe],
        ["confirmed email"] = [.. Pending, NotMe],
        ["not me"] = Everything,
        ["recover-admin"] = Everything,
        ["own password"] = SignedIn,
        ["end own others"] = SignedIn,
        ["redeem a link"] = SignedIn,
        ["bulk deactivate"] = SignedIn,
        ["bulk lockdown"] = Everything,
        ["bulk delete"] = Everything,
        ["bulk end-sessions"] = SignedIn,
        ["bulk require-password-change"] = Pending,
    };

    /// <summary>Audit actions on an account that contain no takeover.</summary>
    private static readonly string[] HarmlessActions =
    [
        AuditActions.SetupCompleted,
        AuditActions.SignedIn,
        AuditActions.SignInFailed,
        AuditActions.SignedOut,
        AuditActions.LockedOut,
        AuditActions.MfaEnabled,
        AuditActions.RecoveryCodeUsed,
        AuditActions.RecoveryCodesGenerated,
        AuditActions.PasskeyAdded,
        AuditActions.PasskeyRemoved,
        AuditActions.UserCreated,
        AuditActions.UserInvited,
        AuditActions.UserActivated,
        AuditActions.UserUnlocked,
        AuditActions.UserImported,
        AuditActions.UserRoleAdded,
        AuditActions.UserRoleRemoved,
        AuditActions.PasswordResetRequested,
        AuditActions.PasswordResetCancelled,
        AuditActions.EmailChangeRequested,
        AuditActions.UserLinked,
        AuditActions.UserUnlinked,
    ];

    private static readonly string[] TakeoverActions =
    [
        AuditActions.MfaDisabled,
        AuditActions.UserUpdated,
        AuditActions.UserDeactivated,
        AuditActions.UserLockedDown,
        AuditActions.UserDeleted,
        AuditActions.PasswordChanged,
        AuditActions.PasswordReset,
        AuditActions.PasswordSet,
        AuditActions.PasswordChangeRequired,
        AuditActions.SessionEnded,
        AuditActions.AdminRecovered,
        AuditActions.EmailChanged,
    ];

    public static TheoryData<string> Operations => [.. Ends.Keys];

    [Fact]
    public void Every_action_on_an_account_is_classified()
    {
        var actions = typeof(AuditActions)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.IsLiteral)
            .Select(field => (string)field.GetValue(null)!);

        Assert.Equal(
            HarmlessActions.Concat(TakeoverActions).Order(StringComparer.Ordinal),
            actions
                .Where(action =>
                    action.StartsWith("auth.", StringComparison.Ordinal)
                    || action.StartsWith("user.", StringComparison.Ordinal)
                    || action.StartsWith("session.", StringComparison.Ordinal)
                    || action.StartsWith("setup.", StringComparison.Ordinal)
                    || action.StartsWith("admin.", StringComparison.Ordinal)
                )
                .Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            ["activate", "add-role", "remove-role", "unlock"],
            UserBulk
                .Actions.Select(action => action.Name)
                .Where(action => !Ends.ContainsKey($"bulk {action}"))
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Every_table_that_stores_a_secret_is_classified()
    {
        // A table with the hash of a secret holds a credential, or is listed here with the reason why not.
        var tables = await app.ReadAsync(db =>
            Task.FromResult(
                db.Model.GetEntityTypes()
                    .Where(type => type.GetProperties().Any(property => property.Name.EndsWith("Hash", StringComparison.Ordinal)))
                    .Select(type => type.ClrType.Name)
                    .Order(StringComparer.Ordinal)
                    .ToList()
            )
        );

        Assert.Equal(
            [
                "AppUser", // The password itself; its changes are in Ends.
                "AuditEvent",
                "AuditHead", // Hashes of the chain.
                "ConnectedDevice",
                "DeviceRequest",
                "KnownBrowser",
                "NewDeviceAlert",
                "PersonalAccessToken",
                "RecoveryCode", // A factor beside the password; reset-mfa and recover-admin clear it.
                "Session",
                "SingleUseLink",
            ],
            tables
        );
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task An_operation_that_contains_a_takeover_revokes_the_credentials_that_could_continue_it(string operation)
    {
        using var admin = await app.SignInAdminAsync();
        var person = await app.SignedInUserAsync();
        var current = await app.SignInAsync(person.Email);
        var secrets = await SecretsAsync(person, admin);
        foreach (var (name, secret) in secrets)
        {
            Assert.True(await secret.IsThereAsync(), $"Before: {name}");
        }

        Assert.InRange((await RunAsync(operation, person, admin, current)).Status, 200, 204);

        var alive = new List<string>();
        foreach (var (name, secret) in secrets)
        {
            if (await secret.IsThereAsync())
            {
                alive.Add(name);
            }
            else
            {
                Assert.True(
                    secret.TryAsync is null || (await secret.TryAsync()).Status is >= 400 and < 500,
                    $"After: {name} is gone and still works."
                );
            }
        }

        Assert.Equal(secrets.Keys.Except(Ends[operation]).Order(StringComparer.Ordinal), alive.Order(StringComparer.Ordinal));
        if (operation is "own password" or "end own others")
        {
            (await current.GetAsync("/api/auth/me")).Is(200);
        }
    }

    public sealed class OnSqlite(SqliteApp app) : TakeoverTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : TakeoverTests(app), IClassFixture<PostgresApp>;
}
