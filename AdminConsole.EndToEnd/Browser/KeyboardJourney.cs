using AdminConsole.Tests.Users;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminConsole.EndToEnd.Browser;

/// <summary>The five jobs of <see cref="JobsJourney"/> by keyboard alone.</summary>
public sealed class KeyboardJourney(Chromium chromium, SqliteApp app) : IClassFixture<SqliteApp>
{
    private const int MaxTabs = 60;

    private const string Focused =
        "(document.activeElement.getAttribute('aria-label') || document.activeElement.textContent).replace(/\\s+/g, ' ').trim()";

    [Fact]
    public async Task A_colleague_is_invited_by_a_copied_link()
    {
        await using var visitor = await ComeAsync("/users");

        await PressAsync(visitor, "n");
        await Expect(visitor.Page.GetByLabel("Email", new() { Exact = true })).ToBeFocusedAsync();
        await visitor.Page.Keyboard.TypeAsync("by.keyboard@example.com");
        await PressAsync(visitor, "Enter");
        await Expect(visitor.Button("Copy")).ToBeFocusedAsync();

        var link = await visitor.CopyAsync(() => PressAsync(visitor, "Enter"));

        Assert.Contains("/invitation?", link, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_administrator_loses_the_role()
    {
        var user = await app.CreateUserAsync("found.by.keys@example.com", null, "Admin");
        await using var visitor = await ComeAsync("/");

        await PressAsync(visitor, "Control+k");
        await visitor.Page.Keyboard.TypeAsync("found.by.keys");
        await Expect(visitor.Page.GetByRole(AriaRole.Option)).ToHaveCountAsync(1);
        await PressAsync(visitor, "Enter");
        await Expect(visitor.Page.Locator("[data-panel-title]")).ToBeFocusedAsync();
        await TabToAsync(visitor, "Edit roles");
        await PressAsync(visitor, "Enter");
        await Expect(visitor.Page.Locator("[data-popover]")).ToBeVisibleAsync();
        await TabToAsync(visitor, "Admin");
        await PressAsync(visitor, "Space");
        await Expect(visitor.Page.Locator(".mud-dialog")).ToContainTextAsync("Remove Admin from");
        await TabToAsync(visitor, "Remove role");
        await PressAsync(visitor, "Enter");

        await Expect(visitor.Page.Locator(".mud-dialog")).ToHaveCountAsync(0);
        await Expect(visitor.Page.GetByText("Admin removed from")).ToBeVisibleAsync();
        Assert.Empty(await app.ReadAsync(db => Task.FromResult(db.UserRoles.Where(held => held.UserId == user.Id).ToList())));
    }

    [Fact]
    public async Task A_user_is_deactivated_from_the_table()
    {
        var user = await app.CreateUserAsync("off.by.keys@example.com");
        await using var visitor = await ComeAsync("/users?search=off.by.keys");
        var row = visitor.Page.Locator($"[data-row='{user.Id}']");

        await row.FocusAsync();
        await GoByAsync(visitor, "ArrowRight", $"Actions for {user.Email}");
        await PressAsync(visitor, "Enter");
        await Expect(visitor.MenuItem("Deactivate")).ToBeVisibleAsync();
        await GoByAsync(visitor, "ArrowDown", "Deactivate");
        await PressAsync(visitor, "Enter");

        await Expect(visitor.Page.GetByText("deactivated and signed out everywhere.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Selected_people_are_locked_down()
    {
        await app.CreateUsersAsync(Enumerable.Range(1, 3).Select(number => $"keyed{number}@example.com"));
        await using var visitor = await ComeAsync("/users?search=keyed");
        await Expect(visitor.Rows).ToHaveCountAsync(3);

        await visitor.Page.Locator("[data-row]").First.FocusAsync();
        foreach (var selected in new[] { "1 selected", "2 selected", "All 3 on this page selected" })
        {
            await PressAsync(visitor, "Space");
            await Expect(visitor.Page.GetByText(selected)).ToBeVisibleAsync();
            await PressAsync(visitor, "ArrowDown");
        }

        await TabToAsync(visitor, "Lock down…");
        await PressAsync(visitor, "Enter");
        await Expect(visitor.Page.Locator("#bulk-confirmation")).ToBeVisibleAsync();
        await visitor.Page.Locator("#bulk-confirmation").FocusAsync();
        await visitor.Page.Keyboard.TypeAsync("lock down 3");
        var action = visitor.Page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "Lock down", Exact = true });
        await Expect(action).ToBeEnabledAsync();
        await PressAsync(visitor, "Enter");

        await Expect(visitor.Page.GetByText("3 users locked down.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Role_changes_are_exported()
    {
        await using var visitor = await ComeAsync("/audit");

        await TabToAsync(visitor, "Saved views");
        await PressAsync(visitor, "Enter");
        await Expect(visitor.Page.Locator(".mud-popover-open .mud-menu-item").First).ToBeVisibleAsync();
        await GoByAsync(visitor, "ArrowDown", "Role changes");
        await PressAsync(visitor, "Enter");
        await visitor.IsAtAsync("*/audit?action=*");
        await TabToAsync(visitor, "Export");
        await PressAsync(visitor, "Enter");
        await Expect(visitor.Page.Locator(".mud-dialog")).ToBeVisibleAsync();
        await TabToAsync(visitor, "Export");
        var file = await visitor.Page.RunAndWaitForDownloadAsync(() => PressAsync(visitor, "Enter"));

        Assert.EndsWith(".csv", file.SuggestedFilename, StringComparison.Ordinal);
    }

    private async Task<BrowserSession> ComeAsync(string path)
    {
        var visitor = await BrowserSession.StartAsync(chromium, app);
        // Keys pressed this fast may reach a control that the server is removing. Blazor logs that in the console
        // without effect: an exception in a handler would end the circuit and fail the journey.
        visitor.IgnoreErrors("exception invoking 'DispatchEventAsync'");
        await visitor.SignInAsync();
        await visitor.OpenPageAsync(path);
        return visitor;
    }

    private static Task PressAsync(BrowserSession visitor, string key) => visitor.Page.Keyboard.PressAsync(key);

    private static Task TabToAsync(BrowserSession visitor, string name) => GoByAsync(visitor, "Tab", name);

    // The focus moves with the key or with the next render batch.
    private static async Task GoByAsync(BrowserSession visitor, string key, string name)
    {
        for (var press = 0; press < MaxTabs; press++)
        {
            await PressAsync(visitor, key);
            await visitor.Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
            if (await visitor.Page.EvaluateAsync<string>(Focused) == name)
            {
                return;
            }
        }

        Assert.Fail($"{key} never reached '{name}'.");
    }
}
