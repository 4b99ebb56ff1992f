using System.Net;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Settings;

public abstract class SettingsTests(AdminApp app) : IAsyncLifetime
{
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        using var admin = await app.SignInAdminAsync();
        (await admin.SendAsync(HttpMethod.Put, "/api/settings", new SystemSettings())).Is(200);
    }

    [Fact]
    public async Task A_setting_applies_immediately_and_is_recorded_with_old_and_new_values()
    {
        using var admin = await app.SignInAdminAsync();
        var user = await app.CreateUserAsync();
        var watch = await app.WatchAsync();

        var set = await admin.SendAsync(
            HttpMethod.Put,
            "/api/settings",
            new SystemSettings { PasswordMinimumLength = 30, SessionSlidingHours = 2 }
        );
        var weak = await admin.PostAsync($"/api/users/{user.Id}/set-password", new { password = TestData.Password });
        using var later = await app.SignInAdminAsync();
        var session = (await later.GetAsync("/api/sessions")).As<Page<SessionSummary>>().Items.Single(one => one.Current);

        Assert.Equal(30, set.Is(200).As<SystemSettings>().PasswordMinimumLength);
        weak.RefusesFields("password");
        Assert.Equal(TimeSpan.FromHours(2), session.ExpiresAt - session.CreatedAt);
        Assert.Equal("settings.updated", (await watch.EventsAsync())[0]);
        var details = await app.ReadAsync(db =>
            db.AuditEvents.Where(entry => entry.Action == "settings.updated")
                .OrderByDescending(entry => entry.Id)
                .Select(entry => entry.Details!)
                .FirstAsync()
        );
        Assert.Contains("{\"field\":\"passwordMinimumLength\",\"old\":12,\"new\":30}", details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_organization_is_named_on_the_sign_in_page_without_a_restart()
    {
        using var admin = await app.SignInAdminAsync();
        using var stranger = app.Anonymous();
        Task<ApiResponse> SetAsync(string? name) =>
            admin.SendAsync(HttpMethod.Put, "/api/settings", new SystemSettings { OrganizationName = name });
        Task<ApiResponse> LoginAsync() => stranger.GetAsync("/login", ("Accept", "text/html"));

        var set = (await SetAsync("  Årö & Søn ")).Is(200).As<SystemSettings>();

        Assert.Equal("Årö & Søn", set.OrganizationName);
        Assert.Contains("Årö & Søn", WebUtility.HtmlDecode((await LoginAsync()).Is(200).Text), StringComparison.Ordinal);
        foreach (var name in new[] { new string('x', 61), "a\u202eb", "a\nb", "\u200b" })
        {
            (await SetAsync(name)).RefusesFields("organizationName");
        }

        Assert.Null((await SetAsync(" ")).Is(200).As<SystemSettings>().OrganizationName);
        Assert.DoesNotContain("class=\"organization", (await LoginAsync()).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lockout_and_recent_sign_in_follow_the_settings()
    {
        using var admin = await app.SignInAdminAsync();
        var person = await app.SignedInUserAsync(AppRole.Admin);
        (
            await admin.SendAsync(
                HttpMethod.Put,
                "/api/settings",
                new SystemSettings
                {
                    LockoutFailures = 3,
                    LockoutMinutes = 2,
                    FreshSignInMinutes = 1,
                }
            )
        ).Is(200);

        for (var attempt = 0; attempt < 3; attempt++)
        {
            using var stranger = app.Anonymous();
            (await stranger.PostAsync("/api/auth/login", new { login = person.Email, password = "wrong password 1" })).Refuses(
                401,
                "invalid_credentials"
            );
        }

        var locked = (await admin.GetAsync($"/api/users/{person.Id}")).As<UserDetails>().LockedOutUntil;
        app.Clock.Advance(TimeSpan.FromSeconds(90));
        var stale = await person.Caller.DeleteAsync($"/api/users/{Guid.CreateVersion7()}");
        Assert.NotNull(locked);
        stale.Refuses(403, "fresh_sign_in_required");
    }

    [Theory]
    [InlineData("passwordMinimumLength", 11)]
    [InlineData("sessionSlidingHours", 0)]
    [InlineData("sessionRememberedDays", 91)]
    public async Task A_value_out_of_range_is_refused(string setting, int value)
    {
        using var admin = await app.SignInAdminAsync();
        var watch = await app.WatchAsync();

        (await admin.SendAsync(HttpMethod.Put, "/api/settings", new Dictionary<string, int> { [setting] = value })).RefusesFields(setting);
        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task Settings_need_the_permission_and_changing_them_a_recent_sign_in()
    {
        using var anonymous = app.Anonymous();
        var other = await app.SignedInUserAsync(AppRole.Operator);
        var writer = await app.SignedInUserAsync(await app.CreateRoleAsync(Permissions.SettingsWrite));

        (await anonymous.GetAsync("/api/settings")).Refuses(401, "unauthenticated");
        (await other.Caller.GetAsync("/api/settings")).Refuses(403, "forbidden");
        app.Clock.Advance(TimeSpan.FromMinutes(16));
        (await writer.Caller.GetAsync("/api/settings")).Is(200);
        (await writer.Caller.SendAsync(HttpMethod.Put, "/api/settings", new SystemSettings())).Refuses(403, "fresh_sign_in_required");
    }

    public sealed class OnSqlite(SqliteApp app) : SettingsTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : SettingsTests(app), IClassFixture<PostgresApp>;
}
