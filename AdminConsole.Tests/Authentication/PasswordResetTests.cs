using AdminConsole.Core.Contracts;

namespace AdminConsole.Tests.Authentication;

public abstract class PasswordResetTests(AdminApp app)
{
    private async Task<PasswordResetLink> IssueAsync(UserDetails user)
    {
        using var admin = await app.SignInAdminAsync();
        return (await admin.PostAsync($"/api/users/{user.Id}/reset-password")).Is(200).As<PasswordResetLink>();
    }

    private static object Redeem(UserDetails user, PasswordResetLink link, string password = TestData.NewPassword, string? email = null) =>
        new
        {
            email = email ?? user.Email,
            token = link.ResetToken,
            newPassword = password,
        };

    [Fact]
    public async Task The_link_sets_a_password_and_ends_all_sessions()
    {
        var person = await app.SignedInUserAsync();
        var link = await IssueAsync(person.User);
        Assert.StartsWith($"{app.Root}reset-password?email=", link.ResetUrl);
        Assert.Contains(link.ResetToken, link.ResetUrl, StringComparison.Ordinal);
        Assert.False(link.EmailSent);
        var watch = await app.WatchAsync();
        using var caller = app.Anonymous();

        (await caller.PostAsync("/api/auth/reset-password", Redeem(person.User, link))).Is(204);

        (await person.Caller.GetAsync("/api/auth/me")).Refuses(401, "unauthenticated");
        await watch.RecordedAsync("user.password_reset", "session.ended");
        using var again = await app.SignInAsync(person.Email, TestData.NewPassword);
        Assert.False((await again.GetAsync("/api/auth/me")).As<Me>().MustChangePassword);
    }

    [Fact]
    public async Task Of_32_concurrent_redemptions_exactly_one_succeeds()
    {
        for (var round = 0; round < 2; round++)
        {
            var user = await app.CreateUserAsync();
            var link = await IssueAsync(user);
            using var caller = app.Anonymous();
            var watch = await app.WatchAsync();

            var answers = await Task.WhenAll(
                Enumerable
                    .Range(0, 32)
                    .Select(number =>
                        caller.PostAsync("/api/auth/reset-password", Redeem(user, link, $"{TestData.NewPassword} of {number}"))
                    )
            );

            Assert.Single(answers, answer => answer.Status == 204);
            Assert.All(answers.Where(answer => answer.Status != 204), answer => answer.Refuses(400, "invalid_token"));
            await watch.RecordedAsync("user.password_reset");
        }
    }

    [Fact]
    public async Task The_link_works_once()
    {
        var user = await app.CreateUserAsync();
        var link = await IssueAsync(user);
        using var caller = app.Anonymous();
        (await caller.PostAsync("/api/auth/reset-password", Redeem(user, link))).Is(204);
        var watch = await app.WatchAsync();

        (await caller.PostAsync("/api/auth/reset-password", Redeem(user, link, "yet another password 3"))).Refuses(400, "invalid_token");

        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task The_link_is_valid_for_an_hour()
    {
        var user = await app.CreateUserAsync();
        var link = await IssueAsync(user);
        using var caller = app.Anonymous();

        app.Clock.Advance(TimeSpan.FromMinutes(60.1));

        (await caller.PostAsync("/api/auth/reset-password", Redeem(user, link))).Refuses(400, "invalid_token");
    }

    [Fact]
    public async Task A_newer_link_invalidates_the_older_one()
    {
        var user = await app.CreateUserAsync();
        var (older, newer) = (await IssueAsync(user), await IssueAsync(user));
        using var caller = app.Anonymous();

        (await caller.PostAsync("/api/auth/reset-password", Redeem(user, older))).Refuses(400, "invalid_token");

        (await caller.PostAsync("/api/auth/reset-password", Redeem(user, newer))).Is(204);
    }

    [Fact]
    public async Task A_revoked_link_sets_no_password()
    {
        var user = await app.CreateUserAsync();
        var link = await IssueAsync(user);
        using var admin = await app.SignInAdminAsync();
        var watch = await app.WatchAsync();

        (await admin.DeleteAsync($"/api/users/{user.Id}/reset-password")).Is(204);

        await watch.RecordedAsync("user.password_reset_cancelled");
        using var caller = app.Anonymous();
        (await caller.PostAsync("/api/auth/reset-password", Redeem(user, link))).Refuses(400, "invalid_token");
        (await admin.DeleteAsync($"/api/users/{user.Id}/reset-password")).Is(204);
        (await admin.DeleteAsync($"/api/users/{Guid.CreateVersion7()}/reset-password")).Refuses(404, "not_found");
    }

    [Fact]
    public async Task Another_address_and_an_unknown_secret_get_the_same_refusal()
    {
        var (user, other) = (await app.CreateUserAsync(), await app.CreateUserAsync());
        var link = await IssueAsync(user);
        using var caller = app.Anonymous();
        var watch = await app.WatchAsync();

        (await caller.PostAsync("/api/auth/reset-password", Redeem(user, link, email: other.Email))).Refuses(400, "invalid_token");
        (await caller.PostAsync("/api/auth/reset-password", Redeem(user, link with { ResetToken = link.ResetToken + "x" }))).Refuses(
            400,
            "invalid_token"
        );
        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task A_deactivated_user_can_set_a_password_but_not_sign_in()
    {
        var user = await app.CreateUserAsync();
        var before = await IssueAsync(user);
        using var admin = await app.SignInAdminAsync();
        (await admin.PostAsync($"/api/users/{user.Id}/deactivate")).Is(200);
        var link = await IssueAsync(user);
        using var caller = app.Anonymous();

        (await caller.PostAsync("/api/auth/reset-password", Redeem(user, before))).Refuses(400, "invalid_token");
        (await caller.PostAsync("/api/auth/reset-password", Redeem(user, link))).Is(204);

        (await caller.PostAsync("/api/auth/login", new { login = user.Email, password = TestData.NewPassword })).Refuses(
            401,
            "invalid_credentials"
        );
    }

    [Fact]
    public async Task A_weak_password_does_not_consume_the_link()
    {
        var user = await app.CreateUserAsync();
        var link = await IssueAsync(user);
        using var caller = app.Anonymous();

        (await caller.PostAsync("/api/auth/reset-password", Redeem(user, link, "short1"))).RefusesFields("newPassword");

        (await caller.PostAsync("/api/auth/reset-password", Redeem(user, link))).Is(204);
    }

    [Fact]
    public async Task Only_the_hash_of_the_secret_is_stored()
    {
        var link = await IssueAsync(await app.CreateUserAsync());

        var rows = await app.Database.QueryAsync("""SELECT * FROM "PasswordResets" """);

        Assert.NotEmpty(rows);
        Assert.DoesNotContain(rows, row => row.Contains(link.ResetToken, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_reset_lifts_a_lockout()
    {
        var user = await app.CreateUserAsync(password: TestData.Password);
        using var caller = app.Anonymous();
        for (var failure = 0; failure < 10; failure++)
        {
            await caller.PostAsync("/api/auth/login", new { login = user.Email, password = "wrong wrong wrong 1" });
        }

        (await caller.PostAsync("/api/auth/reset-password", Redeem(user, await IssueAsync(user)))).Is(204);

        (await caller.PostAsync("/api/auth/login", new { login = user.Email, password = TestData.NewPassword })).Is(200);
    }

    public sealed class OnSqlite(SqliteApp app) : PasswordResetTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : PasswordResetTests(app), IClassFixture<PostgresApp>;
}
