using AdminConsole.Core.Common;

namespace AdminConsole.Tests.Http;

public sealed class CorsTests
{
    private const string App = "https://app.example.com";

    [Fact]
    public async Task Only_configured_origins_may_call_from_a_browser_and_never_with_cookies()
    {
        await using var app = await AdminApp.StartAsync(DatabaseProvider.Sqlite, settings: ("Cors:Origins", App));
        using var caller = app.Anonymous();

        var named = await caller.SendAsync(
            HttpMethod.Options,
            "/api/auth/me",
            null,
            ("Origin", App),
            ("Access-Control-Request-Method", "GET"),
            ("Access-Control-Request-Headers", "authorization")
        );
        var other = await caller.SendAsync(
            HttpMethod.Options,
            "/api/auth/me",
            null,
            ("Origin", "https://evil.example"),
            ("Access-Control-Request-Method", "GET"),
            ("Access-Control-Request-Headers", "authorization")
        );

        Assert.Equal(App, Assert.Single(named.Headers["Access-Control-Allow-Origin"]));
        Assert.Empty(named.Headers["Access-Control-Allow-Credentials"]);
        Assert.Empty(other.Headers["Access-Control-Allow-Origin"]);
    }

    [Fact]
    public async Task Without_configured_origins_no_site_may_call()
    {
        await using var app = await AdminApp.StartAsync(DatabaseProvider.Sqlite);
        using var caller = app.Anonymous();

        var answer = await caller.SendAsync(
            HttpMethod.Options,
            "/api/auth/me",
            null,
            ("Origin", App),
            ("Access-Control-Request-Method", "GET")
        );

        Assert.Empty(answer.Headers["Access-Control-Allow-Origin"]);
    }
}
