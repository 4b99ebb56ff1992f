using AdminConsole.Core.Common;
using AdminConsole.Tests.Users;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminConsole.EndToEnd.Browser;

/// <summary>The main job end to end, from the view of four users.</summary>
public sealed class FirstRunJourney(Chromium chromium)
{
    private const string Boss = "boss@example.com";
    private const string Deputy = "deputy@example.com";
    private const string Bob = "bob.builder@example.com";

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSQL)]
    public async Task From_the_first_start_to_a_deactivated_user(DatabaseProvider provider)
    {
        await using var app = await AdminApp.StartAsync(provider);
        await using var boss = await BrowserSession.StartAsync(chromium, app);
        await CreateFirstAdministratorAsync(boss);
        await app.CreateUsersAsync(Enumerable.Range(0, 10_000).Select(number => $"crowd{number:00000}@example.com"));
        await app.CreateUserAsync(Deputy, TestData.Password, "Admin");
        await app.CreateUserAsync(Bob, TestData.Password);

        await using var deputy = await BrowserSession.StartAsync(chromium, app);
        await using var bob = await BrowserSession.StartAsync(chromium, app, width: 390, height: 844);
        await deputy.SignInByFormAsync(Deputy);
        await bob.SignInByFormAsync(Bob);
        await FindBobAsync(boss);
        await FindBobAsync(deputy);

        await boss.Row(Bob).Locator("[data-roles]").ClickAsync();
        await boss.Page.Locator(".role-picker").GetByLabel("Operator").ClickAsync();
        await Expect(deputy.Row(Bob).Locator(".chip.held", new() { HasText = "Operator" })).ToBeVisibleAsync();
        await Expect(bob.Page.Locator("nav a[href='users']")).ToHaveCountAsync(1);

        await boss.Page.Keyboard.PressAsync("Escape");
        await boss.Page.GetByLabel($"Actions for {Bob}").ClickAsync();
        await boss.MenuItem("Deactivate with reason…").ClickAsync();
        await boss.Page.GetByLabel("Reason (optional)").FillAsync("left the company");
        await boss.Button("Deactivate").ClickAsync();
        await bob.IsAtAsync("**/login?*reason=deactivated");
        await Expect(bob.Page.GetByText("Your account was deactivated. Contact your administrator.")).ToBeVisibleAsync();
        await Expect(deputy.Row(Bob).GetByText("Deactivated")).ToBeVisibleAsync();
        Assert.Equal(401, (await bob.Page.APIRequest.GetAsync("/api/auth/me")).Status);

        var user = await app.ReadAsync(db => Task.FromResult(db.Users.Single(user => user.Email == Bob)));
        await deputy.OpenPageAsync($"/audit?target={user.Id}");
        foreach (var what in new[] { " created ", " assigned ", " deactivated " })
        {
            await Expect(deputy.Row(what)).ToHaveCountAsync(1);
        }

        await Expect(deputy.Row(" deactivated ")).ToContainTextAsync(Boss);
        await deputy.Row(" deactivated ").ClickAsync();
        await Expect(deputy.Page.Locator(".event-panel")).ToContainTextAsync("left the company");
        await deputy.Page.Keyboard.PressAsync("Escape");
        await Expect(deputy.Page.Locator(".event-panel")).ToHaveCountAsync(0);
        await deputy.Button("Verify").ClickAsync();
        await Expect(deputy.Page.Locator(".integrity-chip[data-state=good]")).ToContainTextAsync("Verified just now");
    }

    private static async Task CreateFirstAdministratorAsync(BrowserSession boss)
    {
        await boss.Page.GotoAsync("/users");
        await boss.IsAtAsync("**/setup");
        await boss.IsAccessibleAsync();
        await boss.Page.GetByLabel("Email").FillAsync(Boss);
        await boss.Page.GetByLabel("Password").FillAsync("short");
        await boss.Button("Create account and sign in").ClickAsync();
        await Expect(boss.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("12 to 128 characters");
        await boss.Page.GetByLabel("Password").FillAsync(TestData.Password);
        await boss.Button("Create account and sign in").ClickAsync();
        await Expect(boss.Page.GetByRole(AriaRole.Heading, new() { Name = "Overview" })).ToBeVisibleAsync();
    }

    private static async Task FindBobAsync(BrowserSession visitor)
    {
        await visitor.OpenPageAsync("/users");
        await visitor.Page.GetByLabel("Search users").FillAsync("BUILDER@exa");
        await Expect(visitor.Page.GetByText("1 user", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(visitor.Row(Bob)).ToHaveCountAsync(1);
    }
}
