using AdminConsole.Core.Contracts;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Account;

public abstract class PasswordTests(AdminApp app)
{
    private static object Change(string current, string next) => new { currentPassword = current, newPassword = next };

    [Fact]
    public async Task Changing_the_password_keeps_only_the_current_session()
    {
        var person = await app.SignedInUserAsync();
        using var elsewhere = await app.SignInAsync(person.Email);
        var watch = await app.WatchAsync();

        (await person.Caller.PostAsync("/api/auth/password", Change(TestData.Password, TestData.NewPassword))).Is(204);

        (await person.Caller.GetAsync("/api/auth/me")).Is(200);
        (await elsewhere.GetAsync("/api/auth/me")).Refuses(401, "unauthenticated");
        await watch.RecordedAsync("user.password_changed", "session.ended");
        using var caller = app.Anonymous();
        (await caller.PostAsync("/api/auth/login", new { login = person.Email, password = TestData.Password })).Refuses(
            401,
            "invalid_credentials"
        );
        (await caller.PostAsync("/api/auth/login", new { login = person.Email, password = TestData.NewPassword })).Is(200);
    }

    [Fact]
    public async Task A_wrong_current_password_changes_nothing_and_is_recorded()
    {
        var person = await app.SignedInUserAsync();
        var watch = await app.WatchAsync();

        (await person.Caller.PostAsync("/api/auth/password", Change("not the present one 1", TestData.NewPassword))).Refuses(
            401,
            "invalid_credentials"
        );

        await watch.OnlyRecordedAsync("auth.sign_in_failed");
    }

    [Theory]
    [InlineData("short1")]
    [InlineData("no digits in this one")]
    [InlineData("1234567890123456")]
    [InlineData(TestData.Password)]
    [InlineData("")]
    public async Task An_invalid_new_password_does_not_count_as_a_failure(string wish)
    {
        var person = await app.SignedInUserAsync();
        var watch = await app.WatchAsync();

        (await person.Caller.PostAsync("/api/auth/password", Change(TestData.Password, wish))).RefusesFields("newPassword");

        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task A_password_has_128_characters_at_most()
    {
        var person = await app.SignedInUserAsync();

        (await person.Caller.PostAsync("/api/auth/password", Change(TestData.Password, new string('a', 128) + "1"))).RefusesFields(
            "newPassword"
        );

        (await person.Caller.PostAsync("/api/auth/password", Change(TestData.Password, TestData.NewPassword.PadRight(128, 'ä')))).Is(204);
    }

    [Fact]
    public async Task An_anonymous_caller_cannot_change_a_password()
    {
        using var caller = app.Anonymous();
        var watch = await app.WatchAsync();

        (await caller.PostAsync("/api/auth/password", Change(TestData.Password, TestData.NewPassword))).Refuses(401, "unauthenticated");
        (await caller.PostAsync("/api/auth/reauthenticate", new { password = TestData.Password })).Refuses(401, "unauthenticated");

        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task A_password_that_must_be_changed_blocks_everything_else_in_open_sessions_too()
    {
        var person = await app.SignedInUserAsync("Admin");
        using var admin = await app.SignInAdminAsync();
        (await person.Caller.GetAsync("/api/users")).Is(200);

        (await admin.PostAsync($"/api/users/{person.Id}/require-password-change")).Is(204);

        foreach (
            var path in new[]
            {
                "/api/users",
                $"/api/users/{person.Id}",
                "/api/roles",
                "/api/permissions",
                "/api/sessions",
                "/api/audit",
                "/api/audit/1",
                "/api/audit/verify",
            }
        )
        {
            (await person.Caller.GetAsync(path)).Refuses(403, "password_change_required");
        }

        var watch = await app.WatchAsync();
        (await person.Caller.PostAsync("/api/users", new { email = TestData.Email() })).Refuses(403, "password_change_required");
        (await person.Caller.DeleteAsync("/api/sessions")).Refuses(403, "password_change_required");
        (await person.Caller.PostAsync("/api/auth/reauthenticate", new { password = TestData.Password })).Refuses(
            403,
            "password_change_required"
        );
        await watch.NothingHappenedAsync();
        var me = (await person.Caller.GetAsync("/api/auth/me")).Is(200).As<Me>();
        Assert.True(me.MustChangePassword);
        (await person.Caller.PostAsync("/api/auth/password", Change(TestData.Password, TestData.NewPassword))).Is(204);
        (await person.Caller.GetAsync("/api/users")).Is(200);
    }

    [Fact]
    public async Task While_a_change_is_required_pages_redirect_to_it_and_signing_out_works()
    {
        var person = await app.SignedInUserAsync();
        using var admin = await app.SignInAdminAsync();
        (await admin.PostAsync($"/api/users/{person.Id}/require-password-change")).Is(204);

        Assert.Equal("/account/password", (await person.Caller.GetAsync("/", ("Accept", "text/html"))).Is(302).Location);
        (await person.Caller.GetAsync("/account/password", ("Accept", "text/html"))).Is(200);
        (await person.Caller.PostAsync("/api/auth/logout")).Is(204);
    }

    [Fact]
    public async Task A_set_password_must_be_changed_and_ends_all_sessions()
    {
        var person = await app.SignedInUserAsync();
        using var admin = await app.SignInAdminAsync();
        var watch = await app.WatchAsync();

        (await admin.PostAsync($"/api/users/{person.Id}/set-password", new { password = TestData.NewPassword })).Is(204);

        (await person.Caller.GetAsync("/api/auth/me")).Refuses(401, "unauthenticated");
        await watch.RecordedAsync("user.password_set", "session.ended");
        using var again = await app.SignInAsync(person.Email, TestData.NewPassword);
        Assert.True((await again.GetAsync("/api/auth/me")).As<Me>().MustChangePassword);
    }

    [Fact]
    public async Task A_set_password_follows_the_policy_too()
    {
        var user = await app.CreateUserAsync("policy1user@example.com");
        using var admin = await app.SignInAdminAsync();
        var watch = await app.WatchAsync();

        (await admin.PostAsync($"/api/users/{user.Id}/set-password", new { password = "short1" })).RefusesFields("password");
        (await admin.PostAsync($"/api/users/{user.Id}/set-password", new { password = "Policy1User@example.com" })).RefusesFields(
            "password"
        );
        (await admin.PostAsync($"/api/users/{user.Id}/set-password", new { })).RefusesFields("password");

        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task Credentials_of_other_users_need_the_permission()
    {
        var (user, operators) = (await app.CreateUserAsync(), await app.SignedInUserAsync("Operator"));
        using var anonymous = app.Anonymous();
        foreach (var path in new[] { "set-password", "require-password-change", "reset-password" })
        {
            var watch = await app.WatchAsync();
            object? body = path == "set-password" ? new { password = TestData.NewPassword } : null;

            (await anonymous.PostAsync($"/api/users/{user.Id}/{path}", body)).Refuses(401, "unauthenticated");
            await watch.NothingHappenedAsync();
            (await operators.Caller.PostAsync($"/api/users/{user.Id}/{path}", body)).Refuses(403, "forbidden");
            await watch.OnlyRecordedAsync(path == "set-password" ? ["access.denied"] : []); // Once per user, permission and hour.
        }
    }

    [Fact]
    public async Task A_helpdesk_cannot_change_the_credentials_of_an_administrator()
    {
        var helpdesk = await app.SignedInUserAsync(await app.CreateRoleAsync("users.read", "users.write", "users.credentials"));
        var admin = await app.CreateUserAsync(null, null, "Admin");
        var watch = await app.WatchAsync();

        (await helpdesk.Caller.PostAsync($"/api/users/{admin.Id}/set-password", new { password = TestData.NewPassword })).Refuses(
            403,
            "above_you"
        );
        (await helpdesk.Caller.PostAsync($"/api/users/{admin.Id}/reset-password")).Refuses(403, "above_you");
        (await helpdesk.Caller.PostAsync($"/api/users/{admin.Id}/require-password-change")).Refuses(403, "above_you");

        await watch.OnlyRecordedAsync("access.denied");
        Assert.Equal(0, await app.ReadAsync(db => db.SingleUseLinks.CountAsync(link => link.UserId == admin.Id)));
    }

    [Fact]
    public async Task An_unknown_user_has_no_credentials()
    {
        using var admin = await app.SignInAdminAsync();
        var id = Guid.CreateVersion7();

        (await admin.PostAsync($"/api/users/{id}/set-password", new { password = TestData.NewPassword })).Refuses(404, "not_found");
        (await admin.PostAsync($"/api/users/{id}/reset-password")).Refuses(404, "not_found");
        (await admin.PostAsync($"/api/users/{id}/require-password-change")).Refuses(404, "not_found");
    }

    public sealed class OnSqlite(SqliteApp app) : PasswordTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : PasswordTests(app), IClassFixture<PostgresApp>;
}
