using System.Net.Http.Headers;
using System.Reflection;
using System.Text;
using AdminConsole.Core.Account;
using AdminConsole.Core.Audit;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Email;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using AdminConsole.Tests.Authentication;
using AdminConsole.Tests.OAuth;
using AdminConsole.Tests.Tokens;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Security;

/// <summary>Every operation that contains a takeover × every secret and way in that existed before it.</summary>
public abstract class TakeoverTests(AdminApp app)
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

    /// <summary>The operations, with all that each of them ends; the rest stays.</summary>
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

    /// <summary>What else may happen to an account, by its event: it contains no takeover.</summary>
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
    public async Task Every_table_that_keeps_a_secret_is_classified()
    {
        // A row with the hash of a secret is a way in, or it is listed here with the reason why not.
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
                "AppUser", // The password itself: the operations that replace it say so.
                "AuditEvent",
                "AuditHead", // Of the chain.
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
    public async Task What_could_begin_or_continue_a_takeover_ends_with_the_operation_that_contains_it(string operation)
    {
        using var admin = await app.SignInAdminAsync();
        var person = await app.PersonAsync();
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

    private sealed record Kept(Func<Task<bool>> IsThereAsync, Func<Task<ApiResponse>>? TryAsync = null);

    private async Task<Dictionary<string, Kept>> SecretsAsync(TestUser person, ApiClient admin)
    {
        var (id, email) = (person.Id, person.Email);
        // First, because a new link of an administrator replaces others.
        var adminLink = (await admin.PostAsync($"/api/users/{id}/reset-password")).Is(200).As<PasswordResetLink>().ResetToken;
        var device = await app.ConnectAsync(person.Caller);
        var token = await person.Caller.CreateTokenAsync();
        var code = (await person.Caller.PostAsync("/api/auth/cli-code")).Is(200).As<CliCode>().Code;
        var request = await app.RequestDeviceAsync();
        Assert.Null((await app.ApproveAsync(person.Caller, request.UserCode)).Refusal);
        var offer = (await device.Caller.PostAsync("/api/auth/mfa/totp")).Is(200).As<TotpOffer>();
        var (ownLink, invitation, emailLink, notMe) = (Secret.Create(), Secret.Create(), Secret.Create(), Secret.Create());
        var (mail, emailMail, other) = (Guid.CreateVersion7(), Guid.CreateVersion7(), TestData.Email("wanted"));
        var stamp = await app.ReadAsync(db => db.Users.Where(user => user.Id == id).Select(user => user.SecurityStamp).SingleAsync());
        await AddAsync(db =>
        {
            var now = app.Clock.GetUtcNow();
            db.Add(Link(id, email, ownLink, now, SingleUseTokens.ForgottenPassword));
            db.Add(Link(id, email, invitation, now, SingleUseTokens.Invitation));
            db.Add(Link(id, other, emailLink, now, SingleUseTokens.ChangeEmail));
            db.Add(
                new NewDeviceAlert
                {
                    Id = Guid.CreateVersion7(),
                    UserId = id,
                    SecretHash = Secret.Hash(notMe),
                    ExpiresAt = now.AddDays(1),
                }
            );
            db.Add(
                new IdentityUserLogin<Guid>
                {
                    UserId = id,
                    LoginProvider = "Example",
                    ProviderKey = $"{id}",
                }
            );
            db.Add(Waiting(mail, "password-reset", email, now));
            db.Add(Waiting(emailMail, EmailTemplates.ConfirmEmailKind, other, now));
        });
        return new Dictionary<string, Kept>
        {
            [AdminLink] = OfLink(adminLink, email),
            [OwnLink] = OfLink(ownLink, email),
            [Invitation] = OfLink(invitation, email),
            [EmailLink] = new(
                () => IsOpenAsync(emailLink),
                () => app.Anybody().PostAsync("/api/auth/confirm-email", new { email = other, token = emailLink })
            ),
            [EmailMail] = new(() => AnyAsync(db => db.OutboxMails.Where(row => row.Id == emailMail))),
            [Mail] = new(() => AnyAsync(db => db.OutboxMails.Where(row => row.Id == mail))),
            [ConnectCode] = new(
                () =>
                    AnyAsync(db =>
                        db.DeviceRequests.Where(row =>
                            row.DecidedById == id
                            && row.UserCodeHash == null
                            && row.State == AdminConsole.Core.OAuth.DeviceRequestState.Approved
                        )
                    ),
                () => app.RedeemAsync(code)
            ),
            [Approved] = new(
                () =>
                    AnyAsync(db =>
                        db.DeviceRequests.Where(row =>
                            row.DecidedById == id
                            && row.UserCodeHash != null
                            && row.State == AdminConsole.Core.OAuth.DeviceRequestState.Approved
                        )
                    ),
                () => app.PollAsync(request)
            ),
            [SecondStep] = new(() => AnyAsync(db => db.Users.Where(user => user.Id == id && user.SecurityStamp == stamp))),
            [Enrolment] = new(
                () => AnyAsync(db => db.Users.Where(user => user.Id == id && user.SecurityStamp == stamp)),
                () =>
                    device.Caller.PostAsync(
                        "/api/auth/mfa/totp/confirm",
                        new { enrolment = offer.Enrolment, code = Enrolled.CodeOf(app, offer) }
                    )
            ),
            [NotMe] = new(() => AnyAsync(db => db.SignInAlerts.Where(row => row.SecretHash == Secret.Hash(notMe) && row.UsedAt == null))),
            [Session] = new(async () => (await person.Caller.GetAsync("/api/auth/me")).Status == 200),
            [Device] = new(() => AnyAsync(db => db.ConnectedDevices.Where(row => row.Id == device.Id)), () => device.RefreshAsync()),
            [Token] = new(
                () => AnyAsync(db => db.PersonalAccessTokens.Where(row => row.Id == token.Id && row.RevokedAt == null)),
                () => app.With(token.Token).MeAsync()
            ),
            [Provider] = new(() => AnyAsync(db => db.UserLogins.Where(row => row.UserId == id))),
            [Browser] = new(() => AnyAsync(db => db.KnownBrowsers.Where(row => row.UserId == id))),
        };
    }

    private Kept OfLink(string secret, string email) =>
        new(
            () => IsOpenAsync(secret),
            () =>
                app.Anybody()
                    .PostAsync(
                        "/api/auth/reset-password",
                        new
                        {
                            email,
                            token = secret,
                            newPassword = "a third horse battery 3",
                        }
                    )
        );

    private Task<bool> IsOpenAsync(string secret) =>
        AnyAsync(db => db.SingleUseLinks.Where(row => row.SecretHash == Secret.Hash(secret) && row.UsedAt == null));

    private static OutboxMail Waiting(Guid id, string kind, string recipient, DateTimeOffset now) =>
        new()
        {
            Id = id,
            Kind = kind,
            Recipient = recipient,
            Content = [1],
            State = MailStates.Waiting,
            CreatedAt = now,
            DueAt = now.AddDays(1),
            ValidUntil = null,
        };

    private static SingleUseLink Link(Guid id, string name, string secret, DateTimeOffset now, string purpose) =>
        new()
        {
            Id = Guid.CreateVersion7(),
            UserId = id,
            Name = name,
            Purpose = purpose,
            SecretHash = Secret.Hash(secret),
            CreatedAt = now,
            ExpiresAt = now.AddHours(1),
        };

    private Task<bool> AnyAsync<T>(Func<AppDbContext, IQueryable<T>> rows) => app.ReadAsync(db => rows(db).AnyAsync());

    private Task AddAsync(Action<AppDbContext> add) =>
        app.RunAsync<AppDbContext, Result<Unit>>(db =>
            db.ChangeAsync<Unit>(
                TestData.System,
                null,
                change =>
                {
                    change.Record(AuditActions.UserUpdated, null);
                    add(db);
                    return Task.FromResult<Result<Unit>>(default(Unit));
                },
                default
            )
        );

    private async Task<ApiResponse> RunAsync(string operation, TestUser person, ApiClient admin, ApiClient current) =>
        operation switch
        {
            "set-password" => await admin.PostAsync($"/api/users/{person.Id}/set-password", new { password = TestData.NewPassword }),
            "require-password-change" or "reset-mfa" or "lockdown" or "deactivate" => await admin.PostAsync(
                $"/api/users/{person.Id}/{operation}"
            ),
            "end-sessions" => await admin.DeleteAsync($"/api/users/{person.Id}/sessions"),
            "deactivate until" => await admin.PostAsync(
                $"/api/users/{person.Id}/deactivate",
                new { until = app.Clock.GetUtcNow().AddYears(1) }
            ),
            "patch active" => await admin.PatchAsync($"/api/users/{person.Id}", new { active = false }),
            "import" => await admin.SendAsync(
                HttpMethod.Post,
                "/api/users/import",
                new StringContent($"email,active\n{person.Email},false\n", Encoding.UTF8, new MediaTypeHeaderValue("text/csv"))
            ),
            "delete" => await admin.DeleteAsync($"/api/users/{person.Id}"),
            "change of the email" => await admin.PatchAsync($"/api/users/{person.Id}", new { email = TestData.Email("corrected") }),
            "confirmed email" => await ConfirmAsync(person),
            "not me" => await NotMeAsync(person, admin),
            "recover-admin" => await ThenAsync(
                admin,
                app.RunAsync<AdminConsole.Core.Authentication.AdminRecovery, Refusal?>(async recovery =>
                    (await recovery.RecoverAsync(person.Email, default)).Refusal
                )
            ),
            "own password" => await current.PostAsync(
                "/api/auth/password",
                new { currentPassword = TestData.Password, newPassword = TestData.NewPassword }
            ),
            "end own others" => await current.DeleteAsync("/api/sessions"),
            "redeem a link" => await RedeemAsync(person),
            _ => await admin.PostAsync("/api/users/bulk", new { ids = new[] { person.Id }, action = operation["bulk ".Length..] }),
        };

    private async Task<ApiResponse> NotMeAsync(TestUser person, ApiClient admin)
    {
        var secret = Secret.Create();
        await AddAsync(db =>
            db.Add(
                new NewDeviceAlert
                {
                    Id = Guid.CreateVersion7(),
                    UserId = person.Id,
                    SecretHash = Secret.Hash(secret),
                    ExpiresAt = app.Clock.GetUtcNow().AddDays(1),
                }
            )
        );
        return await ThenAsync(
            admin,
            app.RunAsync<OwnerLockdown, Refusal?>(async lockdown =>
                (await lockdown.RedeemAsync(Actor.Anonymous(), secret, default)).Refusal
            )
        );
    }

    private async Task<ApiResponse> RedeemAsync(TestUser person)
    {
        var secret = Secret.Create();
        await AddAsync(db => db.Add(Link(person.Id, person.Email, secret, app.Clock.GetUtcNow(), SingleUseTokens.ForgottenPassword)));
        return await app.Anybody()
            .PostAsync(
                "/api/auth/reset-password",
                new
                {
                    email = person.Email,
                    token = secret,
                    newPassword = TestData.NewPassword,
                }
            );
    }

    private async Task<ApiResponse> ConfirmAsync(TestUser person)
    {
        var (secret, email) = (Secret.Create(), TestData.Email("confirmed"));
        await AddAsync(db => db.Add(Link(person.Id, email, secret, app.Clock.GetUtcNow(), SingleUseTokens.ChangeEmail)));
        return await app.Anybody().PostAsync("/api/auth/confirm-email", new { email, token = secret });
    }

    private static async Task<ApiResponse> ThenAsync(ApiClient admin, Task<Refusal?> operation)
    {
        Assert.Null(await operation);
        return await admin.GetAsync("/api/auth/me");
    }

    public sealed class OnSqlite(SqliteApp app) : TakeoverTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : TakeoverTests(app), IClassFixture<PostgresApp>;
}
