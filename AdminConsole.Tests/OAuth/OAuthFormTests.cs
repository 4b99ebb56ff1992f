using System.Text;
using AdminConsole.Core.Common;
using AdminConsole.Core.OAuth;

namespace AdminConsole.Tests.OAuth;

/// <summary>Unexpected input to the OAuth endpoints.</summary>
public sealed class OAuthFormTests(SqliteApp app) : IClassFixture<SqliteApp>
{
    public static TheoryData<string, string, string, int> Bad =>
        new()
        {
            { "/oauth/token", "", "invalid_request", 400 },
            { "/oauth/token", "grant_type=", "invalid_request", 400 },
            { "/oauth/token", "grant_type=password&username=a&password=b", "unsupported_grant_type", 400 },
            { "/oauth/token", "grant_type=authorization_code&code=a", "unsupported_grant_type", 400 },
            { "/oauth/token", "grant_type=refresh_token", "invalid_request", 400 },
            { "/oauth/token", "grant_type=refresh_token&refresh_token=", "invalid_request", 400 },
            { "/oauth/token", "grant_type=refresh_token&refresh_token=a&refresh_token=b", "invalid_request", 400 },
            { "/oauth/token", "grant_type=refresh_token&refresh_token=a&x=1&x=2", "invalid_request", 400 },
            { "/oauth/token", "grant_type=refresh_token&refresh_token=%00", "invalid_request", 400 },
            { "/oauth/token", "grant_type=refresh_token&refresh_token=a&client_id=%20", "invalid_client", 401 },
            { "/oauth/token", $"grant_type={TokenEndpointService.DeviceCode}", "invalid_request", 400 },
            { "/oauth/token", $"grant_type={TokenEndpointService.DeviceCode}&device_code=a", "invalid_request", 400 },
            { "/oauth/token", $"grant_type={TokenEndpointService.DeviceCode}&device_code=a&client_id=adminctl", "invalid_grant", 400 },
            { "/oauth/token", $"grant_type={TokenEndpointService.CliCodeGrant}", "invalid_request", 400 },
            { "/oauth/token", $"grant_type={TokenEndpointService.CliCodeGrant}&code=%FF%FE", "invalid_grant", 400 },
            { "/oauth/token", $"grant_type={TokenEndpointService.CliCodeGrant}&code=BBBB-BBBB-BBBB", "invalid_grant", 400 },
            { "/oauth/token", "%", "invalid_request", 400 },
            { "/oauth/token", "&&&=&=%00", "invalid_request", 400 },
            { "/oauth/device_authorization", "", "invalid_request", 400 },
            { "/oauth/device_authorization", "client_id=a%20b", "invalid_client", 401 },
            { "/oauth/device_authorization", "client_id=%3Cscript%3E", "invalid_client", 401 },
            { "/oauth/device_authorization", "client_id=adminctl&scope=users.fly", "invalid_scope", 400 },
            { "/oauth/device_authorization", "client_id=adminctl&scope=%00", "invalid_request", 400 },
            { "/oauth/device_authorization", "client_id=adminctl&client_id=adminctl", "invalid_request", 400 },
            { "/oauth/revoke", "", "invalid_request", 400 },
            { "/oauth/revoke", "token=a&token=b", "invalid_request", 400 },
        };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task An_invalid_form_is_refused_as_the_RFC_requires_and_changes_nothing(string path, string form, string error, int status)
    {
        var watch = await app.WatchAsync();
        using var content = new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded");

        (await app.Anonymous().SendAsync(HttpMethod.Post, path, content)).RefusesGrant(error, status);

        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task Another_content_type_or_a_large_form_is_refused_too()
    {
        using var caller = app.Anonymous();
        foreach (var path in new[] { "/oauth/token", "/oauth/revoke", "/oauth/device_authorization" })
        {
            (await caller.SendAsync(HttpMethod.Post, path, """{"grant_type": "refresh_token"}""")).RefusesGrant("invalid_request", 415);
            (await caller.SendAsync(HttpMethod.Post, path)).RefusesGrant("invalid_request");
            (await caller.SendAsync(HttpMethod.Put, path)).RefusesGrant("invalid_request", 405);
            (
                await caller.SendAsync(
                    HttpMethod.Post,
                    path,
                    new FormUrlEncodedContent(Enumerable.Range(0, 3000).Select(number => KeyValuePair.Create($"f{number}", "x")))
                )
            ).RefusesGrant("invalid_request");
            var large = new FormUrlEncodedContent([new("token", new string('x', 1024 * 1024))]);
            (await caller.SendAsync(HttpMethod.Post, path, large)).RefusesGrant("invalid_request", 413);
        }
    }

    [Fact]
    public async Task Clients_have_no_secret()
    {
        using var caller = app.Anonymous();

        var answer = (
            await caller.SendAsync(
                HttpMethod.Post,
                "/oauth/token",
                new FormUrlEncodedContent([new("grant_type", "refresh_token"), new("refresh_token", "x")]),
                ("Authorization", "Basic YTpi")
            )
        ).RefusesGrant("invalid_client", 401);

        Assert.StartsWith("Basic", Assert.Single(answer.Headers["WWW-Authenticate"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_requests_get_Retry_After()
    {
        await using var limited = await AdminApp.StartAsync(
            DatabaseProvider.Sqlite,
            settings: [("RateLimits:TokensPerMinute", "3"), ("RateLimits:SignInPerMinute", "3")]
        );
        foreach (var path in new[] { "/oauth/token", "/oauth/device_authorization" })
        {
            for (var request = 0; request < 3; request++)
            {
                (await limited.Anonymous().FormAsync(path)).RefusesGrant("invalid_request");
            }

            var answer = (await limited.Anonymous().FormAsync(path)).RefusesGrant("temporarily_unavailable", 429);
            Assert.True(int.Parse(Assert.Single(answer.Headers["Retry-After"])) > 0);
        }
    }
}
