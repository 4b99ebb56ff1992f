using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using AdminConsole.Core.Contracts;
using AdminConsole.Tests.Providers;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminConsole.EndToEnd.Browser;

/// <summary>An administrator adds an identity provider to a server process, and a user signs in with it.</summary>
public sealed class ProvidersJourney(Chromium chromium) : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("adminconsole-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static ILocator Heading(BrowserSession visitor, string text) =>
        visitor.Page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = text });

    private static ILocator Field(BrowserSession visitor, string label) => visitor.Page.GetByLabel(label, new() { Exact = true });

    private static ILocator Link(BrowserSession visitor, string name) =>
        visitor.Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    [Fact]
    public async Task A_provider_is_added_and_tested_then_it_gives_and_takes_a_role_and_may_be_down()
    {
        await using var provider = await OidcTestProvider.StartAsync();
        provider.Groups = ["staff"];
        using var server = ServerProcess.Start(folder, ("RateLimits:SignInPerMinute", "0"));
        var root = await server.ListeningAsync();
        using var caller = new ApiClient(root);
        (await caller.PostAsync("/api/auth/setup", new { email = TestData.AdminEmail, password = TestData.Password })).Is(200);
        await using var admin = await BrowserSession.StartAsync(chromium, root);
        await admin.SignInAsync();

        await AddAsync(admin, provider);
        await RuleAsync(admin);
        await TestAsync(admin, provider);
        Assert.Equal([TestData.AdminEmail], await EmailsAsync(caller, "/api/users"));

        await using var first = await BrowserSession.StartAsync(chromium, root);
        await SignInAsync(first);
        Assert.Equal(["Operator", "User"], await RolesAsync(first));
        await first.OpenPageAsync("/audit");
        await Expect(Heading(first, "Audit log")).ToBeVisibleAsync();

        provider.Groups = [];
        await using var second = await BrowserSession.StartAsync(chromium, root);
        await SignInAsync(second);
        await Expect(Heading(first, "Access denied")).ToBeVisibleAsync();
        Assert.Equal(["User"], await RolesAsync(first));
        Assert.Equal(["User"], await RolesAsync(second));

        await FilterAsync(admin, caller, provider);
        await IsDownAsync(root, caller);
    }

    private static async Task AddAsync(BrowserSession admin, OidcTestProvider provider)
    {
        await admin.OpenPageAsync("/settings");
        await Link(admin, "Identity providers").ClickAsync();
        await admin.IsAtAsync("**/settings/providers");
        await admin.Button("Add provider").ClickAsync();
        await Expect(Heading(admin, "Add provider")).ToBeVisibleAsync();
        var issuer = Field(admin, "Issuer");
        await Field(admin, "Name").FillAsync("Acme");
        await issuer.FillAsync("http://elsewhere.example");
        await Field(admin, "Client ID").FillAsync(OidcTestProvider.ClientId);
        await Field(admin, "Client secret").FillAsync(OidcTestProvider.ClientSecret);
        await admin.Page.GetByRole(AriaRole.Radio, new() { Name = "Also new users of the domains or groups below" }).CheckAsync();
        await Field(admin, "Allowed email domains").FillAsync("example.com");
        await Field(admin, "Groups claim").FillAsync("groups");

        await admin.Button("Save").ClickAsync();
        await Expect(admin.Page.Locator("#page-issuer-note")).ToHaveTextAsync("The issuer must be an https URL.");
        await Expect(issuer).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(issuer).ToHaveAttributeAsync("aria-describedby", "page-issuer-note");
        await Expect(issuer).ToBeFocusedAsync();
        await FitsAsync(admin);
        await issuer.FillAsync(provider.Issuer);
        await admin.Button("Save").ClickAsync();

        // Saving leaves the page of the new provider for its own, without a question about unsaved changes.
        await admin.IsAtAsync("**/settings/providers/*-*");
        await Expect(Heading(admin, "Acme")).ToBeVisibleAsync();
        await Expect(Field(admin, "Client secret")).ToHaveValueAsync("");
        await Link(admin, "Identity providers").First.ClickAsync();
        await admin.IsAtAsync("**/settings/providers");
        await Expect(admin.Row("Acme")).ToContainTextAsync(provider.Issuer);
        await Expect(admin.Row("Acme")).ToContainTextAsync("Existing accounts, invitations and new users of example.com");
        await FitsAsync(admin);
        await Link(admin, "Acme").ClickAsync();
        await Expect(Heading(admin, "Acme")).ToBeVisibleAsync();
    }

    private static async Task RuleAsync(BrowserSession admin)
    {
        await admin.Button("Check connection").ClickAsync();
        await Expect(admin.Page.GetByText("Connected. 2 signing keys found.")).ToBeVisibleAsync();

        await admin.Button("Add rule").ClickAsync();
        await Expect(Field(admin, "Group of rule 1")).ToBeFocusedAsync();
        await Field(admin, "Group of rule 1").FillAsync("staff");
        await Field(admin, "Role of rule 1").SelectOptionAsync("Operator");
        await Field(admin, "Mode").SelectOptionAsync("Authoritative: also remove them");
        await Expect(admin.Page.GetByText("2 changes")).ToBeVisibleAsync();
        await FitsAsync(admin);
        await admin.Button("Save").ClickAsync();

        await Expect(admin.Page.GetByText("Rules saved.")).ToBeVisibleAsync();
        await Expect(admin.Page.GetByText("2 changes")).ToHaveCountAsync(0);
    }

    private static async Task TestAsync(BrowserSession admin, OidcTestProvider provider)
    {
        await admin.Button("Test sign-in").ClickAsync();

        await Expect(admin.Page.GetByText($"A new account {provider.Email} would be created.")).ToBeVisibleAsync();
        await Expect(admin.Page.GetByText("Operator (group staff)").First).ToBeVisibleAsync();
        await Expect(admin.Page.GetByText("This test changed nothing.")).ToBeVisibleAsync();
        await FitsAsync(admin);
    }

    private static async Task SignInAsync(BrowserSession visitor)
    {
        await visitor.Page.GotoAsync("/login");
        await visitor.IsAccessibleAsync();
        await Link(visitor, "Continue with Acme").ClickAsync();
        await Expect(Heading(visitor, "Overview")).ToBeVisibleAsync();
    }

    private static async Task FilterAsync(BrowserSession admin, ApiClient caller, OidcTestProvider provider)
    {
        await admin.OpenPageAsync("/users?source=Acme");
        await Expect(admin.Row(provider.Email!)).ToHaveCountAsync(1);
        await Expect(admin.Rows).ToHaveCountAsync(1);
        Assert.Equal([provider.Email], await EmailsAsync(caller, "/api/users?source=Acme"));
        Assert.Equal([TestData.AdminEmail], await EmailsAsync(caller, "/api/users?source=local"));
    }

    // The server assumes for a minute that a provider that answered is available, so this is another one.
    private async Task IsDownAsync(Uri root, ApiClient caller)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var closed = $"http://{listener.LocalEndpoint}";
        listener.Stop();
        (await caller.PostAsync("/api/directory/providers", ProviderScenario.Request(closed, "Closed"))).Is(201);
        await using var visitor = await BrowserSession.StartAsync(chromium, root);
        await visitor.Page.GotoAsync("/login");

        await Link(visitor, "Continue with Closed").ClickAsync();

        await visitor.IsAtAsync("**/login?*");
        await Expect(visitor.Page.GetByText("Closed isn't responding. Sign in another way, or try again later.")).ToBeVisibleAsync();
        await visitor.IsAccessibleAsync();
        await Field(visitor, "Email or username").FillAsync(TestData.AdminEmail);
        await Field(visitor, "Password").FillAsync(TestData.Password);
        await visitor.Button("Sign in").ClickAsync();
        await Expect(Heading(visitor, "Overview")).ToBeVisibleAsync();
    }

    private static async Task<IEnumerable<string?>> EmailsAsync(ApiClient caller, string path) =>
        (await caller.GetAsync(path)).Is(200).As<Page<UserDetails>>().Items.Select(user => user.Email);

    private static async Task<IEnumerable<string?>> RolesAsync(BrowserSession visitor)
    {
        var answer = await visitor.Page.APIRequest.GetAsync("/api/auth/me");
        Assert.True(answer.Ok, $"{answer.Status}: {await answer.TextAsync()}");
        var me = JsonSerializer.Deserialize<JsonElement>(await answer.TextAsync());
        return me.GetProperty("roles").EnumerateArray().Select(role => role.GetString()).Order(StringComparer.Ordinal);
    }

    // Fails unless the page is accessible and fits a desktop and a phone.
    private static async Task FitsAsync(BrowserSession visitor)
    {
        foreach (var (width, scheme) in new[] { (390, ColorScheme.Dark), (1440, ColorScheme.Light) })
        {
            await visitor.Page.SetViewportSizeAsync(width, 900);
            await visitor.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await visitor.IsAccessibleAsync();
            var fits = await visitor.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth");
            Assert.True(fits, $"{visitor.Page.Url} is wider than {width} pixels.");
        }
    }
}
