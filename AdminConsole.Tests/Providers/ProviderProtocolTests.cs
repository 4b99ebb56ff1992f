using AdminConsole.Core.Common;

namespace AdminConsole.Tests.Providers;

/// <summary>The responses of a provider that are refused, and the algorithms and keys that are accepted.</summary>
public sealed class ProviderProtocolTests
{
    private static readonly Dictionary<string, (string Reason, Action<OidcTestProvider> Misbehave)> Cases = new()
    {
        ["issuer"] = ("wrong_issuer", provider => provider.TokenIssuer = "https://other.example"),
        ["issuer with a slash"] = ("wrong_issuer", provider => provider.TokenIssuer = provider.Issuer + "/"),
        ["iss parameter"] = ("wrong_issuer", provider => provider.WrongIssParameter = "https://other.example"),
        ["discovered issuer"] = ("wrong_issuer", provider => provider.DiscoveryIssuer = "https://other.example"),
        ["audience"] = ("wrong_audience", provider => provider.Audience = "another-client"),
        ["nonce"] = ("wrong_nonce", provider => provider.Nonce = "the nonce of another sign-in"),
        ["no signature"] = ("wrong_signature", provider => provider.OmitSignature = true),
        ["signature"] = ("wrong_signature", provider => provider.TamperWithSignature = true),
        ["none"] = ("wrong_algorithm", provider => provider.Algorithm = "none"),
        ["HS256"] = ("wrong_algorithm", provider => provider.Algorithm = "HS256"),
        ["key"] = ("unknown_key", provider => provider.SignWithUnpublishedKey = true),
        ["expired"] = ("token_expired", provider => provider.Expired = true),
        ["code"] = ("code_rejected", provider => provider.ReplayCode = true),
        ["invalid_grant"] = ("code_rejected", provider => provider.TokenEndpointError = "invalid_grant"),
        ["declined"] = ("declined", provider => provider.DeclineSignIn = true),
        ["down"] = ("provider_unreachable", provider => provider.Down = true),
    };

    [Theory]
    [OnBoth("issuer")]
    [OnBoth("issuer with a slash")]
    [OnBoth("iss parameter")]
    [OnBoth("discovered issuer")]
    [OnBoth("audience")]
    [OnBoth("nonce")]
    [OnBoth("no signature")]
    [OnBoth("signature")]
    [OnBoth("none")]
    [OnBoth("HS256")]
    [OnBoth("key")]
    [OnBoth("expired")]
    [OnBoth("code")]
    [OnBoth("invalid_grant")]
    [OnBoth("declined")]
    [OnBoth("down")]
    public async Task A_wrong_response_is_refused_with_its_reason_and_recorded_once(DatabaseProvider database, string name)
    {
        await using var scenario = await ProviderScenario.StartAsync(database);
        await scenario.CreateUserAsync();
        var watch = await scenario.App.WatchAsync();
        var (reason, misbehave) = Cases[name];
        misbehave(scenario.Provider);

        await scenario.RefusesAsync(reason);

        await watch.OnlyRecordedAsync("auth.sign_in_failed");
        var details = Assert.Single(await scenario.DetailsOfAsync("auth.sign_in_failed"));
        Assert.Equal("Acme", details.GetProperty("provider").GetString());
    }

    [Fact]
    public async Task A_provider_that_stops_answering_after_the_redirect_is_unreachable()
    {
        await using var scenario = await ProviderScenario.StartAsync();
        await scenario.CreateUserAsync();
        using var browser = scenario.App.Anonymous();
        var callback = await scenario.AnswerAsync(browser);
        scenario.Provider.Down = true;

        scenario.AssertRefused("provider_unreachable", await browser.GetAsync(callback));

        Assert.Equal(["provider_unreachable"], await scenario.FailuresAsync());
        scenario.Provider.Down = false;
        (await scenario.SignedInAsync()).Dispose();
    }

    [Theory]
    [OnBoth]
    public async Task A_callback_works_once(DatabaseProvider database)
    {
        await using var scenario = await ProviderScenario.StartAsync(database);
        var user = await scenario.CreateUserAsync();
        using var browser = scenario.App.Anonymous();
        var callback = await scenario.AnswerAsync(browser);
        Assert.Equal("/", (await browser.GetAsync(callback)).Is(302).Location);

        scenario.AssertRefused("wrong_state", await browser.GetAsync(callback));

        Assert.Equal(["wrong_state"], await scenario.FailuresAsync());
        Assert.Single(await scenario.MethodsAsync(user.Id));
    }

    [Fact]
    public async Task The_callback_of_another_browser_is_refused()
    {
        await using var scenario = await ProviderScenario.StartAsync();
        await scenario.CreateUserAsync();
        using var attacker = scenario.App.Anonymous();
        using var victim = scenario.App.Anonymous();
        var callback = await scenario.AnswerAsync(attacker);

        scenario.AssertRefused("wrong_state", await victim.GetAsync(callback));
        await scenario.AnswerAsync(victim);
        scenario.AssertRefused("wrong_state", await victim.GetAsync(callback));

        Assert.Equal(["wrong_state", "wrong_state"], await scenario.FailuresAsync());
        (await victim.GetAsync("/api/auth/me")).Refuses(401, "unauthenticated");
    }

    [Theory]
    [InlineData("?code=x")]
    [InlineData("?code=x&state=")]
    [InlineData("?code=x&state=nonsense")]
    public async Task A_callback_without_a_state_of_this_browser_is_refused(string query)
    {
        await using var scenario = await ProviderScenario.StartAsync();
        using var browser = scenario.App.Anonymous();
        await scenario.AnswerAsync(browser);

        scenario.AssertRefused("wrong_state", await browser.GetAsync($"/oidc/{scenario.Id}/callback{query}"));

        Assert.Equal(["wrong_state"], await scenario.FailuresAsync());
    }

    [Fact]
    public async Task The_response_of_one_provider_does_not_sign_in_at_another()
    {
        await using var scenario = await ProviderScenario.StartAsync();
        await using var evil = await OidcTestProvider.StartAsync();
        var other = await ProviderScenario.AddAsync(scenario.App, ProviderScenario.Request(evil.Issuer, "Other"));
        await scenario.CreateUserAsync();
        using var browser = scenario.App.Anonymous();
        var callback = await scenario.AnswerAsync(browser);

        var answer = await browser.GetAsync(callback.Replace($"{scenario.Id}", $"{other.Id}", StringComparison.Ordinal));

        Assert.StartsWith("/login?", answer.Is(302).Location, StringComparison.Ordinal);
        Assert.Contains(Assert.Single(await scenario.FailuresAsync()), new[] { "wrong_state", "wrong_issuer" });
        (await browser.GetAsync("/api/auth/me")).Refuses(401, "unauthenticated");
    }

    [Fact]
    public async Task A_sign_in_that_takes_too_long_is_refused()
    {
        await using var scenario = await ProviderScenario.StartAsync();
        await scenario.CreateUserAsync();
        using var browser = scenario.App.Anonymous();
        var callback = await scenario.AnswerAsync(browser);
        scenario.App.Clock.Advance(TimeSpan.FromHours(1));

        var answer = await browser.GetAsync(callback);

        Assert.StartsWith("/login?", answer.Is(302).Location, StringComparison.Ordinal);
        Assert.Single(await scenario.FailuresAsync());
        (await browser.GetAsync("/api/auth/me")).Refuses(401, "unauthenticated");
    }

    [Theory]
    [OnBoth("RS256")]
    [OnBoth("PS256")]
    [OnBoth("ES256")]
    public async Task The_accepted_algorithms_sign_in(DatabaseProvider database, string algorithm)
    {
        await using var scenario = await ProviderScenario.StartAsync(database);
        await scenario.CreateUserAsync();
        scenario.Provider.Algorithm = algorithm;

        (await scenario.SignedInAsync()).Dispose();

        Assert.Empty(await scenario.FailuresAsync());
    }

    [Theory]
    [OnBoth]
    public async Task A_new_key_signs_in_at_the_first_attempt_with_one_more_fetch(DatabaseProvider database)
    {
        await using var scenario = await ProviderScenario.StartAsync(database);
        await scenario.CreateUserAsync();
        (await scenario.SignedInAsync()).Dispose();
        (await scenario.SignedInAsync()).Dispose();
        Assert.Equal((1, 1), (scenario.Provider.Discoveries, scenario.Provider.JwksFetches));

        scenario.Provider.RotateKey();
        (await scenario.SignedInAsync()).Dispose();
        (await scenario.SignedInAsync()).Dispose();

        Assert.Equal(2, scenario.Provider.JwksFetches);
        Assert.Empty(await scenario.FailuresAsync());
    }

    [Fact]
    public async Task Unknown_keys_do_not_make_the_console_fetch_again_and_again()
    {
        await using var scenario = await ProviderScenario.StartAsync();
        await scenario.CreateUserAsync();
        (await scenario.SignedInAsync()).Dispose();
        scenario.Provider.SignWithUnpublishedKey = true;

        for (var attempt = 0; attempt < 5; attempt++)
        {
            await scenario.RefusesAsync("unknown_key");
        }

        Assert.InRange(scenario.Provider.JwksFetches, 1, 3);
        scenario.Provider.SignWithUnpublishedKey = false;
        (await scenario.SignedInAsync()).Dispose();
    }

    [Fact]
    public async Task Browsers_accept_the_cookies_of_a_sign_in()
    {
        await using var provider = await OidcTestProvider.StartAsync();
        await using var app = await AdminApp.StartAsync(DatabaseProvider.Sqlite, settings: ("Cookies:Secure", "true"));
        await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        var added = await ProviderScenario.AddAsync(app, ProviderScenario.Request(provider.Issuer));
        using var browser = app.Anonymous();

        var asked = (await browser.GetAsync($"/oidc/{added.Id}/sign-in")).Is(302);

        Assert.Equal(2, asked.SetCookies.Count);
        Assert.All(
            asked.SetCookies,
            cookie =>
            {
                // The prefix requires both attributes.
                Assert.StartsWith("__Host-", cookie);
                Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase);
                Assert.Contains("path=/;", cookie, StringComparison.OrdinalIgnoreCase);
                Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
            }
        );
    }
}
