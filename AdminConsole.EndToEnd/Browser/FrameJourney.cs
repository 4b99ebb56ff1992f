using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminConsole.EndToEnd.Browser;

/// <summary>The app bar, the drawer, the account menu and the command palette.</summary>
public sealed class FrameJourney(Chromium chromium, SqliteApp app) : IClassFixture<SqliteApp>
{
    [Fact]
    public async Task The_theme_changes_without_a_reload_and_is_remembered()
    {
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        await visitor.SignInAsync();
        await visitor.OpenPageAsync("/users");
        await visitor.Page.EvaluateAsync("window.isTheSameDocument = true");
        var light = await BackgroundAsync(visitor);

        await visitor.OpenAccountMenuAsync();
        await visitor.Button("Dark").ClickAsync();

        var dark = await BackgroundAsync(visitor);
        Assert.NotEqual(light, dark);
        Assert.True(await visitor.Page.EvaluateAsync<bool>("window.isTheSameDocument === true"));

        await visitor.OpenPageAsync("/users");
        Assert.Equal(dark, await BackgroundAsync(visitor));

        await visitor.OpenAccountMenuAsync();
        await visitor.Button("System").ClickAsync();
        await visitor.OpenPageAsync("/users");
        Assert.Equal(light, await BackgroundAsync(visitor));
    }

    [Fact]
    public async Task A_folded_drawer_stays_folded()
    {
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        await visitor.SignInAsync();
        await visitor.OpenPageAsync("/users");
        var drawer = visitor.Page.Locator("#drawer");
        Assert.Equal(232, (await drawer.BoundingBoxAsync())!.Width);

        await visitor.Button("Navigation").ClickAsync();
        await visitor.OpenPageAsync("/users");

        Assert.Equal(57, (await drawer.BoundingBoxAsync())!.Width);
        await Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Audit log" })).ToBeVisibleAsync();
        await visitor.IsAccessibleAsync();
    }

    [Fact]
    public async Task On_a_narrow_screen_the_drawer_opens_over_the_page_and_Esc_closes_it()
    {
        await using var visitor = await BrowserSession.StartAsync(chromium, app, width: 390);
        await visitor.SignInAsync();
        await visitor.OpenPageAsync("/users");
        var link = visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Roles" });
        await Expect(link).ToBeHiddenAsync();

        await visitor.Button("Navigation").ClickAsync();
        await Expect(link).ToBeVisibleAsync();
        await visitor.IsAccessibleAsync();
        await visitor.Page.Keyboard.PressAsync("Escape");

        await Expect(link).ToBeHiddenAsync();
        await Expect(visitor.Button("Navigation")).ToBeFocusedAsync();

        await visitor.Button("Navigation").ClickAsync();
        await link.ClickAsync();
        await visitor.IsAtAsync("**/roles");
        await Expect(link).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Control_K_finds_a_user_from_anywhere()
    {
        var user = await app.CreateUserAsync("needle.in.haystack@example.com");
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        await visitor.SignInAsync();
        await visitor.OpenPageAsync("/roles");

        await visitor.Page.Keyboard.PressAsync("Control+k");
        await visitor.Page.Keyboard.TypeAsync("needle.in");
        await Expect(visitor.Page.GetByRole(AriaRole.Option)).ToHaveCountAsync(1);
        await visitor.IsAccessibleAsync();
        await visitor.Page.Keyboard.PressAsync("Enter");

        await visitor.IsAtAsync($"**/users/{user.Id}");

        // Recently opened entries are offered again, also after a reload.
        await visitor.OpenPageAsync("/roles");
        await visitor.Page.Keyboard.PressAsync("Control+k");
        await Expect(visitor.Page.GetByRole(AriaRole.Option).First).ToContainTextAsync(user.Email!);
    }

    [Fact]
    public async Task Tab_in_the_palette_lists_the_actions_on_a_user()
    {
        var user = await app.CreateUserAsync("by.palette@example.com");
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        await visitor.SignInAsync();
        await visitor.OpenPageAsync("/roles");

        await visitor.Page.Keyboard.PressAsync("Control+k");
        await visitor.Page.Keyboard.TypeAsync("by.palette");
        await Expect(visitor.Page.GetByRole(AriaRole.Option)).ToHaveCountAsync(1);
        await visitor.Page.Keyboard.PressAsync("Tab");
        await Expect(visitor.Page.GetByRole(AriaRole.Option, new() { Name = "Deactivate with reason…" })).ToBeVisibleAsync();
        await Expect(visitor.Page.Locator(".palette input")).ToBeFocusedAsync();
        await visitor.IsAccessibleAsync();

        await visitor.Page.Locator(".palette input").FillAsync("deactivate by.pal");
        await Expect(visitor.Page.GetByRole(AriaRole.Option).First).ToContainTextAsync("Deactivate");
        await visitor.Page.Keyboard.PressAsync("Enter");

        await Expect(visitor.Page.GetByText("deactivated and signed out everywhere.")).ToBeVisibleAsync();
        Assert.False(await app.ReadAsync(db => Task.FromResult(db.Users.Single(row => row.Id == user.Id).Active)));
    }

    [Fact]
    public async Task The_height_of_rows_is_remembered()
    {
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        await visitor.SignInAsync();
        await visitor.OpenPageAsync("/users");
        await visitor.OpenAccountMenuAsync();

        await visitor.Button("Compact").ClickAsync();
        await visitor.OpenPageAsync("/users");

        await Expect(visitor.Page.Locator("html[data-density=compact]")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task The_palette_lists_pages_first_and_offers_the_audit_log_where_nothing_is_found()
    {
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        await visitor.SignInAsync();
        await visitor.OpenPageAsync("/");

        await visitor.Button("Search or jump to… Ctrl K").ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Option, new() { Name = "Settings" })).ToBeVisibleAsync();
        await visitor.Page.Keyboard.TypeAsync("nothing like that");
        await Expect(visitor.Page.GetByRole(AriaRole.Option)).ToHaveCountAsync(1);
        await Expect(visitor.Page.GetByRole(AriaRole.Option)).ToHaveTextAsync("Search the audit log for “nothing like that”");
        await visitor.Page.Keyboard.PressAsync("Enter");

        await visitor.IsAtAsync("**/audit?search=nothing%20like%20that");
    }

    [Fact]
    public async Task Keys_go_to_pages_and_a_question_mark_lists_them()
    {
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        await visitor.SignInAsync();
        await visitor.OpenPageAsync("/");

        await visitor.Page.Keyboard.PressAsync("g");
        await visitor.Page.Keyboard.PressAsync("u");
        await visitor.IsAtAsync("**/users");
        await Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Name = "Users", Level = 1 })).ToBeFocusedAsync();
        await visitor.Page.Keyboard.PressAsync("?");

        await Expect(visitor.Page.GetByRole(AriaRole.Dialog, new() { Name = "Keyboard shortcuts" })).ToBeVisibleAsync();
        await visitor.IsAccessibleAsync();
    }

    [Fact]
    public async Task A_static_page_loads_no_component_library()
    {
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        var loaded = new List<string>();
        visitor.Page.Request += (_, request) => loaded.Add(request.Url);

        await visitor.Page.GotoAsync("/login");

        Assert.Contains(loaded, url => url.Contains("theme", StringComparison.Ordinal));
        Assert.DoesNotContain(
            loaded,
            url => url.Contains("MudBlazor", StringComparison.Ordinal) || url.Contains("blazor.web", StringComparison.Ordinal)
        );
    }

    private static Task<string> BackgroundAsync(BrowserSession visitor) =>
        visitor.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
}
