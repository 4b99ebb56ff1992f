using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminConsole.EndToEnd.Browser;

/// <summary>Properties of every page, and updates of open pages.</summary>
public sealed class PagesTests(Chromium chromium, SqliteApp app) : IClassFixture<SqliteApp>
{
    private static readonly (int Width, ColorScheme Scheme)[] Looks =
    [
        (1440, ColorScheme.Light),
        (1024, ColorScheme.Dark),
        (390, ColorScheme.Light),
        (390, ColorScheme.Dark),
    ];

    [Theory]
    [InlineData("/")]
    [InlineData("/users")]
    [InlineData("/roles")]
    [InlineData("/sessions")]
    [InlineData("/audit")]
    [InlineData("/settings")]
    [InlineData("/settings/providers")]
    [InlineData("/settings/providers/new")]
    [InlineData("/system")]
    [InlineData("/tokens")]
    [InlineData("/account/tokens")]
    [InlineData("/account/profile")]
    [InlineData("/account/sessions")]
    [InlineData("/device")]
    [InlineData("/account/security")]
    [InlineData("/account/password")]
    [InlineData("/install")]
    [InlineData("/nothing-here")]
    public async Task Every_page_is_accessible_and_fits_the_screen(string path)
    {
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        await visitor.SignInAsync();
        await visitor.OpenPageAsync(path);

        foreach (var (width, scheme) in Looks)
        {
            await visitor.Page.SetViewportSizeAsync(width, 900);
            await visitor.Page.EmulateMediaAsync(new() { ColorScheme = scheme });

            await visitor.IsAccessibleAsync();
            Assert.True(
                await visitor.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"),
                $"The page is wider than a screen of {width} pixels."
            );
        }
    }

    [Fact]
    public async Task The_sign_in_page_is_accessible_explains_a_refusal_and_redirects_back()
    {
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        await visitor.Page.GotoAsync("/users?search=x");
        await visitor.IsAccessibleAsync();

        await visitor.Page.GetByLabel("Email or username").FillAsync(TestData.AdminEmail);
        await visitor.Page.GetByLabel("Password").FillAsync("not the password 1");
        await visitor.Button("Sign in").ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Incorrect username or password");
        await visitor.Page.GetByLabel("Password").FillAsync(TestData.Password);
        await visitor.Button("Sign in").ClickAsync();

        await visitor.IsAtAsync("**/users?search=x");
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    public async Task A_link_to_the_sign_in_page_never_redirects_to_another_site(string returnUrl)
    {
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        await visitor.Page.GotoAsync($"/login?returnUrl={Uri.EscapeDataString(returnUrl)}");

        await visitor.Page.GetByLabel("Email or username").FillAsync(TestData.AdminEmail);
        await visitor.Page.GetByLabel("Password").FillAsync(TestData.Password);
        await visitor.Button("Sign in").ClickAsync();

        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Overview" })).ToBeVisibleAsync();
        Assert.StartsWith(app.Root.ToString(), visitor.Page.Url);
    }

    [Fact]
    public async Task A_demoted_admins_open_page_closes_without_a_reload()
    {
        var person = await app.SignedInUserAsync("Admin");
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        await visitor.SignInAsync(person.Email);
        await visitor.OpenPageAsync("/users");
        using var admin = await app.SignInAdminAsync();

        (await admin.DeleteAsync($"/api/users/{person.Id}/roles/Admin")).Is(200);

        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Access denied" })).ToBeVisibleAsync();
        await Expect(visitor.Page.Locator("nav a[href='users']")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_required_password_change_redirects_the_open_page()
    {
        var person = await app.SignedInUserAsync("Operator");
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        await visitor.SignInByFormAsync(person.Email);
        using var admin = await app.SignInAdminAsync();

        (await admin.PostAsync($"/api/users/{person.Id}/require-password-change")).Is(204);
        await visitor.IsAtAsync("**/account/password");
        await visitor.Page.GotoAsync("/users");
        await visitor.IsAtAsync("**/account/password");
        await visitor.Page.GetByLabel("Current password").FillAsync(TestData.Password);
        await visitor.Page.GetByLabel("New password").FillAsync(TestData.NewPassword);
        await visitor.Button("Change password").ClickAsync();

        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Overview" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Ending_another_session_closes_its_page_and_keeps_this_one()
    {
        var person = await app.SignedInUserAsync("User");
        await using var here = await BrowserSession.StartAsync(chromium, app);
        await using var there = await BrowserSession.StartAsync(chromium, app);
        await here.SignInAsync(person.Email);
        await there.SignInByFormAsync(person.Email);

        await here.OpenPageAsync("/account/sessions");
        await here.Button("Sign out everywhere else").ClickAsync();
        await here.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Sign out everywhere else" }).ClickAsync();

        await there.IsAtAsync("**/login?reason=ended");
        await Expect(here.Page.Locator("tbody tr.mud-table-row")).ToHaveCountAsync(1);
        await Expect(here.Page.GetByText("This device", new() { Exact = true })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task After_signing_out_the_back_button_shows_nothing()
    {
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        await visitor.SignInByFormAsync();

        await visitor.SignOutAsync();
        await Expect(visitor.Page.GetByText("You're signed out.")).ToBeVisibleAsync();
        await visitor.Page.GotoAsync("/users");

        await visitor.IsAtAsync("**/login?returnUrl=*");
    }
}
