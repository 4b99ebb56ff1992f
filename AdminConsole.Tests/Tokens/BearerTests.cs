using AdminConsole.Core.Contracts;
using AdminConsole.Core.Tokens;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Tokens;

public abstract class BearerTests(AdminApp app)
{
    private static string? Challenge(ApiResponse answer) => answer.Headers["WWW-Authenticate"].SingleOrDefault();

    [Fact]
    public async Task The_challenge_states_what_is_wrong_with_a_token()
    {
        var person = await app.SignedInUserAsync();
        var token = await person.Caller.CreateTokenAsync();
        using var anonymous = app.Anonymous();

        Assert.Equal("Bearer", Challenge((await anonymous.GetAsync("/api/auth/me")).Refuses(401, "unauthenticated")));
        foreach (var malformed in new[] { "", "x", token.Token[..^1], token.Token[..^1] + "!", "a b" })
        {
            Assert.Contains(
                "error=\"invalid_token\", error_description=\"token_malformed: ",
                Challenge((await app.With(malformed).MeAsync()).Refuses(401, "unauthenticated")),
                StringComparison.Ordinal
            );
        }

        Assert.Contains(
            "token_unknown: ",
            Challenge((await app.With(Core.Security.Secret.CreateToken()).MeAsync()).Refuses(401, "unauthenticated")),
            StringComparison.Ordinal
        );
        (await person.Caller.PatchAsync($"/api/tokens/{token.Id}", new { active = false })).Is(200);
        Assert.Contains(
            "token_inactive: ",
            Challenge((await app.With(token.Token).MeAsync()).Refuses(401, "unauthenticated")),
            StringComparison.Ordinal
        );
        (await person.Caller.DeleteAsync($"/api/tokens/{token.Id}")).Is(204);
        Assert.Contains(
            "token_revoked: ",
            Challenge((await app.With(token.Token).MeAsync()).Refuses(401, "unauthenticated")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task An_expired_token_has_its_own_code()
    {
        await using var own = await AdminApp.StartAsync(app.Provider);
        await own.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        using var person = await own.SignInAdminAsync();
        var token = await person.CreateTokenAsync();
        (await own.With(token.Token).MeAsync()).Is(200);

        own.Clock.Advance(TimeSpan.FromDays(90));

        var answer = (await own.With(token.Token).MeAsync()).Refuses(401, "token_expired");
        Assert.Contains("token_expired: ", Challenge(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_takes_precedence_over_a_cookie()
    {
        var (owner, other) = (await app.SignedInUserAsync(), await app.SignedInUserAsync("Admin"));
        var token = await owner.Caller.CreateTokenAsync();

        var me = (await other.Caller.GetAsync("/api/auth/me", ("Authorization", $"Bearer {token.Token}"))).Is(200).As<Me>();
        var bad = await other.Caller.GetAsync("/api/auth/me", ("Authorization", "Bearer nonsense"));
        var forbidden = await other.Caller.GetAsync("/api/users", ("Authorization", $"bearer {token.Token}"));

        Assert.Equal(owner.Id, me.Id);
        bad.Refuses(401, "unauthenticated");
        forbidden.Refuses(403, "forbidden");
        Assert.Contains("error=\"insufficient_scope\", scope=\"users.read\"", Challenge(forbidden), StringComparison.Ordinal);
        (await other.Caller.GetAsync("/api/auth/me", ("Authorization", "Basic eDp5"))).Is(200);
    }

    [Fact]
    public async Task The_same_origin_rule_applies_to_cookies_only()
    {
        var person = await app.SignedInUserAsync("Admin");
        var token = await person.Caller.CreateTokenAsync("users.write");
        using var program = app.Anonymous();

        var byToken = await program.PostAsync(
            "/api/users",
            new { email = TestData.Email() },
            ("Authorization", $"Bearer {token.Token}"),
            ("Sec-Fetch-Site", "cross-site")
        );
        var byBoth = await person.Caller.PostAsync(
            "/api/users",
            new { email = TestData.Email() },
            ("Authorization", $"Bearer {token.Token}"),
            ("Sec-Fetch-Site", "cross-site")
        );
        var byCookie = await person.Caller.PostAsync("/api/users", new { email = TestData.Email() }, ("Sec-Fetch-Site", "cross-site"));

        byToken.Is(201);
        byBoth.Is(201);
        byCookie.Refuses(403, "forbidden");
    }

    [Fact]
    public async Task A_token_opens_no_page()
    {
        var person = await app.SignedInUserAsync("Admin");
        var token = await person.Caller.CreateTokenAsync([.. Core.Security.Permissions.All]);
        using var program = app.Anonymous();

        var page = await program.GetAsync("/users", ("Authorization", $"Bearer {token.Token}"), ("Accept", "text/html"));
        var circuit = await program.PostAsync("/_blazor/negotiate?negotiateVersion=1", null, ("Authorization", $"Bearer {token.Token}"));

        Assert.Equal(302, page.Status);
        circuit.Refuses(401, "unauthenticated");
    }

    [Fact]
    public async Task A_token_is_limited_to_its_scopes()
    {
        var person = await app.SignedInUserAsync("Admin");
        var reads = app.With((await person.Caller.CreateTokenAsync("users.read")).Token);
        var writes = app.With((await person.Caller.CreateTokenAsync("users.write", "users.read")).Token);
        var user = await app.CreateUserAsync();
        var watch = await app.WatchAsync();

        (await reads.GetAsync($"/api/users/{user.Id}")).Is(200);
        (await reads.SendAsync(HttpMethod.Patch, $"/api/users/{user.Id}", new { displayName = "X" })).Refuses(403, "forbidden");
        (await writes.SendAsync(HttpMethod.Patch, $"/api/users/{user.Id}", new { displayName = "X" })).Is(200);
        (await writes.SendAsync(HttpMethod.Put, $"/api/users/{user.Id}/roles/Operator")).Refuses(403, "forbidden");

        await watch.RecordedAsync("access.denied", "user.updated", "access.denied");
        var last = await app.ReadAsync(db =>
            db.AuditEvents.Where(entry => entry.Action == "user.updated").OrderByDescending(entry => entry.Id).FirstAsync()
        );
        Assert.Equal(("token", person.Email), (last.Via, last.ActorName));
        Assert.True(await app.ReadAsync(db => db.PersonalAccessTokens.AnyAsync(token => token.Id == last.SessionId)));
    }

    [Fact]
    public async Task A_token_needs_no_recent_sign_in_for_a_sensitive_operation()
    {
        var person = await app.SignedInUserAsync("Admin");
        var program = app.With((await person.Caller.CreateTokenAsync("users.write")).Token);
        var user = await app.CreateUserAsync();
        app.Clock.Advance(TimeSpan.FromHours(1));

        (await program.SendAsync(HttpMethod.Delete, $"/api/users/{user.Id}")).Is(204);

        Assert.False(await app.ReadAsync(db => db.Users.AnyAsync(row => row.Id == user.Id)));
    }

    [Fact]
    public async Task While_the_password_must_be_changed_a_token_can_only_read_itself()
    {
        var person = await app.SignedInUserAsync("Operator");
        var program = app.With((await person.Caller.CreateTokenAsync("users.read")).Token);
        using var admin = await app.SignInAdminAsync();
        (await program.GetAsync("/api/users")).Is(200);

        (await admin.PostAsync($"/api/users/{person.Id}/require-password-change")).Is(204);

        (await program.GetAsync("/api/users")).Refuses(403, "password_change_required");
        Assert.True((await program.MeAsync()).Is(200).As<Me>().MustChangePassword);
    }

    [Fact]
    public async Task A_lockout_does_not_affect_tokens()
    {
        var person = await app.SignedInUserAsync();
        var program = app.With((await person.Caller.CreateTokenAsync()).Token);
        using var stranger = app.Anonymous();

        for (var attempt = 0; attempt < 10; attempt++)
        {
            (await stranger.PostAsync("/api/auth/login", new { login = person.Email, password = "wrong password 1" })).Refuses(
                401,
                "invalid_credentials"
            );
        }

        Assert.NotNull(
            await app.ReadAsync(db => db.Users.Where(user => user.Id == person.Id).Select(user => user.LockoutEnd).SingleAsync())
        );
        (await program.MeAsync()).Is(200);
    }

    [Fact]
    public async Task Deactivation_suspends_tokens_and_lockdown_and_deletion_revoke_and_count_them()
    {
        var people = await Task.WhenAll(app.SignedInUserAsync(), app.SignedInUserAsync(), app.SignedInUserAsync());
        var tokens = new List<CreatedToken>();
        foreach (var person in people)
        {
            tokens.Add(await person.Caller.CreateTokenAsync());
            (await app.With(tokens[^1].Token).MeAsync()).Is(200);
        }

        using var admin = await app.SignInAdminAsync();
        (await admin.PostAsync($"/api/users/{people[0].Id}/deactivate", new { })).Is(200);
        (await admin.PostAsync($"/api/users/{people[1].Id}/lockdown", new { })).Is(200);
        (await admin.DeleteAsync($"/api/users/{people[2].Id}")).Is(204);

        Assert.Contains(
            "owner_inactive",
            Challenge((await app.With(tokens[0].Token).MeAsync()).Refuses(401, "unauthenticated")),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "token_revoked",
            Challenge((await app.With(tokens[1].Token).MeAsync()).Refuses(401, "unauthenticated")),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "token_unknown",
            Challenge((await app.With(tokens[2].Token).MeAsync()).Refuses(401, "unauthenticated")),
            StringComparison.Ordinal
        );
        foreach (var action in new[] { "user.locked_down", "user.deleted" })
        {
            Assert.Contains(
                "\"tokensRevoked\":1",
                await app.ReadAsync(db =>
                    db.AuditEvents.Where(entry => entry.Action == action)
                        .OrderByDescending(entry => entry.Id)
                        .Select(entry => entry.Details!)
                        .FirstAsync()
                ),
                StringComparison.Ordinal
            );
        }

        (await admin.PostAsync($"/api/users/{people[0].Id}/activate")).Is(200);
        (await admin.PostAsync($"/api/users/{people[1].Id}/activate")).Is(200);
        (await app.With(tokens[0].Token).MeAsync()).Is(200);
        (await app.With(tokens[1].Token).MeAsync()).Refuses(401, "unauthenticated");
    }

    [Fact]
    public async Task The_last_use_is_written_once_a_minute_and_at_shutdown()
    {
        var database = await TestDatabase.CreateAsync(app.Provider);
        await using var cleanUp = database;
        Guid id;
        await using (var own = await AdminApp.StartAsync(app.Provider, database))
        {
            await own.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
            using var person = await own.SignInAdminAsync();
            var token = await person.CreateTokenAsync();
            id = token.Id;
            var lastUsed = own.Services.GetRequiredService<TokenUsageWriter>();

            (await own.With(token.Token).MeAsync()).Is(200);
            Assert.Null(
                await own.ReadAsync(db => db.PersonalAccessTokens.Where(row => row.Id == id).Select(row => row.LastUsedAt).SingleAsync())
            );
            await lastUsed.FlushAsync(default);
            var first = await own.ReadAsync(db =>
                db.PersonalAccessTokens.Where(row => row.Id == id).Select(row => row.LastUsedAt).SingleAsync()
            );
            Assert.NotNull(first);
            own.Clock.Advance(TimeSpan.FromMinutes(2));
            (await own.With(token.Token).MeAsync()).Is(200);
        }

        await using var again = await AdminApp.StartAsync(app.Provider, database);
        var row = await again.ReadAsync(db => db.PersonalAccessTokens.AsNoTracking().SingleAsync(token => token.Id == id));
        Assert.Equal("127.0.0.1", row.LastUsedIp);
        Assert.True(row.LastUsedAt > row.CreatedAt.AddMinutes(2));
    }

    public sealed class OnSqlite(SqliteApp app) : BearerTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : BearerTests(app), IClassFixture<PostgresApp>;
}
