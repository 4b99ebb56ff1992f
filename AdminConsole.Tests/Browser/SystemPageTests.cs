using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminConsole.Tests.Browser;

/// <summary>An administrator watches how the node is doing.</summary>
[Collection(Journeys.Name)]
public sealed class SystemPageTests(Chromium chromium, SqliteApp app) : IClassFixture<SqliteApp>
{
    [Fact]
    public async Task The_page_follows_by_itself_and_stays_when_the_database_is_gone()
    {
        await using var visitor = await Visitor.ComeAsync(chromium, app);
        await visitor.SignInAsync();
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
}
