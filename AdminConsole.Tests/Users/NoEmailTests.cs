using System.Text.Json;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Tokens;
using AdminConsole.Tests.Tokens;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Users;

/// <summary>Accounts without an email sign in by username and receive no email.</summary>
public abstract class NoEmailTests(AdminApp app)
{
    private static async Task<UserDetails> CreateAsync(ApiClient admin, string? password = TestData.Password, string? userName = null) =>
        (await admin.PostAsync("/api/users", new { userName = userName ?? TestData.Name("kim"), password })).Is(201).As<UserDetails>();

    private Task<int> MailsAsync() => app.ReadAsync(db => db.OutboxMails.CountAsync());

    private static async Task<JsonElement> LastEventAsync(ApiClient admin, string action, Guid target) =>
        (await admin.GetAsync($"/api/audit?action={action}&target={target}&limit=1")).Is(200).Json.GetProperty("items")[0];

    private Task<ApiResponse> LoginAsync(string login, string password) =>
        app.Anonymous().PostAsync("/api/auth/login", new { login, password });

    private Task<ApiResponse> RedeemAsync(string email, string token) =>
        app.Anonymous()
            .PostAsync(
                "/api/auth/reset-password",
                new
                {
                    email,
                    token,
                    newPassword = TestData.NewPassword,
                }
            );

    [Fact]
    public async Task A_user_without_an_email_signs_in_by_username_and_is_named_by_it()
    {
        using var admin = await app.SignInAdminAsync();
        var name = TestData.Name("Kim");

        var made = (
            await admin.PostAsync(
                "/api/users",
                new
                {
                    userName = name,
                    password = TestData.Password,
                    email = (string?)null,
                }
            )
        ).Is(201);

        Assert.Equal(JsonValueKind.Null, made.Json.GetProperty("email").ValueKind);
        var user = made.As<UserDetails>();
        Assert.Equal((name, name, false), (user.UserName, user.DisplayName, user.EmailConflict));
        using var kim = await app.SignInAsync(name.ToUpperInvariant());
        var me = (await kim.GetAsync("/api/auth/me")).Is(200).As<Me>();
        Assert.Equal((user.Id, null, name), (me.Id, me.Email, me.UserName));
        var created = await LastEventAsync(admin, "user.created", user.Id);
        Assert.Equal(name, created.GetProperty("target").GetProperty("name").GetString());
        Assert.Equal(JsonValueKind.Null, created.GetProperty("details").GetProperty("email").ValueKind);
        var signedIn = await LastEventAsync(admin, "auth.signed_in", user.Id);
        Assert.Equal(name, signedIn.GetProperty("actor").GetProperty("name").GetString());
        var session = Assert.Single((await admin.GetAsync($"/api/admin/sessions?user={user.Id}")).Is(200).As<Page<OwnedSession>>().Items);
        Assert.Equal(new UserRef(user.Id, null, name), session.Owner);
        (await LoginAsync($"n{user.UserName}", TestData.Password)).Refuses(401, "invalid_credentials");
    }

    [Fact]
    public async Task A_name_is_required_and_unique()
    {
        using var admin = await app.SignInAdminAsync();
        var (user, other) = (await CreateAsync(admin), await app.CreateUserAsync());
        var watch = await app.WatchAsync();

        (await admin.PostAsync("/api/users", new { displayName = "Kim" })).RefusesFields("email");
        (await admin.PostAsync("/api/users", new { email = "", userName = TestData.Name() })).RefusesFields("email");
        (await admin.PostAsync("/api/users", new { userName = "kim@example.com" })).RefusesFields("userName");
        (await admin.PostAsync("/api/users", new { userName = "" })).RefusesFields("userName");
        (await admin.PostAsync("/api/users", new { userName = TestData.Name(), invite = true })).RefusesFields("invite");
        (await admin.PostAsync("/api/users", new { userName = TestData.Name("guess"), password = user.UserName })).RefusesFields(
            "password"
        );
        (await admin.PostAsync("/api/users", new { userName = user.UserName.ToUpperInvariant() })).Refuses(409, "duplicate_user_name");
        (await admin.PostAsync("/api/users", new { email = TestData.Email(), userName = user.UserName })).Refuses(
            409,
            "duplicate_user_name"
        );
        (await admin.PatchAsync($"/api/users/{user.Id}", new { email = other.Email })).Refuses(409, "duplicate_email");
        (await admin.PatchAsync($"/api/users/{user.Id}", new { email = "" })).RefusesFields("email");

        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task Nothing_is_mailed_about_the_account()
    {
        using var admin = await app.SignInAdminAsync();
        var user = await CreateAsync(admin);
        var before = await app.ReadAsync(db => db.OutboxMails.Select(mail => mail.Id).ToListAsync());

        using var kim = await app.SignInAsync(user.UserName);
        using var elsewhere = await app.SignInAsync(user.UserName);
        (await kim.PostAsync("/api/auth/password", new { currentPassword = TestData.Password, newPassword = TestData.NewPassword })).Is(
            204
        );
        var created = await kim.CreateTokenAsync("profile.read");
        var token = app.With(created.Token);
        Assert.Equal(user.UserName, (await token.IntrospectAsync(created.Token)).Is(200).Json.GetProperty("username").GetString());
        var owned = (await admin.GetAsync($"/api/admin/tokens?owner={user.Id}")).Is(200).As<Page<OwnedToken>>();
        Assert.Equal(new UserRef(user.Id, null, user.UserName), Assert.Single(owned.Items).Owner);
        app.Clock.Advance(TimeSpan.FromDays(85));
        await app.Services.GetRequiredService<TokenReminders>().RunOnceAsync(default);
        using var later = await app.SignInAdminAsync();
        (await later.PatchAsync($"/api/users/{user.Id}", new { userName = TestData.Name("renamed") })).Is(200);
        (await later.PostAsync($"/api/users/{user.Id}/set-password", new { password = "a third horse battery 3" })).Is(204);
        (await later.PostAsync($"/api/users/{user.Id}/reset-password")).Is(200);
        (await later.PostAsync($"/api/users/{user.Id}/lockdown", new { reason = "Lost laptop" })).Is(200);

        // The administrator is notified of a new browser; the user is not.
        var since = await app.ReadAsync(db => db.OutboxMails.Where(mail => !before.Contains(mail.Id)).ToListAsync());
        Assert.All(since, mail => Assert.Equal(("new-device", TestData.AdminEmail), (mail.Kind, mail.Recipient)));
        Assert.False(await app.ReadAsync(db => db.NewDeviceAlerts.AnyAsync(alert => alert.UserId == user.Id)));
        Assert.Equal("user.locked_down", (await LastEventAsync(later, "user.locked_down", user.Id)).GetProperty("action").GetString());
        (await later.DeleteAsync($"/api/users/{user.Id}")).Is(204);
    }

    [Fact]
    public async Task A_reset_link_is_returned_and_works_with_its_username_only()
    {
        using var admin = await app.SignInAdminAsync();
        var (user, other) = (await CreateAsync(admin, password: null), await CreateAsync(admin, password: null));
        var mails = await MailsAsync();

        var link = (await admin.PostAsync($"/api/users/{user.Id}/reset-password")).Is(200).As<PasswordResetLink>();

        Assert.False(link.EmailSent);
        Assert.Contains($"/reset-password?email={user.UserName}&token=", link.ResetUrl, StringComparison.Ordinal);
        using var page = app.Anonymous();
        Assert.Contains(
            $"Choose a password for <bdi>{user.UserName}</bdi>.",
            (await page.GetAsync(link.ResetUrl)).Is(200).Text,
            StringComparison.Ordinal
        );
        (await RedeemAsync(other.UserName, link.ResetToken)).Refuses(400, "invalid_token");
        (await RedeemAsync(user.UserName.ToUpperInvariant(), link.ResetToken)).Is(204);
        using var kim = await app.SignInAsync(user.UserName, TestData.NewPassword);
        (await RedeemAsync(user.UserName, link.ResetToken)).Refuses(400, "invalid_token");
        Assert.Equal(mails, await MailsAsync());
        var reset = await LastEventAsync(admin, "user.password_reset", user.Id);
        Assert.Equal(user.UserName, reset.GetProperty("actor").GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("renamed")]
    [InlineData("given an email")]
    public async Task A_link_is_invalidated_by_a_change_of_its_name(string change)
    {
        using var admin = await app.SignInAdminAsync();
        var user = await CreateAsync(admin);
        var link = (await admin.PostAsync($"/api/users/{user.Id}/reset-password")).Is(200).As<PasswordResetLink>();
        var (name, email) = (TestData.Name("next"), TestData.Email());

        var body = change == "renamed" ? (object)new { userName = name } : new { email };
        (await admin.PatchAsync($"/api/users/{user.Id}", body)).Is(200);

        foreach (var login in new[] { user.UserName, name, email })
        {
            (await RedeemAsync(login, link.ResetToken)).Refuses(400, "invalid_token");
        }

        Assert.False(await app.ReadAsync(db => db.SingleUseLinks.AnyAsync(link => link.UserId == user.Id)));
    }

    [Fact]
    public async Task The_username_of_an_account_with_an_email_redeems_no_link()
    {
        using var admin = await app.SignInAdminAsync();
        var user = (await admin.PostAsync("/api/users", new { email = TestData.Email(), userName = TestData.Name() }))
            .Is(201)
            .As<UserDetails>();
        var link = (await admin.PostAsync($"/api/users/{user.Id}/reset-password")).Is(200).As<PasswordResetLink>();

        (await RedeemAsync(user.UserName, link.ResetToken)).Refuses(400, "invalid_token");
        (await RedeemAsync(user.Email!, link.ResetToken)).Is(204);
    }

    [Fact]
    public async Task A_forgotten_password_gets_the_response_of_an_unknown_account()
    {
        using var admin = await app.SignInAdminAsync();
        var user = await CreateAsync(admin);
        var watch = await app.WatchAsync();

        foreach (var email in new[] { user.UserName, TestData.Name("nobody"), $"n{user.UserName}" })
        {
            Assert.Equal("", (await app.Anonymous().PostAsync("/api/auth/forgot-password", new { email })).Is(202).Text);
        }

        await watch.OnlyRecordedAsync("user.password_reset_requested", "user.password_reset_requested", "user.password_reset_requested");
        Assert.Equal(
            1,
            await app.ReadAsync(db =>
                db.AuditEvents.OrderByDescending(entry => entry.Id)
                    .Take(3)
                    .Select(entry => new { entry.TargetId, entry.Details })
                    .Distinct()
                    .CountAsync()
            )
        );
    }

    [Fact]
    public async Task Ten_failures_lock_the_account()
    {
        using var admin = await app.SignInAdminAsync();
        var user = await CreateAsync(admin);
        for (var failure = 0; failure < 10; failure++)
        {
            (await LoginAsync(user.UserName, TestData.NewPassword)).Refuses(401, "invalid_credentials");
        }

        (await LoginAsync(user.UserName, TestData.Password)).Refuses(401, "invalid_credentials");
        var locked = await LastEventAsync(admin, "auth.locked_out", user.Id);
        Assert.Equal(user.UserName, locked.GetProperty("target").GetProperty("name").GetString());
        (await admin.PostAsync($"/api/users/{user.Id}/unlock")).Is(200);
        (await LoginAsync(user.UserName, TestData.Password)).Is(200);
    }

    [Fact]
    public async Task The_first_email_needs_the_permission_and_only_that_address_is_notified()
    {
        using var admin = await app.SignInAdminAsync();
        var editor = await app.SignedInUserAsync(await app.CreateRoleAsync("users.read", "users.write"));
        var (user, email) = (await CreateAsync(admin), TestData.Email("first"));
        var mails = await MailsAsync();

        (await editor.Caller.PatchAsync($"/api/users/{user.Id}", new { email })).Refuses(403, "forbidden");
        (await editor.Caller.PatchAsync($"/api/users/{user.Id}", new { displayName = "Kim", email = (string?)null })).Is(200);
        var changed = (await admin.PatchAsync($"/api/users/{user.Id}", new { email })).Is(200).As<UserDetails>();

        Assert.Equal((email, user.UserName), (changed.Email, changed.UserName));
        var mail = Assert.Single(await app.ReadAsync(db => db.OutboxMails.OrderByDescending(row => row.Id).Take(1).ToListAsync()));
        Assert.Equal(("new-email", email, mails + 1), (mail.Kind, mail.Recipient, await MailsAsync()));
        var change = (await LastEventAsync(admin, "user.updated", user.Id)).GetProperty("details").GetProperty("changes")[0];
        Assert.Equal((JsonValueKind.Null, email), (change.GetProperty("old").ValueKind, change.GetProperty("new").GetString()));
        (await LoginAsync(email, TestData.Password)).Is(200);
        (await LoginAsync(user.UserName, TestData.Password)).Is(200);
        Assert.Equal(user.Id, Assert.Single((await admin.GetAsync($"/api/users?search={email}")).As<Page<UserDetails>>().Items).Id);
        app.Clock.Advance(TimeSpan.FromMinutes(20));
        (await admin.PatchAsync($"/api/users/{user.Id}", new { email = TestData.Email() })).Refuses(403, "fresh_sign_in_required");
    }

    [Fact]
    public async Task An_administrator_without_an_email_is_sent_no_test()
    {
        using var admin = await app.SignInAdminAsync();
        var body = new
        {
            userName = TestData.Name(),
            password = TestData.Password,
            roles = new[] { "Admin" },
        };
        var user = (await admin.PostAsync("/api/users", body)).Is(201).As<UserDetails>();
        using var other = await app.SignInAsync(user.UserName);

        (await other.PostAsync("/api/system/mail/test")).Refuses(409, "mail_failed");
    }

    public sealed class OnSqlite(SqliteApp app) : NoEmailTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : NoEmailTests(app), IClassFixture<PostgresApp>;
}
