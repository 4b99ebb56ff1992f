using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Tests.Http;

/// <summary>Rules for browsers: headers, redirects, origins.</summary>
public sealed class BrowserRuleTests(SqliteApp app) : IClassFixture<SqliteApp>
{
    private static readonly (string, string) Html = ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");

    [Theory]
    [InlineData("/login")]
    [InlineData("/not-found")]
    [InlineData("/api/auth/me")]
    [InlineData("/api/nothing")]
    [InlineData("/health/live")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/css/console.css")]
    public async Task Every_response_has_the_security_headers_once(string path)
    {
        using var caller = app.Anonymous();

        var answer = await caller.GetAsync(path, Html);

        var policy = Assert.Single(answer.Headers["Content-Security-Policy"]);
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("object-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers["X-Content-Type-Options"]));
        Assert.Equal("DENY", Assert.Single(answer.Headers["X-Frame-Options"]));
        Assert.Equal("no-referrer", Assert.Single(answer.Headers["Referrer-Policy"]));
        Assert.Empty(answer.Headers["Server"]);
        Assert.Empty(answer.Headers["X-Powered-By"]);
    }

    [Fact]
    public async Task No_page_has_inline_script()
    {
        using var caller = await app.SignInAdminAsync();

        foreach (var path in new[] { "/", "/login", "/account/password", "/reset-password?email=a&token=b", "/not-found", "/error/404" })
        {
            var page = await caller.GetAsync(path, Html);

            Assert.DoesNotMatch(@"<script(?![^>]*\bsrc=)", page.Text);
            Assert.DoesNotMatch(@"\son[a-z]+\s*=\s*[""']", page.Text);
        }
    }

    [Fact]
    public async Task Responses_of_the_api_are_not_cached()
    {
        using var caller = await app.SignInAdminAsync();

        Assert.Contains(
            "no-store",
            Assert.Single((await caller.GetAsync("/api/auth/me")).Headers["Cache-Control"]),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("/", "/login")]
    [InlineData("/account/password", "/login?returnUrl=%2Faccount%2Fpassword")]
    [InlineData("/account/password?a=1&b=2", "/login?returnUrl=%2Faccount%2Fpassword%3Fa%3D1%26b%3D2")]
    public async Task An_anonymous_browser_is_redirected_to_the_sign_in_and_back(string path, string location)
    {
        using var caller = app.Anonymous();

        Assert.Equal(location, (await caller.GetAsync(path, Html)).Is(302).Location);
    }

    [Theory]
    [InlineData("/api/users")]
    [InlineData("/api/auth/me")]
    [InlineData("/api/nothing")]
    public async Task An_api_call_is_never_redirected_even_if_it_accepts_html(string path)
    {
        using var caller = app.Anonymous();

        var answer = await caller.GetAsync(path, Html);

        Assert.Contains(answer.Status, (int[])[401, 404]);
        Assert.Equal("application/problem+json", answer.ContentType);
    }

    [Theory]
    [InlineData("/health/nothing")]
    [InlineData("/openapi/nothing.json")]
    [InlineData("/oauth/nothing")]
    [InlineData("/.well-known/nothing")]
    [InlineData("/cli/nothing")]
    public async Task Other_routes_for_programs_are_never_redirected(string path)
    {
        using var caller = app.Anonymous();

        var answer = await caller.GetAsync(path, Html);

        Assert.Contains(answer.Status, (int[])[401, 404]);
        Assert.Equal("application/problem+json", answer.ContentType);
    }

    [Fact]
    public async Task A_program_that_requests_a_page_gets_a_401()
    {
        using var caller = app.Anonymous();

        (await caller.GetAsync("/", ("Accept", "application/json"))).Refuses(401, "unauthenticated");
    }

    [Theory]
    [InlineData("/users", "/users")]
    [InlineData("/users?search=a", "/users?search=a")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("/\t/evil.example", "/")]
    [InlineData("users", "/")]
    [InlineData("", "/")]
    public void Signing_in_redirects_to_this_server_only(string returnUrl, string expected) =>
        Assert.Equal(expected, Urls.Local(returnUrl) ?? "/");

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    public async Task A_cross_site_request_with_a_cookie_is_refused(string header, string value)
    {
        var person = await app.SignedInUserAsync("Admin");
        var watch = await app.WatchAsync();

        (await person.Caller.PostAsync("/api/users", new { email = TestData.Email() }, (header, value))).Refuses(403, "forbidden");
        (await person.Caller.SendAsync(HttpMethod.Delete, "/api/sessions", null, (header, value))).Refuses(403, "forbidden");
        (await person.Caller.PostAsync("/api/auth/logout", null, (header, value))).Refuses(403, "forbidden");
        (await person.Caller.PostAsync("/logout", null, (header, value))).Refuses(403, "forbidden");
        (
            await person.Caller.PostAsync("/api/auth/login", new { login = person.Email, password = TestData.Password }, (header, value))
        ).Refuses(403, "forbidden");
        (await person.Caller.PostAsync("/_blazor/negotiate?negotiateVersion=1", null, (header, value))).Refuses(403, "forbidden");
        (await person.Caller.GetAsync("/_blazor?id=x", (header, value))).Refuses(403, "forbidden");

        await watch.NothingHappenedAsync();
        (await person.Caller.GetAsync("/api/auth/me", (header, value))).Is(200);
    }

    [Fact]
    public async Task Requests_of_the_same_origin_and_of_programs_are_accepted()
    {
        var person = await app.SignedInUserAsync("Admin");

        (
            await person.Caller.PostAsync(
                "/api/users",
                new { email = TestData.Email() },
                ("Sec-Fetch-Site", "same-origin"),
                ("Origin", app.Root.GetLeftPart(UriPartial.Authority))
            )
        ).Is(201);
        (
            await person.Caller.PostAsync(
                "/api/users",
                new { email = TestData.Email() },
                ("Origin", app.Root.GetLeftPart(UriPartial.Authority))
            )
        ).Is(201);
        (await person.Caller.PostAsync("/api/users", new { email = TestData.Email() }, ("Sec-Fetch-Site", "none"))).Is(201);
    }

    [Fact]
    public async Task A_request_with_a_cookie_and_without_an_origin_is_refused()
    {
        var person = await app.SignedInUserAsync("Admin");
        using var program = new ApiClient(app.Root) { NamesOrigin = false };
        program.Cookies.Add(person.Caller.Cookies.GetAllCookies());
        var watch = await app.WatchAsync();

        (await program.PostAsync("/api/users", new { email = TestData.Email() })).Refuses(403, "forbidden");
        (await program.PatchAsync($"/api/users/{person.Id}", new { displayName = "x" })).Refuses(403, "forbidden");
        (await program.DeleteAsync("/api/sessions")).Refuses(403, "forbidden");
        (await program.PutAsync($"/api/users/{person.Id}/roles/User")).Refuses(403, "forbidden");
        (await program.PostAsync("/api/auth/logout")).Refuses(403, "forbidden");
        (await program.PostAsync("/logout")).Refuses(403, "forbidden");
        (await program.PostAsync("/_blazor/negotiate?negotiateVersion=1")).Refuses(403, "forbidden");

        await watch.NothingHappenedAsync();
        (await program.GetAsync("/api/auth/me")).Is(200);
    }

    [Fact]
    public async Task Without_a_cookie_a_program_signs_in_and_a_token_needs_no_origin()
    {
        using var program = new ApiClient(app.Root) { NamesOrigin = false };
        using var admin = await app.SignInAdminAsync();
        var token = (await admin.PostAsync("/api/tokens", new { name = "x", scopes = new[] { "users.write" } }))
            .Is(201)
            .Json.GetProperty("token")
            .GetString();

        (await program.PostAsync("/api/users", new { email = TestData.Email() }, ("Authorization", $"Bearer {token}"))).Is(201);
        (await program.PostAsync("/api/auth/login", new { login = TestData.AdminEmail, password = TestData.Password })).Is(200);
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused()
    {
        using var caller = app.Anonymous();
        var watch = await app.WatchAsync();
        var form = new FormUrlEncodedContent(
            new Dictionary<string, string>
            {
                ["_handler"] = "login",
                ["Form.Login"] = TestData.AdminEmail,
                ["Form.Password"] = TestData.Password,
            }
        );

        (await caller.PostAsync("/login", form, Html)).Is(400);

        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task An_authorization_header_does_not_admit_a_cross_site_cookie()
    {
        var person = await app.SignedInUserAsync("Admin");
        var watch = await app.WatchAsync();

        var answer = await person.Caller.PostAsync(
            "/api/users",
            new { email = TestData.Email() },
            ("Origin", "https://evil.example"),
            ("Authorization", "Bearer x")
        );

        Assert.Contains(answer.Status, (int[])[401, 403]);
        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task Over_plain_http_the_sign_in_page_explains_the_problem_and_sets_a_host_cookie()
    {
        await using var production = await AdminApp.StartAsync(
            DatabaseProvider.Sqlite,
            environment: "Production",
            settings: ("Cookies:Secure", "true")
        );
        await production.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        using var caller = production.Anonymous();

        var page = (await caller.GetAsync("/login", Html)).Is(200);

        Assert.Contains("so sign-in doesn't work", page.Text, StringComparison.Ordinal);
        Assert.All(page.SetCookies, cookie => Assert.StartsWith("__Host-", cookie));
    }

    [Fact]
    public async Task Outside_development_the_cookie_is_bound_to_the_host_and_to_https()
    {
        await using var production = await AdminApp.StartAsync(
            DatabaseProvider.Sqlite,
            environment: "Production",
            settings: ("Cookies:Secure", "true")
        );
        using var caller = production.Anonymous();

        var answer = (await caller.PostAsync("/api/auth/setup", new { email = TestData.AdminEmail, password = TestData.Password })).Is(200);

        Assert.Contains(answer.SetCookies, cookie => cookie.StartsWith("__Host-AdminConsole=", StringComparison.Ordinal));
        Assert.All(
            answer.SetCookies,
            cookie =>
            {
                Assert.StartsWith("__Host-", cookie);
                Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase);
                Assert.Contains("path=/;", cookie, StringComparison.OrdinalIgnoreCase);
            }
        );
        Assert.Equal(TestData.AdminEmail, answer.As<Me>().Email);
    }
}
