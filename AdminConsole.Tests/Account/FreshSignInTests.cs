using AdminConsole.Core.Contracts;

namespace AdminConsole.Tests.Account;

public sealed class FreshSignInTests(SqliteApp app) : IClassFixture<SqliteApp>
{
    [Theory]
    [InlineData("DELETE", "/api/users/{0}", null)]
    [InlineData("PUT", "/api/users/{0}/roles/Operator", null)]
    [InlineData("DELETE", "/api/users/{0}/roles/User", null)]
    [InlineData("PATCH", "/api/users/{0}", """{"roles": ["Operator"]}""")]
    [InlineData("POST", "/api/users/{0}/reset-password", null)]
    [InlineData("POST", "/api/users/{0}/set-password", """{"password": "another horse battery 2"}""")]
    [InlineData("POST", "/api/users/{0}/require-password-change", null)]
    [InlineData("POST", "/api/users", """{"email": "fresh@example.com", "roles": ["Operator"]}""")]
    public async Task A_sensitive_operation_needs_a_sign_in_of_the_last_15_minutes(string method, string path, string? body)
    {
        var user = await app.CreateUserAsync();
        using var admin = await app.SignInAdminAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(15.1));
        var watch = await app.WatchAsync();

        (await admin.SendAsync(new HttpMethod(method), string.Format(path, user.Id), body)).Refuses(403, "fresh_sign_in_required");
        await watch.NothingHappenedAsync();
        (await admin.PostAsync("/api/auth/reauthenticate", new { password = TestData.Password })).Is(204);

        Assert.InRange((await admin.SendAsync(new HttpMethod(method), string.Format(path, user.Id), body)).Status, 200, 204);
    }

    [Fact]
    public async Task Ordinary_operations_need_no_recent_sign_in()
    {
        var user = await app.CreateUserAsync();
        using var admin = await app.SignInAdminAsync();

        app.Clock.Advance(TimeSpan.FromMinutes(15.1));

        (await admin.PatchAsync($"/api/users/{user.Id}", new { displayName = "Renamed" })).Is(200);
        (await admin.PostAsync($"/api/users/{user.Id}/deactivate")).Is(200);
        (await admin.PostAsync("/api/users", new { email = TestData.Email() })).Is(201);
    }

    [Fact]
    public async Task A_wrong_password_does_not_reauthenticate()
    {
        var user = await app.CreateUserAsync();
        using var admin = await app.SignInAdminAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(15.1));

        (await admin.PostAsync("/api/auth/reauthenticate", new { password = TestData.NewPassword })).Refuses(401, "invalid_credentials");

        (await admin.DeleteAsync($"/api/users/{user.Id}")).Refuses(403, "fresh_sign_in_required");
    }

    [Fact]
    public async Task Reauthentication_applies_to_one_session_only()
    {
        var user = await app.CreateUserAsync();
        using var stale = await app.SignInAdminAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(15.1));
        using var fresh = await app.SignInAdminAsync();

        (await fresh.PostAsync("/api/auth/reauthenticate", new { password = TestData.Password })).Is(204);

        (await stale.DeleteAsync($"/api/users/{user.Id}")).Refuses(403, "fresh_sign_in_required");
        Assert.Equal(user.Id, (await stale.GetAsync($"/api/users/{user.Id}")).As<UserDetails>().Id);
    }
}
