using System.Globalization;
using System.Net;
using AdminConsole.Core.Common;
using AdminConsole.Http;

namespace AdminConsole.Tests.Http;

public sealed class RateLimitTests
{
    private static object Guess => new { login = "nobody@example.com", password = TestData.Password };

    [Fact]
    public async Task Beyond_the_limit_the_response_is_429_with_Retry_After()
    {
        await using var app = await AdminApp.StartAsync(DatabaseProvider.Sqlite, settings: ("RateLimits:SignInPerMinute", "3"));
        using var caller = app.Anonymous();
        for (var attempt = 0; attempt < 3; attempt++)
        {
            (await caller.PostAsync("/api/auth/login", Guess)).Refuses(401, "invalid_credentials");
        }

        var watch = await app.WatchAsync();
        var answer = (await caller.PostAsync("/api/auth/login", Guess)).Refuses(429, "rate_limited");

        Assert.InRange(int.Parse(Assert.Single(answer.Headers["Retry-After"]), CultureInfo.InvariantCulture), 1, 60);
        (
            await caller.PostAsync(
                "/api/auth/reset-password",
                new
                {
                    email = "a@example.com",
                    token = "x",
                    newPassword = TestData.Password,
                }
            )
        ).Refuses(429, "rate_limited");
        (await caller.GetAsync("/api/auth/setup-required")).Is(200);
        await watch.NothingHappenedAsync();
    }

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    [InlineData("2001:db8:1:2::", "2001:db8:1:2::")]
    [InlineData("fe80::1%3", "fe80::")]
    [InlineData("::1", "::")]
    public void One_client_is_an_ipv4_address_or_an_ipv6_network_of_64_bits(string address, string client) =>
        Assert.Equal(IPAddress.Parse(client), ClientNetwork.Of(IPAddress.Parse(address)));

    [Fact]
    public async Task Another_address_of_the_same_ipv6_network_counts_as_the_same_client()
    {
        await using var app = await AdminApp.StartAsync(
            DatabaseProvider.Sqlite,
            settings: [("RateLimits:SignInPerMinute", "2"), ("Proxies:Known", "127.0.0.1")]
        );
        using var caller = app.Anonymous();
        async Task<int> From(string address) => (await caller.PostAsync("/api/auth/login", Guess, ("X-Forwarded-For", address))).Status;

        Assert.Equal(
            (401, 401, 429, 401),
            (
                await From("2001:db8:1:2::1"),
                await From("2001:db8:1:2:ffff::9"),
                await From("2001:db8:1:2:3:4:5:6"),
                await From("2001:db8:1:3::1")
            )
        );
        Assert.Equal((401, 401, 429), (await From("::ffff:192.0.2.7"), await From("192.0.2.7"), await From("192.0.2.7")));
    }

    [Fact]
    public async Task A_bearer_token_gives_a_client_no_second_budget()
    {
        await using var app = await AdminApp.StartAsync(DatabaseProvider.Sqlite, settings: ("RateLimits:SignInPerMinute", "3"));
        using var caller = app.Anonymous();
        for (var attempt = 0; attempt < 3; attempt++)
        {
            (await caller.PostAsync("/api/auth/login", Guess)).Refuses(401, "invalid_credentials");
        }

        (await caller.PostAsync("/api/auth/login", Guess, ("Authorization", "Bearer anything"))).Refuses(429, "rate_limited");
    }

    [Fact]
    public async Task Zero_disables_the_limit()
    {
        await using var app = await AdminApp.StartAsync(DatabaseProvider.Sqlite, settings: ("RateLimits:SignInPerMinute", "0"));
        using var caller = app.Anonymous();

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 40)
                .Select(_ =>
                    caller.PostAsync(
                        "/api/auth/reset-password",
                        new
                        {
                            email = "a@example.com",
                            token = "x",
                            newPassword = TestData.Password,
                        }
                    )
                )
        );

        Assert.All(answers, answer => answer.Refuses(400, "invalid_token"));
    }
}
