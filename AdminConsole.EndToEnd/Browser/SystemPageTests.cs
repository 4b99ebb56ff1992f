using AdminConsole.Core.Common;
using AdminConsole.EndToEnd.Faults;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminConsole.EndToEnd.Browser;

/// <summary>The system page as an administrator sees it.</summary>
public sealed class SystemPageTests(Chromium chromium, SqliteApp app) : IClassFixture<SqliteApp>
{
    private static ILocator Sessions(BrowserSession visitor, int count) =>
        visitor.Page.Locator(".figure", new() { HasText = "Sessions" }).Locator("b").GetByText($"{count}", new() { Exact = true });

    [Fact]
    public async Task The_page_updates_itself_and_stays_without_a_database()
    {
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        await visitor.SignInByFormAsync();
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "System health" }).ClickAsync();
        await Expect(visitor.Page.Locator(".health-strip .health")).ToHaveAttributeAsync("data-health", "healthy");
        await Expect(Sessions(visitor, 1)).ToBeVisibleAsync();

        var person = await app.SignedInUserAsync("User");
        await Expect(Sessions(visitor, 2)).ToBeVisibleAsync();
        await app.Database.ExecuteAsync("""ALTER TABLE "Sessions" RENAME TO "Away" """);
        await Expect(visitor.Page.GetByText("The database does not answer")).ToBeVisibleAsync();
        await app.Database.ExecuteAsync("""ALTER TABLE "Away" RENAME TO "Sessions" """);

        await Expect(visitor.Page.GetByText("The database does not answer")).ToHaveCountAsync(0);
        await Expect(Sessions(visitor, 2)).ToBeVisibleAsync();
        person.Caller.Dispose();
        await visitor.IsAccessibleAsync();
        Assert.Contains("\"status\": \"healthy\"", await visitor.CopyAsync(visitor.Button("Copy diagnostics")));
    }

    [Fact]
    public async Task While_postgres_is_down_the_page_reports_it_and_recovers_afterwards()
    {
        await using var postgres = await OwnPostgres.StartAsync(withStandby: false);
        await using var database = postgres.Database();
        await using var own = await AdminApp.StartAsync(DatabaseProvider.PostgreSQL, database);
        await own.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        await using var visitor = await BrowserSession.StartAsync(chromium, own);
        await visitor.SignInAsync();
        await visitor.OpenPageAsync("/system");
        await Expect(visitor.Page.Locator(".health-strip .health")).ToHaveAttributeAsync("data-health", "healthy");

        await postgres.CrashAsync();
        await Expect(visitor.Page.GetByText("The database does not answer")).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByText("This node", new() { Exact = true })).ToBeVisibleAsync();
        await postgres.ComeBackAsync();

        await Expect(visitor.Page.GetByText("The database does not answer")).ToHaveCountAsync(0);
        await Expect(visitor.Page.Locator(".health-strip .health")).ToHaveAttributeAsync("data-health", "healthy");
    }
}
