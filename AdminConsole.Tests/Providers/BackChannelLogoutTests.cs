using System.Net.Http.Headers;
using AdminConsole.Core.Common;
using AdminConsole.Tests.OAuth;

namespace AdminConsole.Tests.Providers;

/// <summary>Sessions that end because the provider says so (OpenID Connect Back-Channel Logout 1.0).</summary>
public sealed class BackChannelLogoutTests
{
    private static readonly Dictionary<string, Func<OidcTestProvider, string>> Wrong = new()
    {
        ["nonsense"] = _ => "nonsense",
        ["empty"] = _ => "",
        ["audience"] = provider => provider.CreateLogoutToken(provider.Subject, change: claims => claims["aud"] = "another-client"),
        ["issuer"] = provider => provider.CreateLogoutToken(provider.Subject, change: claims => claims["iss"] = "https://other.example"),
        ["nonce"] = provider => provider.CreateLogoutToken(provider.Subject, change: claims => claims["nonce"] = "a nonce"),
        ["no events"] = provider => provider.CreateLogoutToken(provider.Subject, change: claims => claims.Remove("events")),
        ["other event"] = provider =>
            provider.CreateLogoutToken(
                provider.Subject,
                change: claims => claims["events"] = new Dictionary<string, object> { ["https://other.example/event"] = new { } }
            ),
        ["no id"] = provider => provider.CreateLogoutToken(provider.Subject, change: claims => claims.Remove("jti")),
        ["no subject"] = provider => provider.CreateLogoutToken(subject: null),
        ["HS256"] = provider => With(provider, () => provider.Algorithm = "HS256"),
        ["none"] = provider => With(provider, () => provider.Algorithm = "none"),
        ["key"] = provider => With(provider, () => provider.SignWithUnpublishedKey = true),
        ["expired"] = provider => With(provider, () => provider.Expired = true),
        ["signature"] = provider => OidcTestKeys.Tamper(provider.CreateLogoutToken(provider.Subject)),
    };

    private static string With(OidcTestProvider provider, Action misbehave)
    {
        misbehave();
        return provider.CreateLogoutToken(provider.Subject);
    }

    // A server calls, so the request has no Origin header.
    private static async Task<ApiResponse> SendAsync(ProviderScenario scenario, string token)
    {
        using var server = new ApiClient(scenario.App.Root) { NamesOrigin = false };
        return await server.FormAsync("/oidc/backchannel-logout", ("logout_token", token));
    }

    private static async Task RefusesAsync(ProviderScenario scenario, string token)
    {
        var answer = (await SendAsync(scenario, token)).Is(400);
        Assert.Equal("invalid_request", answer.Json.GetProperty("error").GetString());
    }

    private static async Task<ApiClient> SignedInAsync(ProviderScenario scenario, string sessionId)
    {
        scenario.Provider.SessionId = sessionId;
        return await scenario.SignedInAsync();
    }

    [Theory]
    [OnBoth]
    public async Task A_session_id_ends_that_session_only(DatabaseProvider database)
    {
        await using var scenario = await ProviderScenario.StartAsync(database);
        await scenario.CreateUserAsync();
        using var first = await SignedInAsync(scenario, "one");
        using var second = await SignedInAsync(scenario, "two");
        var watch = await scenario.App.WatchAsync();

        (await SendAsync(scenario, scenario.Provider.CreateLogoutToken(scenario.Provider.Subject, "one"))).Is(200);

        (await first.GetAsync("/api/auth/me")).Refuses(401, "unauthenticated");
        (await second.GetAsync("/api/auth/me")).Is(200);
        await watch.RecordedAsync("session.ended");
        var ended = (await scenario.DetailsOfAsync("session.ended"))[^1];
        Assert.Equal("ended by the identity provider", ended.GetProperty("reason").GetString());
        (await SendAsync(scenario, scenario.Provider.CreateLogoutToken(null, "two"))).Is(200);
        (await second.GetAsync("/api/auth/me")).Refuses(401, "unauthenticated");
    }

    [Theory]
    [OnBoth]
    public async Task A_subject_ends_all_sessions_that_the_provider_started_and_no_others(DatabaseProvider database)
    {
        await using var scenario = await ProviderScenario.StartAsync(database);
        await scenario.CreateUserAsync();
        using var other = await SignedInAsync(scenario, "of another user");
        var user = await scenario.CreateUserAsync(TestData.Password);
        await scenario.LinkAsync(user.Id);
        using var first = await SignedInAsync(scenario, "one");
        using var second = await SignedInAsync(scenario, "two");
        using var password = await scenario.App.SignInAsync(user.Email!);

        (await SendAsync(scenario, scenario.Provider.CreateLogoutToken(scenario.Provider.Subject))).Is(200);

        (await first.GetAsync("/api/auth/me")).Refuses(401, "unauthenticated");
        (await second.GetAsync("/api/auth/me")).Refuses(401, "unauthenticated");
        (await password.GetAsync("/api/auth/me")).Is(200);
        (await other.GetAsync("/api/auth/me")).Is(200);
        Assert.Equal(["password"], await scenario.MethodsAsync(user.Id));
    }

    [Theory]
    [OnBoth]
    public async Task A_logout_token_works_once(DatabaseProvider database)
    {
        await using var scenario = await ProviderScenario.StartAsync(database);
        await scenario.CreateUserAsync();
        (await scenario.SignedInAsync()).Dispose();
        var token = scenario.Provider.CreateLogoutToken(scenario.Provider.Subject);
        (await SendAsync(scenario, token)).Is(200);
        using var later = await scenario.SignedInAsync();

        await RefusesAsync(scenario, token);

        (await later.GetAsync("/api/auth/me")).Is(200);
    }

    [Theory]
    [OnBoth("nonsense")]
    [OnBoth("empty")]
    [OnBoth("audience")]
    [OnBoth("issuer")]
    [OnBoth("nonce")]
    [OnBoth("no events")]
    [OnBoth("other event")]
    [OnBoth("no id")]
    [OnBoth("no subject")]
    [OnBoth("HS256")]
    [OnBoth("none")]
    [OnBoth("key")]
    [OnBoth("expired")]
    [OnBoth("signature")]
    public async Task A_wrong_logout_token_ends_nothing(DatabaseProvider database, string name)
    {
        await using var scenario = await ProviderScenario.StartAsync(database);
        await scenario.CreateUserAsync();
        using var browser = await scenario.SignedInAsync();
        var token = Wrong[name](scenario.Provider);
        var watch = await scenario.App.WatchAsync();

        await RefusesAsync(scenario, token);

        await watch.NothingHappenedAsync();
        (await browser.GetAsync("/api/auth/me")).Is(200);
    }

    [Fact]
    public async Task A_request_without_a_token_is_refused_and_one_for_an_unknown_user_is_not()
    {
        await using var scenario = await ProviderScenario.StartAsync();
        using var server = new ApiClient(scenario.App.Root) { NamesOrigin = false };

        var answer = (await server.FormAsync("/oidc/backchannel-logout", ("token", "x"))).Is(400);

        Assert.Equal("invalid_request", answer.Json.GetProperty("error").GetString());
        (await SendAsync(scenario, scenario.Provider.CreateLogoutToken("nobody here"))).Is(200);
    }

    [Fact]
    public async Task One_provider_does_not_end_the_sessions_of_another()
    {
        await using var scenario = await ProviderScenario.StartAsync();
        await using var other = await OidcTestProvider.StartAsync();
        // Test providers share their first key.
        other.RotateKey();
        await ProviderScenario.AddAsync(scenario.App, ProviderScenario.Request(other.Issuer, "Other"));
        await scenario.CreateUserAsync();
        using var browser = await SignedInAsync(scenario, "one");

        (await SendAsync(scenario, other.CreateLogoutToken(scenario.Provider.Subject, "one"))).Is(200);
        await RefusesAsync(
            scenario,
            other.CreateLogoutToken(scenario.Provider.Subject, change: claims => claims["iss"] = scenario.Provider.Issuer)
        );

        (await browser.GetAsync("/api/auth/me")).Is(200);
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=x", "no part")]
    [InlineData("application/json", "{}")]
    [InlineData("application/x-www-form-urlencoded", "logout_token=a.b.c&logout_token=%00")]
    public async Task A_malformed_request_is_refused(string type, string body)
    {
        await using var scenario = await ProviderScenario.StartAsync();
        using var caller = scenario.App.Anonymous();
        using var content = new StringContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);

        var answer = (await caller.SendAsync(HttpMethod.Post, "/oidc/backchannel-logout", content)).Is(400);

        Assert.Equal("invalid_request", answer.Json.GetProperty("error").GetString());
    }
}
