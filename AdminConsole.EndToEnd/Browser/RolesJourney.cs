using AdminConsole.Core.Contracts;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminConsole.EndToEnd.Browser;

/// <summary>The list of roles, the page of each, and the comparison.</summary>
public sealed class RolesJourney(Chromium chromium, SqliteApp app) : IClassFixture<SqliteApp>
{
    private static ILocator Bar(BrowserSession visitor) => visitor.Page.GetByRole(AriaRole.Region, new() { Name = "Unsaved changes" });

    [Fact]
    public async Task A_role_is_created_given_permissions_compared_and_deleted()
    {
        await using var admin = await BrowserSession.StartAsync(chromium, app);
        await admin.SignInAsync();
        await admin.OpenPageAsync("/roles");
        await admin.Button("New role").ClickAsync();
        await admin.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Helpdesk");
        await admin.IsAccessibleAsync();
        await admin.Button("Create role").ClickAsync();

        await admin.IsAtAsync("**/roles/Helpdesk");
        await Expect(admin.Page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Helpdesk" })).ToBeVisibleAsync();
        await admin.Page.GetByLabel("Reset passwords and two-factor authentication").CheckAsync();
        await admin.Page.GetByLabel("View users and their roles").CheckAsync();
        await Expect(Bar(admin)).ToContainTextAsync("2 changes · affects no users yet");
        await admin.IsAccessibleAsync();
        await admin.Button("Save").ClickAsync();
        await Expect(Bar(admin)).ToHaveCountAsync(0);
        await Expect(admin.Page.GetByText("2 of 17 permissions")).ToBeVisibleAsync();

        // The page has a field "Name" too, so the label is looked up in the dialog.
        await admin.Button("Duplicate").ClickAsync();
        await admin.Page.GetByRole(AriaRole.Dialog).GetByLabel("Name", new() { Exact = true }).FillAsync("Night desk");
        await admin.Button("Create role").ClickAsync();
        await admin.IsAtAsync("**/roles/Night%20desk");
        await Expect(admin.Page.GetByRole(AriaRole.Heading, new() { Level = 1, Name = "Night desk" })).ToBeFocusedAsync();
        await Expect(admin.Page.GetByText("2 of 17 permissions")).ToBeVisibleAsync();

        await admin.OpenPageAsync("/roles/compare");
        await admin.Page.GetByRole(AriaRole.Link, new() { Name = "Helpdesk" }).ClickAsync();
        await admin.IsAtAsync("**/roles/Helpdesk");
        await admin.Button("Delete…").ClickAsync();
        await admin.Button("Delete role").ClickAsync();
        await admin.IsAtAsync("**/roles");
        await Expect(admin.Row("Operator")).ToHaveCountAsync(1);
        await Expect(admin.Row("Helpdesk")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Leaving_with_unsaved_changes_needs_confirmation()
    {
        var role = await app.CreateRoleAsync("users.read");
        await using var admin = await BrowserSession.StartAsync(chromium, app);
        await admin.SignInAsync();
        await admin.OpenPageAsync($"/roles/{role}");
        await admin.Page.GetByLabel("View all sessions").CheckAsync();
        await Expect(Bar(admin)).ToBeVisibleAsync();

        await admin.Page.Locator("nav a[href='users']").ClickAsync();
        await Expect(admin.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Discard 1 change?");
        await admin.IsAccessibleAsync();
        await admin.Button("Cancel").ClickAsync();
        await Expect(admin.Page.GetByLabel("View all sessions")).ToBeCheckedAsync();
        await admin.IsAtAsync($"**/roles/{role}");
        await admin.Page.Locator("nav a[href='users']").ClickAsync();
        await admin.Button("Discard and leave").ClickAsync();
        await admin.IsAtAsync("**/users*");
        await admin.OpenPageAsync($"/roles/{role}");
        await Expect(admin.Page.GetByLabel("View all sessions")).Not.ToBeCheckedAsync();
    }

    [Fact]
    public async Task A_privileged_permission_needs_confirmation_with_the_number_of_users()
    {
        var role = await app.CreateRoleAsync("users.read");
        var person = await app.SignedInUserAsync(role);
        await using var admin = await BrowserSession.StartAsync(chromium, app);
        await using var holder = await BrowserSession.StartAsync(chromium, app);
        await admin.SignInAsync();
        await holder.SignInByFormAsync(person.Email);
        await admin.OpenPageAsync($"/roles/{role}");

        await admin.Page.GetByLabel("Change settings").CheckAsync();
        await Expect(Bar(admin)).ToContainTextAsync("1 change · affects 1 user");
        await admin.Button("Save").ClickAsync();
        await Expect(admin.Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("1 user gains “Change settings and view system health”.");
        await Expect(holder.Page.Locator("nav a[href='settings']")).ToHaveCountAsync(0);
        await admin.Button("Save changes").ClickAsync();

        await Expect(holder.Page.Locator("nav a[href='settings']")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_concurrent_save_is_reported_and_not_overwritten_on_the_page()
    {
        var role = await app.CreateRoleAsync("users.read");
        await using var admin = await BrowserSession.StartAsync(chromium, app);
        await admin.SignInAsync();
        await admin.OpenPageAsync($"/roles/{role}");
        await admin.Page.GetByLabel("View all sessions").CheckAsync();
        await Expect(Bar(admin)).ToBeVisibleAsync();
        using var caller = await app.SignInAdminAsync();

        var changed = new { name = role, permissions = new[] { "users.read", "audit.read" } };
        (await caller.SendAsync(HttpMethod.Put, $"/api/roles/{role}", changed)).Is(200);
        await Expect(admin.Page.GetByText("Someone else changed this role.")).ToBeVisibleAsync();
        await Expect(admin.Page.GetByLabel("View all sessions")).ToBeCheckedAsync();
        await admin.Button("Save").ClickAsync();
        await admin.Button("Discard your changes and show the latest").ClickAsync();

        await Expect(admin.Page.GetByLabel("View the audit log")).ToBeCheckedAsync();
        await Expect(admin.Page.GetByLabel("View all sessions")).Not.ToBeCheckedAsync();
        var saved = (await caller.GetAsync($"/api/roles/{role}")).Is(200).As<RoleSummary>();
        Assert.Equal(["audit.read", "users.read"], saved.Permissions.Order());
    }

    [Fact]
    public async Task A_built_in_role_can_only_be_read_and_duplicated()
    {
        await using var admin = await BrowserSession.StartAsync(chromium, app, width: 390, height: 844, scheme: ColorScheme.Dark);
        await admin.SignInAsync();
        await admin.OpenPageAsync("/roles/Operator");

        await Expect(admin.Page.GetByText("Built-in roles can't be changed.")).ToBeVisibleAsync();
        await Expect(admin.Page.GetByLabel("View users and their roles")).ToBeDisabledAsync();
        await Expect(admin.Button("Delete…")).ToHaveCountAsync(0);
        await admin.IsAccessibleAsync();
        await admin.Button("Duplicate").ClickAsync();
        await admin.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Auditor");
        await admin.Button("Create role").ClickAsync();
        await admin.IsAtAsync("**/roles/Auditor");
        await Expect(admin.Page.GetByLabel("View the audit log")).ToBeCheckedAsync();

        foreach (var path in new[] { "/roles", "/roles/Auditor", "/roles/compare" })
        {
            await admin.OpenPageAsync(path);
            await admin.IsAccessibleAsync();
            var fits = await admin.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth");
            Assert.True(fits, $"{path} is wider than the screen.");
        }
    }
}
