using AdminConsole.Tests.Users;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminConsole.EndToEnd.Browser;

/// <summary>The five most frequent jobs of administrators, with the maximum number of clicks for each. Typing does not
/// count.</summary>
public sealed class JobsJourney(Chromium chromium, SqliteApp app) : IClassFixture<SqliteApp>
{
    // A keyboard click has no pointer, so its detail is 0. The count survives navigation.
    private const string Counting = """
        const count = () => sessionStorage.setItem('clicks', 1 + Number(sessionStorage.getItem('clicks')));
        addEventListener('click', event => event.detail > 0 && count(), true);
        """;

    [Fact]
    public async Task A_colleague_is_invited_by_a_copied_link()
    {
        await using var visitor = await ComeAsync("/users");

        await visitor.Button("New user").ClickAsync();
        await visitor.Page.GetByLabel("Email", new() { Exact = true }).FillAsync("onboarded@example.com");
        await visitor.Button("Create").ClickAsync();
        var link = await visitor.CopyAsync(visitor.Button("Copy"));

        Assert.Contains("/invitation?", link, StringComparison.Ordinal);
        await TookAsync(visitor, 4);
    }

    [Fact]
    public async Task An_administrator_among_many_loses_the_role_and_gets_it_back()
    {
        await app.CreateUsersAsync(Enumerable.Range(0, 1000).Select(number => $"crowd{number:0000}@example.com"));
        var user = await app.CreateUserAsync("one.of.many@example.com", null, "Admin");
        await using var visitor = await ComeAsync("/");

        await visitor.Page.Keyboard.PressAsync("Control+k");
        await visitor.Page.Keyboard.TypeAsync("one.of.many");
        await Expect(visitor.Page.GetByRole(AriaRole.Option)).ToHaveCountAsync(1);
        await visitor.Page.Keyboard.PressAsync("Enter");
        await visitor.Button("Edit roles").ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Dialog).GetByLabel("Admin", new() { Exact = true }).ClickAsync();
        await Expect(visitor.Page.Locator(".mud-dialog")).ToContainTextAsync("Remove Admin from");
        await visitor.Button("Remove role").ClickAsync();
        // The undo notice is shown for eight seconds.
        await visitor.Button("Undo").ClickAsync();

        await AdminApp.UntilAsync(
            () => app.ReadAsync(db => Task.FromResult(db.UserRoles.Any(held => held.UserId == user.Id))),
            "the role is back"
        );
        Assert.Equal(
            ["user.role_removed", "user.role_added"],
            await app.ReadAsync(db =>
                Task.FromResult(
                    db.AuditEvents.Where(entry => entry.TargetId == user.Id.ToString() && entry.Action.StartsWith("user.role_"))
                        .OrderBy(entry => entry.Id)
                        .Select(entry => entry.Action)
                        .ToArray()
                )
            )
        );
        // The confirmation takes one more click, and so does Undo.
        await TookAsync(visitor, 2 + 2);
    }

    [Fact]
    public async Task A_deactivated_user_is_notified_in_the_open_browser()
    {
        var person = await app.SignedInUserAsync("User");
        await using var other = await BrowserSession.StartAsync(chromium, app);
        await other.SignInByFormAsync(person.Email);
        await using var visitor = await ComeAsync($"/users?search={person.Email}");

        await visitor.Page.GetByLabel($"Actions for {person.Email}").ClickAsync();
        await visitor.MenuItem("Deactivate").ClickAsync();

        await Expect(other.Page.GetByText("Your account was deactivated. Contact your administrator.")).ToBeVisibleAsync();
        await TookAsync(visitor, 2);
        person.Caller.Dispose();
    }

    [Fact]
    public async Task Twenty_people_are_locked_down_by_name()
    {
        await app.CreateUsersAsync(Enumerable.Range(1, 20).Select(number => $"breached{number:00}@example.com"));
        await using var visitor = await ComeAsync("/users?search=breached");
        await Expect(visitor.Rows).ToHaveCountAsync(20);

        await visitor.Page.GetByLabel("Select breached01@example.com").ClickAsync();
        await visitor.Page.GetByLabel("Select breached20@example.com").ClickAsync(new() { Modifiers = [KeyboardModifier.Shift] });
        await visitor.Button("Lock down…").ClickAsync();
        var dialog = visitor.Page.Locator(".mud-dialog");
        await Expect(dialog).ToContainTextAsync("20 users will be locked down.");
        await Expect(dialog.Locator(".bulk-people li")).ToHaveCountAsync(20);
        await dialog.Locator("#bulk-confirmation").FillAsync("lock down 20");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Lock down", Exact = true }).ClickAsync();

        await Expect(visitor.Page.GetByText("20 users locked down.")).ToBeVisibleAsync();
        await TookAsync(visitor, 5);
    }

    [Fact]
    public async Task Role_changes_of_a_day_are_exported()
    {
        var person = await app.SignedInUserAsync("User");
        using var admin = await app.SignInAdminAsync();
        var day = app.Clock.GetUtcNow().Date;
        (await admin.PutAsync($"/api/users/{person.Id}/roles/Operator")).Is(200);
        await using var visitor = await ComeAsync("/audit");

        await visitor.Button("Saved views").ClickAsync();
        await visitor.Page.Locator(".mud-popover-open .mud-menu-item", new() { HasText = "Role changes" }).ClickAsync();
        await visitor.IsAtAsync("*/audit?action=*");
        await visitor.Page.Locator("summary", new() { HasText = "Time" }).ClickAsync();
        await visitor.Page.GetByLabel("From").FillAsync($"{day:yyyy-MM-dd}T00:00");
        await visitor.Page.Keyboard.PressAsync("Tab");
        await visitor.IsAtAsync("*from=*");
        await visitor.Page.GetByLabel("To", new() { Exact = true }).FillAsync($"{day.AddDays(1):yyyy-MM-dd}T00:00");
        await visitor.Page.Keyboard.PressAsync("Tab");
        await visitor.IsAtAsync("*to=*");
        await visitor.Button("Export").ClickAsync();
        var file = await visitor.Page.RunAndWaitForDownloadAsync(() =>
            visitor.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Export" }).ClickAsync()
        );

        Assert.Contains($"{day:yyyy-MM-dd}", file.SuggestedFilename, StringComparison.Ordinal);
        Assert.Contains(person.Email, await File.ReadAllTextAsync(await file.PathAsync()), StringComparison.Ordinal);
        await TookAsync(visitor, 6);
        person.Caller.Dispose();
    }

    private async Task<BrowserSession> ComeAsync(string path)
    {
        var visitor = await BrowserSession.StartAsync(chromium, app);
        await visitor.Page.AddInitScriptAsync(Counting);
        await visitor.SignInAsync();
        await visitor.OpenPageAsync(path);
        return visitor;
    }

    private static async Task TookAsync(BrowserSession visitor, int most)
    {
        var clicks = await visitor.Page.EvaluateAsync<int>("Number(sessionStorage.getItem('clicks'))");
        Assert.InRange(clicks, 1, most);
    }
}
