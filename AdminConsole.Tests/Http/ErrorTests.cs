using System.Net.Http.Headers;
using System.Text;

namespace AdminConsole.Tests.Http;

public abstract class ErrorTests(AdminApp app)
{
    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("42")]
    [InlineData("")]
    [InlineData("{\"email\": 42}")]
    [InlineData("{\"invite\": null}")]
    [InlineData("{\"email\": {}}")]
    [InlineData("{\"email\": \"a@example.com\", \"roles\": \"User\"}")]
    [InlineData("{\"email\": \"a@example.com\", \"isAdmin\": true}")]
    [InlineData("{\"email\": \"a@example.com\", \"email\": \"b@example.com\"}")]
    [InlineData("{\"email\": \"a@example.com\",}")]
    [InlineData("{\"email\": \"\\ud800@example.com\"}")]
    [InlineData("{\"email\": \"a@example.com\", \"displayName\": \"\\ud800\"}")]
    public async Task A_body_that_is_not_the_expected_json_is_an_invalid_request(string body)
    {
        using var admin = await app.SignInAdminAsync();
        var watch = await app.WatchAsync();

        var answer = (await admin.PostAsync("/api/users", body)).Refuses(400, "invalid_request");

        Assert.DoesNotContain("AdminConsole.Core", answer.Text, StringComparison.Ordinal);
        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task Null_in_a_list_is_refused()
    {
        using var admin = await app.SignInAdminAsync();
        var user = await app.CreateUserAsync();
        var watch = await app.WatchAsync();

        (await admin.PostAsync("/api/users", """{"email": "a@example.com", "roles": [null]}""")).RefusesFields("roles");
        (await admin.PatchAsync($"/api/users/{user.Id}", """{"roles": ["User", null]}""")).RefusesFields("roles");

        await watch.NothingHappenedAsync();
    }

    [Theory]
    [InlineData("/api/users", "{\"email\": \"a\\u0000@example.com\"}")]
    [InlineData("/api/users", "{\"email\": \"a@example.com\", \"displayName\": \"a\\u0000b\"}")]
    [InlineData("/api/users", "{\"email\": \"a@example.com\", \"userName\": \"a\\u0000b\"}")]
    [InlineData("/api/users", "{\"email\": \"a@example.com\", \"roles\": [\"a\\u0000b\"]}")]
    [InlineData("/api/users", "{\"email\": \"a@example.com\", \"password\": \"correct horse 1\\u0000\"}")]
    [InlineData("/api/auth/login", "{\"login\": \"a\\u0000b\", \"password\": \"x\"}")]
    [InlineData("/api/auth/reset-password", "{\"email\": \"a\\u0000b\", \"token\": \"x\", \"newPassword\": \"correct horse 1\"}")]
    public async Task Nul_in_a_body_is_refused(string path, string body)
    {
        using var admin = await app.SignInAdminAsync();
        var watch = await app.WatchAsync();

        var answer = await admin.PostAsync(path, body);

        Assert.Contains(answer.Is(400).Code, (string[])["validation_failed", "invalid_request", "unknown_role"]);
        await watch.NothingHappenedAsync();
    }

    [Theory]
    [InlineData("/api/users?search=a%00b")]
    [InlineData("/api/users?role=%00")]
    [InlineData("/api/users?sort=%00")]
    [InlineData("/api/audit?action=%00")]
    public async Task Nul_in_a_query_is_an_invalid_request(string path)
    {
        using var admin = await app.SignInAdminAsync();

        (await admin.GetAsync(path)).Refuses(400, "invalid_request");
    }

    [Fact]
    public async Task Deep_nesting_is_an_invalid_request()
    {
        using var admin = await app.SignInAdminAsync();

        (await admin.PostAsync("/api/users", string.Concat(Enumerable.Repeat("{\"email\":", 20_000)))).Refuses(400, "invalid_request");
        (await admin.PostAsync("/api/users", new string('[', 100_000))).Refuses(400, "invalid_request");
    }

    [Fact]
    public async Task Bytes_that_are_not_utf8_are_an_invalid_request()
    {
        using var admin = await app.SignInAdminAsync();
        var content = new ByteArrayContent([.. "{\"email\": \""u8, 0xC3, 0x28, 0xFF, .. "@example.com\"}"u8]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        (await admin.PostAsync("/api/users", content)).Refuses(400, "invalid_request");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task Another_content_type_is_415(string type)
    {
        using var admin = await app.SignInAdminAsync();
        var watch = await app.WatchAsync();

        (await admin.PostAsync("/api/users", new StringContent("{\"email\": \"a@example.com\"}", Encoding.UTF8, type))).Refuses(
            415,
            "unsupported_media_type"
        );

        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task More_than_a_mebibyte_is_413()
    {
        using var admin = await app.SignInAdminAsync();
        var body = $$"""{"email": "{{new string('a', 1024 * 1024)}}@example.com"}""";

        (await admin.PostAsync("/api/users", body)).Refuses(413, "too_large");
        (await admin.PostAsync("/api/auth/login", body)).Refuses(413, "too_large");
    }

    [Theory]
    [InlineData("GET", "/api/nothing", 404, "not_found")]
    [InlineData("GET", "/api", 404, "not_found")]
    [InlineData("GET", "/api/users/not-an-id", 404, "not_found")]
    [InlineData("PUT", "/api/users", 405, "method_not_allowed")]
    [InlineData("DELETE", "/api/auth/login", 405, "method_not_allowed")]
    [InlineData("PATCH", "/api/audit", 405, "method_not_allowed")]
    public async Task Unknown_addresses_and_methods_are_problems_too(string method, string path, int status, string code)
    {
        using var admin = await app.SignInAdminAsync();

        (await admin.SendAsync(new HttpMethod(method), path)).Refuses(status, code);
    }

    [Fact]
    public async Task A_response_to_an_unreadable_request_has_the_security_headers_too()
    {
        using var admin = await app.SignInAdminAsync();

        foreach (
            var answer in new[]
            {
                await admin.PostAsync("/api/users", "{"),
                await admin.PostAsync("/api/users", "{", ("Authorization", "Bearer x")),
                await admin.PostAsync("/login", new string('a', 1_050_000), ("Accept", "text/html")),
            }
        )
        {
            Assert.InRange(answer.Status, 400, 413);
            Assert.Contains("frame-ancestors 'none'", Assert.Single(answer.Headers["Content-Security-Policy"]), StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(answer.Headers["X-Content-Type-Options"]));
        }
    }

    [Fact]
    public async Task Every_problem_carries_the_id_that_finds_it_in_the_log()
    {
        using var caller = app.Anonymous();

        Assert.NotEmpty((await caller.GetAsync("/api/users")).Json.GetProperty("traceId").GetString()!);
    }

    public sealed class OnSqlite(SqliteApp app) : ErrorTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : ErrorTests(app), IClassFixture<PostgresApp>;
}
