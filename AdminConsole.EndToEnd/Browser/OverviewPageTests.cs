using AdminConsole.Tests.Tokens;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminConsole.EndToEnd.Browser;

/// <summary>The overview page, with and without permissions over other users.</summary>
public sealed class OverviewPageTests(Chromium chromium, SqliteApp app) : IClassFixture<SqliteApp>
{
    [Fact]
    public async Task An_administrator_sees_statistics_first_steps_and_recent_activity()
    {
        var user = await app.CreateUserAsync("just.created@example.com");
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        await visitor.SignInByFormAsync();

        await Expect(visitor.Page.Locator(".event-list")).ToContainTextAsync($"created {user.Email}");
        await Expect(visitor.Page.GetByText("of 4 done")).ToBeVisibleAsync();
        await visitor.IsAccessibleAsync();
        await visitor.Button("Dismiss").ClickAsync();
        await Expect(visitor.Page.GetByText("of 4 done")).ToHaveCountAsync(0);
        await visitor.Page.ReloadAsync();
        await Expect(visitor.Page.Locator(".event-list")).ToContainTextAsync($"created {user.Email}");
        await Expect(visitor.Page.GetByText("of 4 done")).ToHaveCountAsync(0);

        await visitor.Page.Locator(".figure a", new() { HasText = "Failed sign-ins" }).ClickAsync();
        await visitor.IsAtAsync("**/audit?action=auth.sign_in_failed");
    }

    [Fact]
    public async Task A_user_without_administrative_permissions_sees_the_own_account()
    {
        var person = await app.SignedInUserAsync("User");
        await using var visitor = await BrowserSession.StartAsync(chromium, app, 390);
        await visitor.SignInByFormAsync(person.Email);

        await Expect(visitor.Page.GetByText("2FA: Off")).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByText("This device")).ToBeVisibleAsync();
        await Expect(visitor.Page.Locator(".figure")).ToHaveCountAsync(0);
        await Expect(visitor.Page.GetByText("No tokens yet.")).ToBeVisibleAsync();
        await person.Caller.CreateTokenAsync();
        await Expect(visitor.Page.GetByText("1 active token")).ToBeVisibleAsync();
        await visitor.IsAccessibleAsync();
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Create token" }).ClickAsync();

        await visitor.IsAtAsync("**/account/tokens*");
        person.Caller.Dispose();
    }
}
