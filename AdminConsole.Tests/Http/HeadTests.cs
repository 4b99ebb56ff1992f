using AdminConsole.Core.Common;

namespace AdminConsole.Tests.Http;

/// <summary>HEAD responds as GET does, without a body.</summary>
public sealed class HeadTests(SqliteApp app) : IClassFixture<SqliteApp>
{
    private static readonly (string, string) Html = ("Accept", "text/html");

    [Theory]
    [InlineData("/")]
    [InlineData("/login")]
    [InlineData("/install")]
    [InlineData("/users")]
    [InlineData("/not-found")]
    [InlineData("/no/such/page")]
    [InlineData("/css/console.css")]
    [InlineData("/cli/install.sh")]
    [InlineData("/cli/download?os=none")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/api-docs/index.html")]
    [InlineData("/.well-known/jwks.json")]
    [InlineData("/.well-known/oauth-authorization-server")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/api/auth/me")]
    [InlineData("/api/users?limit=1")]
    [InlineData("/api/users?limit=0")]
    [InlineData("/api/nothing")]
    [InlineData("/api/users/export")]
    [InlineData("/api/audit/export?format=ndjson")]
    [InlineData("/api/audit/stream")]
    [InlineData("/api/auth/logout")]
    public async Task HEAD_has_the_status_and_the_type_of_GET(string path)
    {
        using var admin = await app.SignInAdminAsync();
        using var anonymous = app.Anonymous();
        foreach (var caller in new[] { admin, anonymous })
        {
            var (get, head) = (await caller.GetAsync(path, Html), await caller.SendAsync(HttpMethod.Head, path, null, Html));

            Assert.Equal((get.Status, get.ContentType, get.Location), (head.Status, head.ContentType, head.Location));
            Assert.Empty(head.Text);
        }
    }

    [Fact]
    public async Task HEAD_accepts_a_token()
    {
        using var admin = await app.SignInAdminAsync();
        var token = (await admin.PostAsync("/api/tokens", new { name = "head", scopes = new[] { "users.read" } }))
            .Is(201)
            .Json.GetProperty("token")
            .GetString();
        using var caller = app.Anonymous();
        foreach (var (path, status) in new[] { ("/api/auth/me", 200), ("/api/users", 200), ("/api/audit", 403), ("/api/nothing", 404) })
        {
            var answer = (await caller.SendAsync(HttpMethod.Head, path, null, ("Authorization", $"Bearer {token}"))).Is(status);

            Assert.Empty(answer.Text);
        }
    }

    [Fact]
    public async Task While_there_is_no_user_HEAD_redirects_to_the_setup_as_GET_does()
    {
        await using var empty = await AdminApp.StartAsync(DatabaseProvider.Sqlite);
        using var caller = empty.Anonymous();

        Assert.Equal("/setup", (await caller.SendAsync(HttpMethod.Head, "/login", null, Html)).Is(302).Location);
    }
}
