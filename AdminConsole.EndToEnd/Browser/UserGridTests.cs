using static Microsoft.Playwright.Assertions;

namespace AdminConsole.EndToEnd.Browser;

/// <summary>What the users grid shows, and how it is moved about in.</summary>
public sealed class UserGridTests(Chromium chromium, SqliteApp app) : IClassFixture<SqliteApp>
{
    [Fact]
    public async Task The_address_says_what_is_shown_and_sorting_stays_in_it()
    {
        await app.CreateUserAsync("zoe@example.com");
        await app.CreateUserAsync("abe@example.com");
        await using var visitor = await Visitor.ComeAsync(chromium, app);
        await visitor.SignInAsync();
        await visitor.GoAsync("/users");

        await visitor.Page.GetByLabel("State", new() { Exact = true }).SelectOptionAsync("active");
        await visitor.IsAtAsync("**/users?state=active");
        await visitor.Page.Locator("thead").GetByText("E-mail address").ClickAsync();
        await visitor.IsAtAsync("**/users?*sort=-email*");

        await Expect(visitor.Page.Locator("tbody tr.mud-table-row").First).ToContainTextAsync("zoe@example.com");
        await visitor.Page.ReloadAsync();
        await Expect(visitor.Page.Locator("tbody tr.mud-table-row").First).ToContainTextAsync("zoe@example.com");
    }

    [Fact]
    public async Task The_grid_obeys_the_keyboard()
    {
        var person = await app.PersonAsync("User");
        var other = await app.PersonAsync("User");
        await using var visitor = await Visitor.ComeAsync(chromium, app);
        await visitor.SignInAsync();
        await visitor.GoAsync("/users?search=user-&sort=-createdAt");
        await Expect(visitor.Page.Locator("tbody tr.mud-table-row").First).ToContainTextAsync(other.Email);

        await visitor.Page.Locator("tbody tr.mud-table-row").First.FocusAsync();
        await visitor.Page.Keyboard.PressAsync("ArrowDown");
        await visitor.Page.Keyboard.PressAsync("Space");
        await Expect(visitor.Page.GetByLabel($"Select {person.Email}")).ToBeCheckedAsync();
        await Expect(visitor.Page.GetByText("1 selected")).ToBeVisibleAsync();
        await visitor.Page.Keyboard.PressAsync("ArrowRight");
        await Expect(visitor.Page.GetByLabel($"Select {person.Email}")).ToBeFocusedAsync();
        await visitor.Page.Keyboard.PressAsync("ArrowUp");
        await visitor.Page.Keyboard.PressAsync("Enter");
        await Expect(visitor.Page.Locator(".user-panel")).ToContainTextAsync(other.Email);
        await visitor.Page.Keyboard.PressAsync("Escape");
        await Expect(visitor.Page.Locator(".user-panel")).ToHaveCountAsync(0);
        await visitor.Page.Keyboard.PressAsync("/");
        await Expect(visitor.Page.GetByLabel("Search by name or address")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Columns_and_page_size_are_chosen_shared_and_remembered()
    {
        await using var visitor = await Visitor.ComeAsync(chromium, app);
        for (var made = 0; made < 27; made++)
        {
            await app.CreateUserAsync();
        }

        await visitor.SignInAsync();
        await visitor.GoAsync("/users?page=2");
        await Expect(visitor.Button("Previous page")).ToBeEnabledAsync();
        await visitor.Page.Locator("summary").ClickAsync();
        await visitor.Page.GetByLabel("Column User name").CheckAsync();
        await visitor.IsAtAsync("**columns=email%2CuserName%2C*");
        await Expect(visitor.Page.Locator("thead")).ToContainTextAsync("User name");
        await visitor.IsAccessibleAsync();
        await visitor.Page.GetByLabel("Rows on a page").SelectOptionAsync("50");
        await visitor.IsAtAsync("**/users?*size=50");
        await AdminApp.UntilAsync(() => visitor.Page.EvaluateAsync<bool>("localStorage.getItem('users')?.startsWith('50 email,userName,')"), "the browser keeps the choice");

        await visitor.GoAsync("/users");

        await Expect(visitor.Page.Locator("thead")).ToContainTextAsync("User name");
        await visitor.IsAtAsync("**size=50*");
        await visitor.GoAsync("/users?page=x&size=7&sort=nothing&columns=none&user=nobody");
        await Expect(visitor.Page.Locator("tbody tr.mud-table-row").First).ToBeVisibleAsync();
    }
}
