using System.Text.RegularExpressions;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Tests.Email;

namespace AdminConsole.Tests.Http;

/// <summary>With a PublicUrl that has a path, everything is served below it and all links point there.</summary>
public sealed class BasePathTests : IAsyncLifetime
{
    private static readonly (string, string) Html = ("Accept", "text/html");

    private AdminApp app = default!;

    public async ValueTask InitializeAsync()
    {
        app = await AdminApp.StartAsync(
            DatabaseProvider.Sqlite,
            settings: [("PublicUrl", "https://host.example/console/"), ("Proxies:Known", "127.0.0.1")]
        );
        await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    [Fact]
    public async Task Pages_the_api_and_files_are_below_the_base_path_and_sign_in_works()
    {
        using var caller = app.Anonymous();

        var page = (await caller.GetAsync("/console/login", Html)).Is(200);
        var signedIn = (
            await caller.PostAsync("/console/api/auth/login", new { login = TestData.AdminEmail, password = TestData.Password })
        ).Is(200);
        var created = (await caller.PostAsync("/console/api/users", new { email = TestData.Email() })).Is(201);

        Assert.Contains("<base href=\"/console/\"", page.Text, StringComparison.Ordinal);
        Assert.All(
            page.SetCookies.Concat(signedIn.SetCookies),
            cookie => Assert.Contains("path=/console;", cookie + ";", StringComparison.OrdinalIgnoreCase)
        );
        Assert.StartsWith("/console/api/users/", created.Location);
        (await caller.GetAsync(created.Location!)).Is(200);
        (await caller.GetAsync("/console/css/base.css")).Is(200);
        (await caller.GetAsync("/console/openapi/v1.json")).Is(200);
        (await caller.GetAsync("/console/api-docs/index.html")).Is(200);
        (await caller.GetAsync("/console/", Html)).Is(200);
        (await caller.PostAsync("/console/_blazor/negotiate?negotiateVersion=1")).Is(200);
    }

    [Fact]
    public async Task No_page_links_outside_the_base_path()
    {
        using var admin = app.Anonymous();
        (await admin.PostAsync("/console/api/auth/login", new { login = TestData.AdminEmail, password = TestData.Password })).Is(200);
        using var anonymous = app.Anonymous();
        foreach (
            var (caller, path) in new[]
            {
                (anonymous, "/console/login"),
                (anonymous, "/console/forgot-password"),
                (anonymous, "/console/install"),
                (anonymous, "/console/no-such-page"),
                (admin, "/console/account/password"),
                (admin, "/console/device"),
            }
        )
        {
            var page = await caller.GetAsync(path, Html);

            Assert.Empty(
                Regex
                    .Matches(page.Text, "(?:href|src|action)=\"/(?!console/)[^\"]*\"", RegexOptions.None, TimeSpan.FromSeconds(1))
                    .Select(match => match.Value)
            );
        }
    }

    [Theory]
    [InlineData("/console/users", "/console/login?returnUrl=%2Fusers")]
    [InlineData("/console", "/console/")]
    [InlineData("/", "/console/")]
    [InlineData("/console?a=1", "/console/?a=1")]
    [InlineData("/console/profile", "/console/account/profile")]
    public async Task Redirects_stay_below_the_base_path(string path, string location)
    {
        using var caller = app.Anonymous();

        Assert.Equal(location, (await caller.GetAsync(path, Html)).Is(302).Location);
    }

    [Theory]
    [InlineData("/users")]
    [InlineData("/api/auth/me")]
    [InlineData("/consolex/login")]
    [InlineData("/Console/login")]
    [InlineData("/login")]
    [InlineData("/oauth/token")]
    public async Task Outside_the_base_path_nothing_is_found(string path)
    {
        using var caller = app.Anonymous();

        var answer = (await caller.GetAsync(path, Html)).Refuses(404, "not_found");

        Assert.Contains("/console/", answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers["X-Content-Type-Options"]));
    }

    [Fact]
    public async Task Health_is_available_at_the_root_too()
    {
        using var caller = app.Anonymous();

        (await caller.GetAsync("/health/live")).Is(200);
        (await caller.GetAsync("/health/ready")).Is(200);
        (await caller.GetAsync("/console/health/ready")).Is(200);
    }

    [Theory]
    [InlineData("/console/.well-known/oauth-authorization-server")]
    [InlineData("/.well-known/oauth-authorization-server/console")]
    public async Task OAuth_clients_find_their_endpoints(string path)
    {
        using var caller = app.Anonymous();

        var metadata = (await caller.GetAsync(path)).Is(200).Json;

        Assert.Equal("https://host.example/console", metadata.GetProperty("issuer").GetString());
        Assert.Equal("https://host.example/console/oauth/token", metadata.GetProperty("token_endpoint").GetString());
        Assert.Equal("https://host.example/console/.well-known/jwks.json", metadata.GetProperty("jwks_uri").GetString());
        (await caller.GetAsync("/.well-known/oauth-authorization-server")).Is(404);
    }

    [Fact]
    public async Task Links_in_emails_and_install_scripts_include_the_base_path()
    {
        using var admin = app.Anonymous();
        (await admin.PostAsync("/console/api/auth/login", new { login = TestData.AdminEmail, password = TestData.Password })).Is(200);
        var user = await app.CreateUserAsync();

        var link = (await admin.PostAsync($"/console/api/users/{user.Id}/reset-password")).Is(200).As<PasswordResetLink>();
        var script = (await admin.GetAsync("/console/cli/install.sh")).Is(200).Text;
        var device = (
            await admin.PostAsync("/console/oauth/device_authorization", new FormUrlEncodedContent([KeyValuePair.Create("client_id", "x")]))
        )
            .Is(200)
            .Json;

        Assert.StartsWith("https://host.example/console/reset-password?", link.ResetUrl);
        Assert.Contains("'https://host.example/console/'", script, StringComparison.Ordinal);
        Assert.Equal("https://host.example/console/device", device.GetProperty("verification_uri").GetString());
        Assert.StartsWith(
            "https://host.example/console/reset-password?",
            Assert.Single(await app.MailsAsync("password-reset", user.Email!)).Link.AbsoluteUri
        );
    }

    [Fact]
    public async Task A_proxy_may_strip_the_base_path_and_announce_it()
    {
        using var caller = app.Anonymous();

        Assert.Equal("/console/login", (await caller.GetAsync("/", Html, ("X-Forwarded-Prefix", "/console"))).Is(302).Location);
        Assert.Contains(
            "<base href=\"/console/\"",
            (await caller.GetAsync("/login", Html, ("X-Forwarded-Prefix", "/console"))).Is(200).Text,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("/users", "./users")]
    [InlineData("/users?search=a", "./users?search=a")]
    [InlineData("/javascript:alert(1)", "./javascript:alert(1)")]
    [InlineData("/https://evil.example", "./https://evil.example")]
    [InlineData("/../elsewhere", "")]
    [InlineData("/users/%2e%2E/%2e%2e/elsewhere", "")]
    [InlineData("/./x", "")]
    [InlineData("//evil.example", "")]
    [InlineData("https://evil.example", "")]
    public void A_sign_in_returns_below_the_base_path_only(string returnUrl, string expected)
    {
        Assert.Equal(expected, Urls.BackTo(returnUrl));
        Assert.StartsWith(
            "https://host.example/console/",
            new Uri(new Uri("https://host.example/console/"), Urls.BackTo(returnUrl)).AbsoluteUri
        );
    }

    [Fact]
    public async Task Outside_development_cookies_are_limited_to_the_base_path_and_https()
    {
        await using var production = await AdminApp.StartAsync(
            DatabaseProvider.Sqlite,
            environment: "Production",
            settings: [("Cookies:Secure", "true"), ("PublicUrl", "https://host.example/console")]
        );
        using var caller = production.Anonymous();

        var answer = (
            await caller.PostAsync("/console/api/auth/setup", new { email = TestData.AdminEmail, password = TestData.Password })
        ).Is(200);

        Assert.Contains(answer.SetCookies, cookie => cookie.StartsWith("__Secure-AdminConsole=", StringComparison.Ordinal));
        Assert.All(
            answer.SetCookies,
            cookie =>
            {
                Assert.StartsWith("__Secure-", cookie);
                Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase);
                Assert.Contains("path=/console;", cookie + ";", StringComparison.OrdinalIgnoreCase);
            }
        );
    }
}
