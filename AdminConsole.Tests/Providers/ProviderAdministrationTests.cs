using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Providers;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Providers;

/// <summary>Adding, replacing and removing providers over the API.</summary>
public sealed class ProviderAdministrationTests
{
    private const string Path = "/api/directory/providers";

    private static Task<ApiResponse> PutAsync(ApiClient caller, Guid id, ProviderRequest request) =>
        caller.SendAsync(HttpMethod.Put, $"{Path}/{id}", request);

    private static async Task<AdminApp> StartAsync(DatabaseProvider database = DatabaseProvider.Sqlite)
    {
        var app = await AdminApp.StartAsync(database);
        await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        return app;
    }

    private static ProviderRequest Request(int number = 1) =>
        ProviderScenario.Request($"https://id{number}.example.com", $"Provider {number}");

    [Theory]
    [OnBoth]
    public async Task A_provider_is_added_read_replaced_and_removed(DatabaseProvider database)
    {
        await using var app = await StartAsync(database);
        using var admin = await app.SignInAdminAsync();
        var watch = await app.WatchAsync();
        var request = Request() with
        {
            Name = "  Acme ",
            Scopes = ["email", "email", " groups "],
            AllowedDomains = ["Example.COM"],
            SecondFactorValues = ["mfa"],
        };

        var created = (await admin.PostAsync(Path, request)).Is(201);

        var added = created.As<ProviderDetails>();
        Assert.Equal($"{Path}/{added.Id}", created.Location);
        Assert.Equal(("Acme", "https://id1.example.com", "post"), (added.Name, added.Issuer, added.ClientAuthentication));
        Assert.Equal(["openid", "email", "groups"], added.Scopes);
        Assert.Equal(["example.com"], added.AllowedDomains);
        Assert.Equal(("existing", "adds", 0, 0), (added.Admission, added.RuleMode, added.Rules, added.Users));
        var read = (await admin.GetAsync($"{Path}/{added.Id}")).Is(200).As<ProviderDetails>();
        Assert.Equal((added.Id, "Acme", "groups"), (read.Id, read.Name, read.GroupsClaim));
        Assert.Equal(["mfa"], read.SecondFactorValues);
        var changed = (await PutAsync(admin, added.Id, Request() with { Name = "Renamed", ClientSecret = null })).Is(200);
        Assert.Equal((added.Id, "Renamed"), (changed.As<ProviderDetails>().Id, changed.As<ProviderDetails>().Name));
        Assert.Empty(changed.As<ProviderDetails>().SecondFactorValues);
        (await admin.DeleteAsync($"{Path}/{added.Id}")).Is(204);
        (await admin.GetAsync($"{Path}/{added.Id}")).Refuses(404, "not_found");
        (await PutAsync(admin, added.Id, Request())).Refuses(404, "not_found");
        (await admin.DeleteAsync($"{Path}/{added.Id}")).Refuses(404, "not_found");
        await watch.RecordedAsync("directory.provider_added", "directory.provider_updated", "directory.provider_removed");
    }

    [Theory]
    [OnBoth]
    public async Task The_client_secret_is_in_no_response_no_event_and_no_row(DatabaseProvider database)
    {
        await using var app = await StartAsync(database);
        using var admin = await app.SignInAdminAsync();
        const string Replaced = "another-secret-that-nobody-may-see";

        var created = (await admin.PostAsync(Path, Request())).Is(201);
        var id = created.As<ProviderDetails>().Id;
        var changed = (await PutAsync(admin, id, Request() with { ClientSecret = Replaced })).Is(200);

        var texts = new List<string> { created.Text, changed.Text };
        texts.Add((await admin.GetAsync(Path)).Is(200).Text);
        texts.Add((await admin.GetAsync($"{Path}/{id}")).Is(200).Text);
        texts.Add((await admin.GetAsync("/api/audit")).Is(200).Text);
        texts.AddRange(await app.ReadAsync(db => db.AuditEvents.Select(entry => entry.Details ?? "").ToListAsync()));
        texts.AddRange(await app.ReadAsync(db => db.IdentityProviders.Select(row => row.ProtectedSecret).ToListAsync()));
        Assert.All(
            texts,
            text =>
            {
                Assert.DoesNotContain(Replaced, text, StringComparison.Ordinal);
                Assert.DoesNotContain(OidcTestProvider.ClientSecret, text, StringComparison.Ordinal);
            }
        );
        Assert.Equal(
            Replaced,
            await app.RunAsync<ProviderSecrets, string>(async secrets =>
                secrets.Unprotect(await app.ReadAsync(db => db.IdentityProviders.AsNoTracking().SingleAsync()))
            )
        );
        Assert.Contains(texts, text => text.Contains("clientSecret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_replacement_without_a_secret_keeps_it()
    {
        await using var scenario = await ProviderScenario.StartAsync();
        await scenario.CreateUserAsync();
        using var admin = await scenario.App.SignInAdminAsync();

        var request = ProviderScenario.Request(scenario.Provider.Issuer, "Renamed") with { ClientSecret = null };
        (await PutAsync(admin, scenario.Id, request)).Is(200);

        (await scenario.SignedInAsync()).Dispose();
    }

    [Theory]
    [OnBoth]
    public async Task Names_issuers_and_ids_are_unique_and_there_are_five_at_most(DatabaseProvider database)
    {
        await using var app = await StartAsync(database);
        using var admin = await app.SignInAdminAsync();
        var id = Guid.CreateVersion7();
        (await admin.PostAsync(Path, Request() with { Id = id })).Is(201);
        var watch = await app.WatchAsync();

        (await admin.PostAsync(Path, Request(2) with { Name = "PROVIDER 1" })).Refuses(409, "duplicate_provider");
        (await admin.PostAsync(Path, Request(2) with { Issuer = Request().Issuer })).Refuses(409, "duplicate_issuer");
        (await admin.PostAsync(Path, Request(2) with { Id = id })).Refuses(409, "duplicate_provider");

        await watch.NothingHappenedAsync();
        var second = (await admin.PostAsync(Path, Request(2))).Is(201).As<ProviderDetails>();
        (await PutAsync(admin, second.Id, Request(2) with { Name = "provider 1" })).Refuses(409, "duplicate_provider");
        (await PutAsync(admin, second.Id, Request(2) with { Issuer = Request().Issuer })).Refuses(409, "duplicate_issuer");
        foreach (var number in new[] { 3, 4, 5 })
        {
            (await admin.PostAsync(Path, Request(number))).Is(201);
        }

        (await admin.PostAsync(Path, Request(6))).Refuses(409, "too_many_providers");
        (await admin.DeleteAsync($"{Path}/{id}")).Is(204);
        (await admin.PostAsync(Path, Request(6))).Is(201);
    }

    [Theory]
    [OnBoth]
    public async Task Of_8_providers_added_at_once_five_remain(DatabaseProvider database)
    {
        await using var app = await StartAsync(database);
        using var admin = await app.SignInAdminAsync();

        var answers = await Task.WhenAll(Enumerable.Range(1, 8).Select(number => admin.PostAsync(Path, Request(number))));

        Assert.Equal(5, answers.Count(answer => answer.Status == 201));
        Assert.Equal(3, answers.Count(answer => answer is { Status: 409, Code: "too_many_providers" }));
        Assert.Equal(5, await app.ReadAsync(db => db.IdentityProviders.CountAsync()));
    }

    [Theory]
    [OnBoth]
    public async Task The_list_is_paged_by_name(DatabaseProvider database)
    {
        await using var app = await StartAsync(database);
        using var admin = await app.SignInAdminAsync();
        foreach (var number in new[] { 3, 1, 2 })
        {
            (await admin.PostAsync(Path, Request(number))).Is(201);
        }

        var first = (await admin.GetAsync($"{Path}?limit=2")).Is(200).As<Page<ProviderDetails>>();
        var second = (await admin.GetAsync($"{Path}?limit=2&cursor={Uri.EscapeDataString(first.Next!)}"))
            .Is(200)
            .As<Page<ProviderDetails>>();

        Assert.Equal(["Provider 1", "Provider 2"], first.Items.Select(provider => provider.Name).ToList());
        Assert.Equal("Provider 3", Assert.Single(second.Items).Name);
        Assert.Null(second.Next);
    }

    [Theory]
    [InlineData("http://id.example.com")]
    [InlineData("http://10.0.0.1")]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("https://id.example.com?tenant=1")]
    [InlineData("https://id.example.com#part")]
    [InlineData("https://user@id.example.com")]
    [InlineData("id.example.com")]
    [InlineData("")]
    public async Task An_issuer_is_an_https_address_without_query(string issuer)
    {
        await using var app = await StartAsync();
        using var admin = await app.SignInAdminAsync();

        (await admin.PostAsync(Path, Request() with { Issuer = issuer })).RefusesFields("issuer");
    }

    [Fact]
    public async Task In_production_an_issuer_on_this_machine_needs_https_too()
    {
        await using var app = await AdminApp.StartAsync(DatabaseProvider.Sqlite, environment: "Production");

        var refused = await app.RunAsync<IdentityProviders, Result<ProviderDetails>>(providers =>
            providers.CreateAsync(TestData.System, Request() with { Issuer = "http://127.0.0.1:5000" }, default)
        );

        Assert.Equal("validation_failed", refused.Refusal?.Code);
        Assert.Equal(["issuer"], refused.Refusal!.Errors!.Keys);
    }

    [Fact]
    public async Task Other_invalid_fields_are_refused()
    {
        await using var app = await StartAsync();
        using var admin = await app.SignInAdminAsync();
        var watch = await app.WatchAsync();

        (await admin.PostAsync(Path, Request() with { Name = " " })).RefusesFields("name");
        (await admin.PostAsync(Path, Request() with { ClientSecret = null })).RefusesFields("clientSecret");
        (await admin.PostAsync(Path, Request() with { ClientAuthentication = "jwt" })).RefusesFields("clientAuthentication");
        (await admin.PostAsync(Path, Request() with { Admission = "everyone" })).RefusesFields("admission");
        (await admin.PostAsync(Path, Request() with { Scopes = ["a b"] })).RefusesFields("scopes");
        (await admin.PostAsync(Path, Request() with { AllowedDomains = ["not a domain"] })).RefusesFields("allowedDomains");
        (await admin.PostAsync(Path, Request() with { GroupsClaim = null, AllowedGroups = ["a"] })).RefusesFields("groupsClaim");
        (await admin.PostAsync(Path, Request() with { Admission = "domains", AllowedDomains = [] })).RefusesFields("allowedDomains");

        await watch.NothingHappenedAsync();
    }

    [Theory]
    [OnBoth]
    public async Task The_issuer_stays_while_accounts_are_linked(DatabaseProvider database)
    {
        await using var scenario = await ProviderScenario.StartAsync(database);
        var user = await scenario.CreateUserAsync();
        using var browser = await scenario.SignedInAsync();
        using var admin = await scenario.App.SignInAdminAsync();

        (await PutAsync(admin, scenario.Id, Request())).Refuses(409, "issuer_in_use");
        Assert.Equal(1, (await admin.GetAsync($"{Path}/{scenario.Id}")).As<ProviderDetails>().Users);
        (await browser.GetAsync("/api/auth/me")).Is(200);
        (await admin.DeleteAsync($"{Path}/{scenario.Id}")).Is(204);

        (await browser.GetAsync("/api/auth/me")).Refuses(401, "unauthenticated");
        Assert.Equal("local", (await admin.GetAsync($"/api/users/{user.Id}")).As<UserDetails>().Source);
        Assert.Equal(0, await scenario.App.ReadAsync(db => db.UserLogins.CountAsync()));
    }

    [Fact]
    public async Task Everything_needs_the_permission_and_changes_a_recent_sign_in()
    {
        await using var scenario = await ProviderScenario.StartAsync();
        var reader = await scenario.App.SignedInUserAsync(await scenario.App.CreateRoleAsync("settings.write", "users.write"));
        using var admin = await scenario.App.SignInAdminAsync();
        var (own, request) = ($"{Path}/{scenario.Id}", Request());

        foreach (var path in new[] { Path, own, $"{own}/rules" })
        {
            (await reader.Caller.GetAsync(path)).Refuses(403, "forbidden");
        }

        (await reader.Caller.PostAsync(Path, request)).Refuses(403, "forbidden");
        (await reader.Caller.PostAsync($"{own}/check")).Refuses(403, "forbidden");
        (await PutAsync(reader.Caller, scenario.Id, request)).Refuses(403, "forbidden");
        (await reader.Caller.DeleteAsync(own)).Refuses(403, "forbidden");
        scenario.App.Clock.Advance(TimeSpan.FromMinutes(20));
        (await admin.GetAsync(own)).Is(200);
        (await admin.PostAsync(Path, request)).Refuses(403, "fresh_sign_in_required");
        (await PutAsync(admin, scenario.Id, request)).Refuses(403, "fresh_sign_in_required");
        (await admin.DeleteAsync(own)).Refuses(403, "fresh_sign_in_required");
        (await admin.SendAsync(HttpMethod.Put, $"{own}/rules", new GroupRules())).Refuses(403, "fresh_sign_in_required");
    }

    [Fact]
    public async Task The_check_fetches_the_documents_and_says_what_is_wrong()
    {
        await using var scenario = await ProviderScenario.StartAsync();
        using var admin = await scenario.App.SignInAdminAsync();
        var path = $"{Path}/{scenario.Id}/check";

        var good = (await admin.PostAsync(path)).Is(200).As<ProviderCheck>();
        scenario.Provider.Down = true;
        var bad = (await admin.PostAsync(path)).Is(200).As<ProviderCheck>();

        Assert.Null(good.Problem);
        Assert.Equal((true, 2), (good.Ok, good.Keys));
        Assert.Equal($"{scenario.Provider.Issuer}/authorize", good.AuthorizationEndpoint);
        Assert.EndsWith($"/oidc/{scenario.Id}/callback", good.RedirectUri, StringComparison.Ordinal);
        Assert.EndsWith("/oidc/backchannel-logout", good.BackChannelLogoutUri, StringComparison.Ordinal);
        Assert.EndsWith($"/oidc/{scenario.Id}/sign-in", good.SignInUri, StringComparison.Ordinal);
        Assert.False(bad.Ok);
        Assert.False(string.IsNullOrWhiteSpace(bad.Problem));
        (await admin.PostAsync($"{Path}/{Guid.CreateVersion7()}/check")).Refuses(404, "not_found");
    }
}
