using AdminConsole.Core.Contracts;
using AdminConsole.Tests.Tokens;

namespace AdminConsole.Tests.OAuth;

public abstract class IntrospectionTests(AdminApp app)
{
    private const string Nothing = """{"active":false}""";

    [Fact]
    public async Task Introspection_returns_the_current_scopes_of_a_token()
    {
        using var admin = await app.SignInAdminAsync();
        var service = app.With((await admin.CreateTokenAsync("tokens.introspect")).Token);
        var person = await app.SignedInUserAsync("Operator");
        var token = await person.Caller.CreateTokenAsync("users.read", "audit.read", "profile.read");

        var answer = (await service.IntrospectAsync(token.Token)).Is(200);
        var claims = answer.Json;

        Assert.True(claims.GetProperty("active").GetBoolean());
        Assert.Equal("audit.read profile.read users.read", claims.GetProperty("scope").GetString());
        Assert.Equal(
            (person.Id.ToString(), person.Email, token.Id.ToString(), "Bearer"),
            (
                claims.GetProperty("sub").GetString(),
                claims.GetProperty("username").GetString(),
                claims.GetProperty("jti").GetString(),
                claims.GetProperty("token_type").GetString()
            )
        );
        Assert.Equal(
            (token.CreatedAt.ToUnixTimeSeconds(), token.ExpiresAt!.Value.ToUnixTimeSeconds()),
            (claims.GetProperty("iat").GetInt64(), claims.GetProperty("exp").GetInt64())
        );
        Assert.Equal("no-store", Assert.Single(answer.Headers["Cache-Control"]));
        (await admin.DeleteAsync($"/api/users/{person.Id}/roles/Operator")).Is(200);
        Assert.Equal("profile.read", (await service.IntrospectAsync(token.Token)).Json.GetProperty("scope").GetString());
        Assert.NotNull((await person.Caller.GetAsync($"/api/tokens/{token.Id}")).As<TokenSummary>().LastUsedAt);
    }

    [Fact]
    public async Task Any_invalid_token_is_inactive_without_details()
    {
        using var admin = await app.SignInAdminAsync();
        var service = app.With((await admin.CreateTokenAsync("tokens.introspect")).Token);
        var (person, other, due) = (await app.SignedInUserAsync(), await app.SignedInUserAsync(), await app.SignedInUserAsync());
        var (revoked, off, old) = (
            await person.Caller.CreateTokenAsync(),
            await person.Caller.CreateTokenAsync(),
            await person.Caller.CreateTokenAsync()
        );
        var (deactivated, blocked) = (await other.Caller.CreateTokenAsync(), await due.Caller.CreateTokenAsync());
        (await person.Caller.DeleteAsync($"/api/tokens/{revoked.Id}")).Is(204);
        (await person.Caller.PatchAsync($"/api/tokens/{off.Id}", new { active = false })).Is(200);
        (await person.Caller.RotateAsync(old.Id)).Is(201);
        (await admin.PostAsync($"/api/users/{other.Id}/deactivate", new { })).Is(200);
        (await admin.PostAsync($"/api/users/{due.Id}/require-password-change")).Is(204);

        foreach (
            var token in new[]
            {
                revoked.Token,
                off.Token,
                old.Token,
                deactivated.Token,
                blocked.Token,
                Core.Security.Secret.CreateToken(),
                "nonsense",
            }
        )
        {
            Assert.Equal(Nothing, (await service.IntrospectAsync(token)).Is(200).Text);
        }
    }

    [Fact]
    public async Task Without_the_permission_a_token_can_introspect_itself_only()
    {
        var person = await app.SignedInUserAsync(await app.CreateRoleAsync("tokens.introspect"));
        var (own, other) = (await person.Caller.CreateTokenAsync(), await person.Caller.CreateTokenAsync());
        var plain = await app.SignedInUserAsync();

        Assert.True((await app.With(own.Token).IntrospectAsync(own.Token)).Is(200).Json.GetProperty("active").GetBoolean());
        Assert.Equal(Nothing, (await app.With(own.Token).IntrospectAsync(other.Token)).Is(200).Text);
        Assert.Equal(
            Nothing,
            (await plain.Caller.SendAsync(HttpMethod.Post, "/oauth/introspect", new FormUrlEncodedContent([new("token", own.Token)])))
                .Is(200)
                .Text
        );
        Assert.True(
            (await person.Caller.SendAsync(HttpMethod.Post, "/oauth/introspect", new FormUrlEncodedContent([new("token", own.Token)])))
                .Is(200)
                .Json.GetProperty("active")
                .GetBoolean()
        );
    }

    [Fact]
    public async Task Refusals_have_the_form_of_the_RFC()
    {
        using var anonymous = app.Anonymous();
        using var admin = await app.SignInAdminAsync();

        var stranger = (await anonymous.SendAsync(HttpMethod.Post, "/oauth/introspect", new FormUrlEncodedContent([new("token", "x")]))).Is(
            401
        );
        var json = (await admin.SendAsync(HttpMethod.Post, "/oauth/introspect", JsonContent.Create(new { token = "x" }))).Is(415);
        HttpContent[] bad =
        [
            new FormUrlEncodedContent([]),
            new FormUrlEncodedContent([new("token", "")]),
            new FormUrlEncodedContent([new("token", "a"), new("token", "b")]),
        ];

        Assert.Equal("invalid_client", stranger.Json.GetProperty("error").GetString());
        Assert.Equal("invalid_request", json.Json.GetProperty("error").GetString());
        Assert.Equal("Bearer", stranger.Headers["WWW-Authenticate"].Single());
        foreach (var body in bad)
        {
            Assert.Equal(
                "invalid_request",
                (await admin.SendAsync(HttpMethod.Post, "/oauth/introspect", body)).Is(400).Json.GetProperty("error").GetString()
            );
        }
    }

    [Fact]
    public async Task The_permission_to_list_tokens_does_not_allow_introspection()
    {
        using var admin = await app.SignInAdminAsync();
        var (reader, service) = (
            app.With((await admin.CreateTokenAsync("tokens.read")).Token),
            app.With((await admin.CreateTokenAsync("tokens.introspect")).Token)
        );
        var about = (await (await app.SignedInUserAsync()).Caller.CreateTokenAsync()).Token;

        Assert.Equal("""{"active":false}""", (await reader.IntrospectAsync(about)).Is(200).Text);
        Assert.True((await service.IntrospectAsync(about)).Is(200).Json.GetProperty("active").GetBoolean());
        (await service.GetAsync("/api/admin/tokens")).Refuses(403, "forbidden");
    }

    public sealed class OnSqlite(SqliteApp app) : IntrospectionTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : IntrospectionTests(app), IClassFixture<PostgresApp>;
}
