using AdminConsole.Core;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminConsole.Tests.Browser;

[Collection(nameof(Journeys))]
public sealed class FirstRunJourney(Chromium chromium)
{
    [Fact]
    public async Task From_an_empty_console_to_signed_in_out_and_in_again()
    {
        await using var app = await AdminApp.StartAsync(DatabaseProvider.Sqlite);
        await using var visitor = await chromium.VisitAsync(app);
        var page = await visitor.OpenAsync("/");

        await Expect(page).ToHaveURLAsync($"http://localhost:{app.Root.Port}/setup");
        await Visitor.IsAccessibleAsync(page);
        await page.GetByLabel("E-mail address").FillAsync(Some.AdminEmail);
        await page.GetByLabel("Password").FillAsync("short1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create and sign in" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("12 to 128 characters");

        await page.GetByLabel("Password").FillAsync(Some.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Create and sign in" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Overview", Level = 1 })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Banner)).ToContainTextAsync(Some.AdminEmail);

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        await Visitor.IsAccessibleAsync(page);

        await SignInAsync(page, Some.NewPassword);
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Name or password is wrong");
        await Visitor.IsAccessibleAsync(page);

        await SignInAsync(page, Some.Password);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Overview", Level = 1 })).ToBeVisibleAsync();
        visitor.HasNoComplaints();
    }

    private static async Task SignInAsync(IPage page, string password)
    {
        await page.GetByLabel("E-mail address or user name").FillAsync(Some.AdminEmail);
        await page.GetByLabel("Password").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }
}
