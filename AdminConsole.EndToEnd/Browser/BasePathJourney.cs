using AdminConsole.Core.Common;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminConsole.EndToEnd.Browser;

/// <summary>A console whose PublicUrl has a path: everything that a page loads, links to or connects to is below that
/// path.</summary>
public sealed class BasePathJourney(Chromium chromium)
{
    [Fact]
    public async Task Below_a_base_path_a_user_signs_in_opens_the_pages_and_signs_out()
    {
        await using var app = await AdminApp.StartAsync(DatabaseProvider.Sqlite, settings: ("PublicUrl", "http://localhost/console"));
        await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        var page = visitor.Page;
        var outside = new List<string>();
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url) is { Scheme: "http" } url && !url.AbsolutePath.StartsWith("/console/", StringComparison.Ordinal))
            {
                outside.Add(url.AbsolutePath);
            }
        };

        await page.GotoAsync("/console/users?search=admin");
        await visitor.IsAtAsync("*/console/login?returnUrl=*");
        await page.GetByLabel("Email or username").FillAsync(TestData.AdminEmail);
        await page.GetByLabel("Password").FillAsync(TestData.Password);
        await visitor.Button("Sign in").ClickAsync();
        await visitor.IsAtAsync("*/console/users?search=admin");
        await Expect(visitor.Row(TestData.AdminEmail)).ToBeVisibleAsync();

        await page.Locator("nav a[href='audit']").ClickAsync();
        await visitor.IsAtAsync("*/console/audit");
        await visitor.Button("Export").ClickAsync();
        var export = page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "Export" });
        var file = await page.RunAndWaitForDownloadAsync(() => export.ClickAsync());
        Assert.EndsWith("/console/api/audit/export?format=csv&bom=true", file.Url, StringComparison.Ordinal);
        await page.Locator("nav a[aria-current=page][href='audit']").WaitForAsync();
        await page.Locator("a.brand").ClickAsync();
        await visitor.IsAtAsync("*/console/");
        await page.Locator(".account-menu summary").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).First.ClickAsync();
        await visitor.IsAtAsync("*/console/login?reason=signed-out");
        Assert.Empty(outside);
    }
}
