using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Tokens;

public abstract class OwnTokenTests(AdminApp app)
{
    [Fact]
    public async Task A_new_token_is_shown_once_and_works()
    {
        var person = await app.SignedInUserAsync("Operator");
        var watch = await app.WatchAsync();

        var answer = (
            await person.Caller.PostAsync(
                "/api/tokens",
                new { name = "  Deploy job ", scopes = new[] { "users.read", "profile.read", "users.read" } }
            )
        ).Is(201);
        var token = answer.As<CreatedToken>();
        var me = (await app.With(token.Token).MeAsync()).Is(200).As<Me>();

        Assert.Equal($"/api/tokens/{token.Id}", answer.Location);
        Assert.Equal("no-store", Assert.Single(answer.Headers["Cache-Control"]));
        Assert.Equal(("Deploy job", "active", token.Token[..14]), (token.Name, token.State, token.Prefix));
        Assert.Equal(["profile.read", "users.read"], token.Scopes);
        Assert.Equal(token.CreatedAt.AddDays(90), token.ExpiresAt);
        Assert.Equal((person.Id, "token"), (me.Id, me.AuthMethod));
        Assert.Equal(["profile.read", "users.read"], me.Permissions);
        Assert.DoesNotContain(token.Token, (await person.Caller.GetAsync("/api/tokens")).Is(200).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(
            token.Token,
            (await person.Caller.GetAsync($"/api/tokens/{token.Id}")).Is(200).Text,
            StringComparison.Ordinal
        );
        await watch.RecordedAsync("token.created");
        Assert.DoesNotContain(
            await app.Database.QueryAsync("""SELECT * FROM "PersonalAccessTokens" """),
            row => row.Contains(token.Token[14..], StringComparison.OrdinalIgnoreCase)
        );
    }

    [Fact]
    public async Task The_list_has_the_callers_tokens_newest_first_with_their_last_use()
    {
        var (person, stranger) = (await app.SignedInUserAsync(), await app.SignedInUserAsync());
        var first = await person.Caller.CreateTokenAsync();
        var second = await person.Caller.CreateTokenAsync();
        await stranger.Caller.CreateTokenAsync();

        (await app.With(first.Token).MeAsync()).Is(200);
        var tokens = (await person.Caller.GetAsync("/api/tokens")).Is(200).As<Page<TokenSummary>>();

        Assert.Equal([second.Id, first.Id], tokens.Items.Select(token => token.Id));
        Assert.Equal("127.0.0.1", tokens.Items[1].LastUsedIp);
        Assert.NotNull(tokens.Items[1].LastUsedAt);
        Assert.Null(tokens.Items[0].LastUsedAt);
    }

    [Fact]
    public async Task Lifetime_defaults_to_90_days_and_null_means_unlimited_where_allowed()
    {
        var person = await app.SignedInUserAsync();

        (await person.Caller.PostAsync("/api/tokens", """{"name": "x", "expiresInDays": null}""")).RefusesFields("expiresInDays");
        (await person.Caller.PostAsync("/api/tokens", """{"name": "x", "expiresInDays": 366}""")).RefusesFields("expiresInDays");
        (await person.Caller.PostAsync("/api/tokens", """{"name": "x", "expiresInDays": 0}""")).RefusesFields("expiresInDays");
        (await SetAsync(new SystemSettings { TokensMayLiveForEver = true, TokenMaximumDays = 30 })).Is(200);
        try
        {
            Assert.Null(
                (await person.Caller.PostAsync("/api/tokens", """{"name": "x", "expiresInDays": null}"""))
                    .Is(201)
                    .As<CreatedToken>()
                    .ExpiresAt
            );
            var usual = (await person.Caller.PostAsync("/api/tokens", """{"name": "x"}""")).Is(201).As<CreatedToken>();
            Assert.Equal(usual.CreatedAt.AddDays(30), usual.ExpiresAt);
            (await person.Caller.PostAsync("/api/tokens", """{"name": "x", "expiresInDays": 90}""")).RefusesFields("expiresInDays");
        }
        finally
        {
            (await SetAsync(new SystemSettings())).Is(200);
        }
    }

    [Fact]
    public async Task An_unknown_scope_and_one_that_the_owner_lacks_are_refused()
    {
        var person = await app.SignedInUserAsync("Operator");
        var watch = await app.WatchAsync();

        (await person.Caller.PostAsync("/api/tokens", new { name = "x", scopes = new[] { "users.fly" } })).Refuses(400, "unknown_scope");
        (await person.Caller.PostAsync("/api/tokens", new { name = "x", scopes = new[] { "users.read", "users.write" } })).Refuses(
            403,
            "above_you"
        );
        (await person.Caller.PostAsync("/api/tokens", new { name = "x", scopes = Array.Empty<string>() })).RefusesFields("scopes");
        (await person.Caller.PostAsync("/api/tokens", new { name = " " })).RefusesFields("name");
        (await person.Caller.PostAsync("/api/tokens", new { name = new string('x', 101) })).RefusesFields("name");
        (await person.Caller.PostAsync("/api/tokens", """{"name": "x", "scopes": [null]}""")).Is(400);

        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task An_anonymous_caller_is_refused_everywhere()
    {
        using var caller = app.Anonymous();
        var id = Guid.CreateVersion7();
        var watch = await app.WatchAsync();

        foreach (var (method, path) in Endpoints(id))
        {
            (
                await caller.SendAsync(method, path, method == HttpMethod.Get || method == HttpMethod.Delete ? null : new { name = "x" })
            ).Refuses(401, "unauthenticated");
        }

        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task A_token_cannot_manage_tokens_passwords_or_sessions()
    {
        var person = await app.SignedInUserAsync("Admin");
        var token = await person.Caller.CreateTokenAsync([.. Permissions.All]);
        var program = app.With(token.Token);
        var watch = await app.WatchAsync();

        foreach (var (method, path) in Endpoints(token.Id))
        {
            (
                await program.SendAsync(method, path, method == HttpMethod.Get || method == HttpMethod.Delete ? null : new { name = "x" })
            ).Refuses(403, "interactive_required");
        }

        (
            await program.PostAsync("/api/auth/password", new { currentPassword = TestData.Password, newPassword = TestData.NewPassword })
        ).Refuses(403, "interactive_required");
        (await program.PostAsync("/api/auth/reauthenticate", new { password = TestData.Password })).Refuses(403, "interactive_required");
        (await program.GetAsync("/api/sessions")).Refuses(403, "interactive_required");
        (await program.SendAsync(HttpMethod.Delete, "/api/sessions")).Refuses(403, "interactive_required");
        (await program.PostAsync($"/api/users/{person.Id}/set-password", new { password = TestData.NewPassword })).Refuses(
            403,
            "interactive_required"
        );
        (await program.PostAsync($"/api/users/{person.Id}/reset-password")).Refuses(403, "interactive_required");

        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task An_old_sign_in_cannot_manage_tokens()
    {
        var person = await app.SignedInUserAsync();
        var token = await person.Caller.CreateTokenAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(16));
        var watch = await app.WatchAsync();

        (await person.Caller.PostAsync("/api/tokens", new { name = "x" })).Refuses(403, "fresh_sign_in_required");
        (await person.Caller.PatchAsync($"/api/tokens/{token.Id}", new { active = false })).Refuses(403, "fresh_sign_in_required");
        (await person.Caller.RotateAsync(token.Id)).Refuses(403, "fresh_sign_in_required");
        (await person.Caller.DeleteAsync($"/api/tokens/{token.Id}")).Refuses(403, "fresh_sign_in_required");
        await watch.NothingHappenedAsync();
        (await person.Caller.GetAsync("/api/tokens")).Is(200);
        (await person.Caller.PostAsync("/api/auth/reauthenticate", new { password = TestData.Password })).Is(204);
        (await person.Caller.DeleteAsync($"/api/tokens/{token.Id}")).Is(204);
    }

    [Fact]
    public async Task Another_users_token_is_not_found()
    {
        var (owner, stranger) = (await app.SignedInUserAsync(), await app.SignedInUserAsync("Admin"));
        var token = await owner.Caller.CreateTokenAsync();
        var watch = await app.WatchAsync();

        (await stranger.Caller.GetAsync($"/api/tokens/{token.Id}")).Refuses(404, "not_found");
        (await stranger.Caller.PatchAsync($"/api/tokens/{token.Id}", new { active = false })).Refuses(404, "not_found");
        (await stranger.Caller.RotateAsync(token.Id)).Refuses(404, "not_found");
        (await stranger.Caller.DeleteAsync($"/api/tokens/{token.Id}")).Refuses(404, "not_found");

        await watch.NothingHappenedAsync();
        (await app.With(token.Token).MeAsync()).Is(200);
    }

    [Fact]
    public async Task A_disabled_token_is_refused_and_works_again_when_enabled()
    {
        var person = await app.SignedInUserAsync();
        var token = await person.Caller.CreateTokenAsync();
        var program = app.With(token.Token);
        (await program.MeAsync()).Is(200);
        var watch = await app.WatchAsync();

        Assert.Equal(
            "inactive",
            (await person.Caller.PatchAsync($"/api/tokens/{token.Id}", new { active = false })).Is(200).As<TokenSummary>().State
        );
        (await program.MeAsync()).Refuses(401, "unauthenticated");
        Assert.Equal(
            "active",
            (await person.Caller.PatchAsync($"/api/tokens/{token.Id}", new { active = true, name = "Other" }))
                .Is(200)
                .As<TokenSummary>()
                .State
        );
        (await program.MeAsync()).Is(200);
        (await person.Caller.PatchAsync($"/api/tokens/{token.Id}", new { active = true })).Is(200);

        await watch.RecordedAsync("token.updated", "token.updated");
    }

    [Fact]
    public async Task A_revoked_token_is_refused_permanently()
    {
        var person = await app.SignedInUserAsync();
        var token = await person.Caller.CreateTokenAsync();
        (await app.With(token.Token).MeAsync()).Is(200);
        var watch = await app.WatchAsync();

        (await person.Caller.DeleteAsync($"/api/tokens/{token.Id}")).Is(204);
        (await person.Caller.DeleteAsync($"/api/tokens/{token.Id}")).Is(204);

        (await app.With(token.Token).MeAsync()).Refuses(401, "unauthenticated");
        (await person.Caller.PatchAsync($"/api/tokens/{token.Id}", new { active = true })).Refuses(409, "token_ended");
        (await person.Caller.RotateAsync(token.Id)).Refuses(409, "token_ended");
        Assert.Equal("revoked", (await person.Caller.GetAsync($"/api/tokens/{token.Id}")).As<TokenSummary>().State);
        await watch.RecordedAsync("token.revoked");
    }

    [Fact]
    public async Task The_number_of_tokens_per_user_is_limited()
    {
        var person = await app.SignedInUserAsync();
        await app.RunAsync<Core.Data.AppDbContext, AdminConsole.Core.Common.Result<AdminConsole.Core.Common.Unit>>(db =>
            db.ChangeAsync<AdminConsole.Core.Common.Unit>(
                TestData.System,
                null,
                change =>
                {
                    change.Record(Core.Changes.AuditActions.TokenCreated, null);
                    db.AddRange(
                        Enumerable
                            .Range(0, 200)
                            .Select(_ =>
                                Core.Tokens.PersonalAccessToken.Create(
                                    person.Id,
                                    "x",
                                    ["profile.read"],
                                    Secret.CreateToken(),
                                    change.At,
                                    null
                                )
                            )
                    );
                    return Task.FromResult<AdminConsole.Core.Common.Result<AdminConsole.Core.Common.Unit>>(
                        default(AdminConsole.Core.Common.Unit)
                    );
                },
                default
            )
        );

        (await person.Caller.PostAsync("/api/tokens", new { name = "x" })).Refuses(409, "too_many_tokens");

        Assert.Equal(200, await app.ReadAsync(db => db.PersonalAccessTokens.CountAsync(token => token.OwnerId == person.Id)));
    }

    private async Task<ApiResponse> SetAsync(SystemSettings settings)
    {
        using var admin = await app.SignInAdminAsync();
        return await admin.SendAsync(HttpMethod.Put, "/api/settings", settings);
    }

    private static (HttpMethod Method, string Path)[] Endpoints(Guid id) =>
        [
            (HttpMethod.Get, "/api/tokens"),
            (HttpMethod.Post, "/api/tokens"),
            (HttpMethod.Get, $"/api/tokens/{id}"),
            (HttpMethod.Patch, $"/api/tokens/{id}"),
            (HttpMethod.Delete, $"/api/tokens/{id}"),
            (HttpMethod.Post, $"/api/tokens/{id}/rotate"),
        ];

    public sealed class OnSqlite(SqliteApp app) : OwnTokenTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : OwnTokenTests(app), IClassFixture<PostgresApp>;
}
