using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminConsole.EndToEnd.Browser;

/// <summary>The content of the users table and the navigation in it.</summary>
public sealed class UserGridTests(Chromium chromium, SqliteApp app) : IClassFixture<SqliteApp>
{
    [Fact]
    public async Task The_address_contains_the_view_including_the_sort()
    {
        await app.CreateUserAsync("zoe@example.com", TestData.Password);
        await app.CreateUserAsync("abe@example.com", TestData.Password);
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        await visitor.SignInAsync();
        await visitor.OpenPageAsync("/users");

        await visitor.Button("Add filter").ClickAsync();
        await visitor.IsAccessibleAsync();
        await visitor.MenuItem("Status").ClickAsync();
        await visitor.Page.GetByLabel("Status", new() { Exact = true }).SelectOptionAsync("active");
        await visitor.IsAtAsync("**/users?status=active");
        await visitor.Page.Locator("thead").GetByText("Email").ClickAsync();
        await visitor.IsAtAsync("**/users?*sort=-email*");

        await Expect(visitor.Rows.First).ToContainTextAsync("zoe@example.com");
        await Expect(visitor.Page.Locator("th[aria-sort=descending]")).ToContainTextAsync("Email");
        await visitor.Page.ReloadAsync();
        await Expect(visitor.Rows.First).ToContainTextAsync("zoe@example.com");
        await visitor.Button("Clear filters").ClickAsync();
        await visitor.IsAtAsync("**/users?sort=-email");
    }

    [Fact]
    public async Task A_filter_without_matches_is_shown_and_cleared()
    {
        await app.CreateUserAsync();
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        await visitor.SignInAsync();
        await visitor.OpenPageAsync("/users?status=locked&signIn=never&mfa=on");

        await Expect(visitor.Page.GetByText("No users match your filters.")).ToBeVisibleAsync();
        await Expect(visitor.Page.Locator(".filter-chip:not([data-unused])")).ToHaveCountAsync(3);
        await visitor.IsAccessibleAsync();
        await visitor.Button("Remove filter: Status").ClickAsync();
        await visitor.Button("Remove filter: 2FA").ClickAsync();
        await visitor.IsAtAsync("**/users?signIn=never");
        await Expect(visitor.Rows.First).ToContainTextAsync("Never");
    }

    [Fact]
    public async Task The_grid_supports_the_keyboard()
    {
        var person = await app.SignedInUserAsync("User");
        var other = await app.SignedInUserAsync("User");
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        await visitor.SignInAsync();
        await visitor.OpenPageAsync("/users?search=user-&sort=-createdAt");
        await Expect(visitor.Rows.First).ToContainTextAsync(other.Email);

        await visitor.Page.Locator("[data-row]").First.FocusAsync();
        await visitor.Page.Keyboard.PressAsync("ArrowDown");
        await visitor.Page.Keyboard.PressAsync("Space");
        await Expect(visitor.Page.GetByLabel($"Select {person.Email}")).ToBeCheckedAsync();
        await Expect(visitor.Page.GetByText("1 selected")).ToBeVisibleAsync();
        await visitor.Page.Keyboard.PressAsync("ArrowRight");
        await Expect(visitor.Page.GetByLabel($"Select {person.Email}")).ToBeFocusedAsync();
        await visitor.Page.Keyboard.PressAsync("ArrowUp");
        await visitor.Page.Keyboard.PressAsync("Enter");
        await Expect(visitor.Page.Locator(".user-panel")).ToContainTextAsync(other.Email);
        await Expect(visitor.Page.Locator(".panel-title")).ToBeFocusedAsync();
        await visitor.Page.Keyboard.PressAsync("ArrowDown");
        await Expect(visitor.Page.Locator(".user-panel")).ToContainTextAsync(person.Email);
        await Expect(visitor.Page.Locator(".panel-title")).ToBeFocusedAsync();
        await visitor.Page.Keyboard.PressAsync("Escape");
        await Expect(visitor.Page.Locator(".user-panel")).ToHaveCountAsync(0);
        await Expect(visitor.Row(person.Email).Locator("[data-row]")).ToBeFocusedAsync();
        await visitor.Page.Keyboard.PressAsync("/");
        await Expect(visitor.Page.GetByLabel("Search users")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Back_closes_the_panel_and_the_tab_is_in_the_address()
    {
        var person = await app.SignedInUserAsync("Operator");
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        await visitor.SignInAsync();
        await visitor.OpenPageAsync($"/users?search={person.Email}");

        await visitor.Row(person.Email).Locator("[data-open]").ClickAsync();
        await visitor.Page.Locator(".user-panel").GetByRole(AriaRole.Button, new() { Name = "Security" }).ClickAsync();
        await visitor.IsAtAsync($"**/users/{person.Id}?*tab=security*");
        await visitor.Page.ReloadAsync();
        await Expect(visitor.Page.Locator(".user-panel [aria-current=page]")).ToHaveTextAsync("Security");
        await visitor.IsAccessibleAsync();
        await visitor.Page.GoBackAsync();

        await Expect(visitor.Page.Locator(".user-panel")).ToHaveCountAsync(0);
        await visitor.IsAtAsync($"**/users?search={person.Email}");
        await visitor.OpenPageAsync($"/users/{person.Id}?view=page");
        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeFocusedAsync();
        await Expect(visitor.Rows).ToHaveCountAsync(0);
        await visitor.IsAccessibleAsync();
    }

    [Theory]
    [InlineData(1440, ColorScheme.Dark)]
    [InlineData(1024, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task Nothing_is_inaccessible_at_any_width(int width, ColorScheme scheme)
    {
        var person = await app.SignedInUserAsync("Operator");
        await using var visitor = await BrowserSession.StartAsync(chromium, app, width: width, height: 844, scheme: scheme);
        await visitor.SignInAsync();
        await visitor.OpenPageAsync($"/users?search={person.Email}");
        await Expect(visitor.Row(person.Email)).ToHaveCountAsync(1);
        await visitor.IsAccessibleAsync();

        await visitor.Page.GetByLabel($"Select {person.Email}").CheckAsync();
        await Expect(visitor.Page.Locator(".bulk-bar")).ToBeVisibleAsync();
        await visitor.Page.GetByLabel($"Actions for {person.Email}").ClickAsync();
        await Expect(visitor.MenuItem("Delete…")).ToBeVisibleAsync();
        await visitor.IsAccessibleAsync();
        await visitor.Page.Keyboard.PressAsync("Escape");
        await visitor.Row(person.Email).Locator("[data-open]").ClickAsync();
        await Expect(visitor.Page.Locator(".user-panel")).ToContainTextAsync(person.Email);
        await visitor.IsAccessibleAsync();
        await visitor.OpenPageAsync("/users?new=1");
        await Expect(visitor.Page.Locator(".mud-dialog")).ToContainTextAsync("How will they sign in?");
        await visitor.IsAccessibleAsync();
    }

    [Fact]
    public async Task Columns_and_page_size_are_chosen_shared_and_remembered()
    {
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        for (var made = 0; made < 27; made++)
        {
            await app.CreateUserAsync();
        }

        await visitor.SignInAsync();
        await visitor.OpenPageAsync("/users?page=2");
        await Expect(visitor.Button("Previous page")).ToBeEnabledAsync();
        await visitor.Button("More").ClickAsync();
        await visitor.MenuItem("Columns…").ClickAsync();
        await visitor.Page.GetByLabel("Column Username").CheckAsync();
        await visitor.IsAccessibleAsync();
        await visitor.Button("Apply").ClickAsync();
        await visitor.IsAtAsync("**columns=userName%2Croles%2C*");
        await Expect(visitor.Page.Locator("thead")).ToContainTextAsync("Username");
        await visitor.Page.GetByLabel("Rows on a page").SelectOptionAsync("50");
        await visitor.IsAtAsync("**/users?*size=50");
        await AdminApp.UntilAsync(
            () => visitor.Page.EvaluateAsync<bool>("localStorage.getItem('users')?.startsWith('50 userName,')"),
            "the browser keeps the choice"
        );

        await visitor.OpenPageAsync("/users");

        await Expect(visitor.Page.Locator("thead")).ToContainTextAsync("Username");
        await visitor.IsAtAsync("**size=50*");
        await visitor.OpenPageAsync("/users?page=x&size=7&sort=nothing&columns=none&user=nobody&status=x&signIn=-1");
        await Expect(visitor.Rows.First).ToBeVisibleAsync();
    }
}
