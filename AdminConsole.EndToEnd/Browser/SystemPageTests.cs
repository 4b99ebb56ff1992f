using AdminConsole.Core;
using AdminConsole.EndToEnd.Faults;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminConsole.EndToEnd.Browser;

/// <summary>An administrator watches how the node is doing.</summary>
public sealed class SystemPageTests(Chromium chromium, SqliteApp app) : IClassFixture<SqliteApp>
{
    [Fact]
    public async Task The_page_follows_by_itself_and_stays_when_the_database_is_gone()
    {
        await using var visitor = await Visitor.ComeAsync(chromium, app);
        await visitor.SignInByFormAsync();
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "System" }).ClickAsync();
        await Expect(visitor.Page.Locator(".page-head .health")).ToHaveAttributeAsync("data-health", "healthy");
        await Expect(visitor.Page.GetByText("1 live sessions")).ToBeVisibleAsync();

        var person = await app.PersonAsync("User");
        await Expect(visitor.Page.GetByText("2 live sessions")).ToBeVisibleAsync();
        await app.Database.ExecuteAsync("""ALTER TABLE "Sessions" RENAME TO "Away" """);
        await Expect(visitor.Page.GetByText("The database does not answer")).ToBeVisibleAsync();
        await app.Database.ExecuteAsync("""ALTER TABLE "Away" RENAME TO "Sessions" """);

        await Expect(visitor.Page.GetByText("The database does not answer")).ToHaveCountAsync(0);
        await Expect(visitor.Page.GetByText("2 live sessions")).ToBeVisibleAsync();
        person.Caller.Dispose();
    }

    [Fact]
    public async Task While_postgres_is_away_the_page_says_so_and_goes_on_when_it_is_back()
    {
        await using var postgres = await OwnPostgres.StartAsync(withStandby: false);
        await using var database = postgres.Database();
        await using var own = await AdminApp.StartAsync(DatabaseProvider.PostgreSQL, database);
        await own.CreateUserAsync(Some.AdminEmail, Some.Password, "Admin");
        await using var visitor = await Visitor.ComeAsync(chromium, own);
        await visitor.SignInAsync();
        await visitor.GoAsync("/system");
        await Expect(visitor.Page.Locator(".page-head .health")).ToHaveAttributeAsync("data-health", "healthy");

        await postgres.CrashAsync();
        await Expect(visitor.Page.GetByText("The database does not answer")).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByText("This node", new() { Exact = true })).ToBeVisibleAsync();
        await postgres.ComeBackAsync();

        await Expect(visitor.Page.GetByText("The database does not answer")).ToHaveCountAsync(0);
        await Expect(visitor.Page.Locator(".page-head .health")).ToHaveAttributeAsync("data-health", "healthy");
    }
}
