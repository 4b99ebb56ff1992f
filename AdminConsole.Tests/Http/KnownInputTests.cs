using System.Text.Json;

namespace AdminConsole.Tests.Http;

/// <summary>Routes refuse unknown input, listed in Cases/queries.tsv.</summary>
public abstract class KnownInputTests(AdminApp app)
{
    [Theory]
    [InlineData("/api/users/export?actve=false", "actve")]
    [InlineData("/api/users?serach=a", "serach")]
    [InlineData("/api/users?search=a&x=", "x")]
    [InlineData("/api/users?%20search=a", " search")]
    [InlineData("/api/auth/me?verbose=1", "verbose")]
    [InlineData("/api/auth/setup-required?x", "x")]
    [InlineData("/api/audit?Before-=1", "Before-")]
    [InlineData("/api/tokens?offset=5", "offset")]
    [InlineData("/cli/download?oss=linux", "oss")]
    public async Task An_unknown_query_parameter_is_refused_by_name(string path, string name)
    {
        using var admin = await app.SignInAdminAsync();

        Assert.Contains(
            $"'{name}'",
            (await admin.GetAsync(path)).Refuses(400, "invalid_request").Json.GetProperty("detail").GetString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task No_route_accepts_a_parameter_that_the_document_does_not_list()
    {
        var admin = (await app.SignedInUserAsync("Admin")).Caller;
        var victim = await app.CreateUserAsync();
        var watch = await app.WatchAsync();
        var paths = (await admin.GetAsync("/openapi/v1.json"))
            .Is(200)
            .Json.GetProperty("paths")
            .EnumerateObject()
            .Where(path =>
                !path.Name.StartsWith("/oauth", StringComparison.Ordinal) && !path.Name.StartsWith("/.well-known", StringComparison.Ordinal)
            );
        foreach (
            var (path, operation) in paths.SelectMany(path => path.Value.EnumerateObject().Select(operation => (path.Name, operation)))
        )
        {
            var url = path.Replace("{id}", path == "/api/audit/{id}" ? "1" : victim.Id.ToString(), StringComparison.Ordinal)
                .Replace("{sid}", victim.Id.ToString(), StringComparison.Ordinal)
                .Replace("{role}", "User", StringComparison.Ordinal)
                .Replace("{name}", "User", StringComparison.Ordinal);
            var body = operation.Value.TryGetProperty("requestBody", out _) ? TestData.Name("x") : null;

            var answer = await admin.SendAsync(
                new HttpMethod(operation.Name.ToUpperInvariant()),
                url + "?unheardOf=1",
                body is null ? null : "{}"
            );

            // If the body is refused first, the parameter is not checked.
            Assert.True(
                answer.Status is 400 or 415 && (body is not null || answer.Text.Contains("unheardOf", StringComparison.Ordinal)),
                $"{operation.Name} {path} -> {answer.Status} {answer.Text}"
            );
        }

        await watch.NothingHappenedAsync();
    }

    [Theory]
    [InlineData("PUT", "/api/users/{id}/roles/Operator", """{"until":"2027-01-31T00:00:00Z"}""")]
    [InlineData("POST", "/api/users/{id}/reset-password", """{"password":"x"}""")]
    [InlineData("POST", "/api/users/{id}/reset-password", "{}")]
    [InlineData("POST", "/api/users/{id}/unlock", " ")]
    [InlineData("DELETE", "/api/users/{id}", "{}")]
    [InlineData("POST", "/api/users/{id}/deactivate", """{"reson":"x"}""")]
    [InlineData("POST", "/api/users/{id}/deactivate", """{"until":"01/31/2027"}""")]
    [InlineData("POST", "/api/users/{id}/deactivate", """{"until":"2027-01-31T00:00:00"}""")]
    public async Task An_unexpected_body_is_refused(string method, string path, string body)
    {
        using var admin = await app.SignInAdminAsync();
        var user = await app.CreateUserAsync();
        var watch = await app.WatchAsync();

        (await admin.SendAsync(new HttpMethod(method), path.Replace("{id}", user.Id.ToString(), StringComparison.Ordinal), body)).Refuses(
            400,
            "invalid_request"
        );

        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task A_parameter_is_given_once_and_in_any_case()
    {
        using var admin = await app.SignInAdminAsync();

        (await admin.GetAsync("/api/users?search=a&search=b")).Refuses(400, "invalid_request");
        (await admin.GetAsync("/api/users?Search=a&LIMIT=1")).Is(200);
    }

    [Theory]
    [InlineData("11/28/2026")]
    [InlineData("28.11.2026")]
    [InlineData("2026-11-28T09:30:00")]
    [InlineData("2026-11-28 09:30Z")]
    [InlineData("20261128")]
    [InlineData("2026-1-2")]
    [InlineData("2026-02-30")]
    [InlineData("2026-11-28T24:00Z")]
    [InlineData("1764316800")]
    [InlineData("now")]
    [InlineData("")]
    public async Task A_time_that_is_not_iso_8601_with_an_offset_is_refused(string time)
    {
        using var admin = await app.SignInAdminAsync();
        if (time.Length > 0)
        {
            Assert.Contains(
                "ISO 8601",
                (await admin.GetAsync($"/api/audit?from={Uri.EscapeDataString(time)}")).Refuses(400, "invalid_request").Text,
                StringComparison.Ordinal
            );
        }

        Assert.Contains(
            "ISO 8601",
            (await admin.PostAsync($"/api/users/{Guid.CreateVersion7()}/deactivate", JsonSerializer.Serialize(new { until = time })))
                .Refuses(400, "invalid_request")
                .Text,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("2026-11-28")]
    [InlineData("2026-11-28T09:30Z")]
    [InlineData("2026-11-28T09:30:00.123456+05:30")]
    public async Task A_date_or_a_time_with_an_offset_is_accepted(string time)
    {
        using var admin = await app.SignInAdminAsync();

        (await admin.GetAsync($"/api/audit?from={Uri.EscapeDataString(time)}&limit=1")).Is(200);
        (await admin.PostAsync($"/api/users/{Guid.CreateVersion7()}/deactivate", JsonSerializer.Serialize(new { until = time }))).Refuses(
            404,
            "not_found"
        );
    }

    [Fact]
    public async Task A_chunked_request_without_content_has_no_body()
    {
        using var admin = await app.SignInAdminAsync();
        var user = await app.CreateUserAsync();
        using var nothing = new StreamContent(Stream.Null);

        (await admin.PostAsync($"/api/users/{user.Id}/unlock", nothing, ("Transfer-Encoding", "chunked"))).Is(200);
    }

    [Fact]
    public async Task OAuth_endpoints_ignore_unknown_parameters_and_refuse_repeated_ones()
    {
        using var caller = app.Anonymous();

        (await caller.PostAsync("/oauth/revoke", Form("token=x&hint=y&token_type_hint=z"))).Is(200);
        Assert.Equal(
            "invalid_request",
            (await caller.PostAsync("/oauth/revoke", Form("token=x&hint=y&hint=z"))).Is(400).Json.GetProperty("error").GetString()
        );
    }

    [Theory]
    [InlineData("/api/nothing-here")]
    [InlineData("/api")]
    [InlineData("/api/users/nobody")]
    [InlineData("/API/nothing")]
    public async Task An_unknown_route_of_the_api_is_a_problem_for_every_caller(string path)
    {
        using var admin = await app.SignInAdminAsync();
        using var anonymous = app.Anonymous();

        (await admin.GetAsync(path, ("Accept", "text/html"))).Refuses(404, "not_found");
        (await anonymous.GetAsync(path, ("Accept", "text/html"))).Refuses(401, "unauthenticated");
    }

    [Fact]
    public async Task Another_method_is_405_and_the_response_lists_the_allowed_ones()
    {
        using var admin = await app.SignInAdminAsync();

        var answer = (await admin.PostAsync("/api/audit")).Refuses(405, "method_not_allowed");

        Assert.Equal(["GET", "HEAD"], answer.Headers["Allow"].SelectMany(methods => methods.Split(", ")).Order(StringComparer.Ordinal));
    }

    private static StringContent Form(string form) => new(form, null, "application/x-www-form-urlencoded");

    public sealed class OnSqlite(SqliteApp app) : KnownInputTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : KnownInputTests(app), IClassFixture<PostgresApp>;
}
