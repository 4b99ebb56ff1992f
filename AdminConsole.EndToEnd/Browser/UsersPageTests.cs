using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminConsole.EndToEnd.Browser;

/// <summary>Operations of an administrator in the users grid.</summary>
public sealed class UsersPageTests(Chromium chromium, SqliteApp app) : IClassFixture<SqliteApp>
{
    [Fact]
    public async Task A_user_is_created_edited_and_deleted_in_the_table()
    {
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        await visitor.SignInAsync();
        await visitor.OpenPageAsync("/users");

        await visitor.Button("New user").ClickAsync();
        await visitor.IsAtAsync("**/users?new=1");
        await Expect(visitor.Page.GetByLabel("Send invitation")).ToBeDisabledAsync();
        await visitor.Page.GetByLabel("Email", new() { Exact = true }).FillAsync("carla@example.com");
        await visitor.Page.GetByLabel("Temporary password", new() { Exact = true }).CheckAsync();
        await visitor.Page.GetByRole(AriaRole.Textbox, new() { Name = "Temporary password" }).FillAsync("short");
        await visitor.Button("Create").ClickAsync();
        await Expect(visitor.Page.GetByText("Use 12 to 128 characters.")).ToBeVisibleAsync();
        await visitor.IsAccessibleAsync();
        await visitor.Page.GetByRole(AriaRole.Textbox, new() { Name = "Temporary password" }).FillAsync(TestData.Password);
        await visitor.Button("Create").ClickAsync();
        await Expect(visitor.Page.GetByText("They must change the password at first sign-in.")).ToBeVisibleAsync();
        await visitor.Button("Close").ClickAsync();
        await visitor.IsAtAsync("**/users");
        await Expect(visitor.Row("carla@example.com").GetByText("Password change required")).ToBeVisibleAsync();

        await visitor.Page.GetByLabel("Actions for carla@example.com").ClickAsync();
        await visitor.MenuItem("Edit…").ClickAsync();
        await visitor.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Carla Jung");
        await visitor.Button("Save").ClickAsync();
        await Expect(visitor.Row("Carla Jung")).ToHaveCountAsync(1);

        await visitor.Page.GetByLabel("Actions for carla@example.com").ClickAsync();
        await visitor.MenuItem("Delete…").ClickAsync();
        await Expect(visitor.Button("Delete")).ToBeDisabledAsync();
        await visitor.Page.GetByLabel("to confirm").FillAsync("carla@example.com");
        await visitor.Button("Delete").ClickAsync();
        await Expect(visitor.Row("carla@example.com")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_panel_follows_the_user_who_is_selected()
    {
        var (first, second) = (await app.CreateUserAsync(), await app.CreateUserAsync());
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        await visitor.SignInAsync();
        await visitor.OpenPageAsync("/users?sort=-createdAt");

        foreach (var user in new[] { first, second, first })
        {
            await visitor.Row(user.Email!).Locator("[data-open]").ClickAsync();
            await Expect(visitor.Page.Locator(".user-panel .panel-mail")).ToContainTextAsync(user.Email!);
            await Expect(visitor.Page.Locator(".user-panel")).ToHaveCountAsync(1);
        }
    }

    [Fact]
    public async Task A_role_is_assigned_at_once_and_undone()
    {
        var user = await app.CreateUserAsync(null, TestData.Password);
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        await visitor.SignInAsync();
        await visitor.OpenPageAsync($"/users?search={user.Email}");

        await visitor.Row(user.Email!).Locator("[data-roles]").ClickAsync();
        await visitor.IsAccessibleAsync();
        await visitor.Page.Locator(".role-picker").GetByLabel("Operator").ClickAsync();
        await Expect(visitor.Row(user.Email!).Locator(".chip.held", new() { HasText = "Operator" })).ToBeVisibleAsync();
        await visitor.Page.Keyboard.PressAsync("Escape");
        await Expect(visitor.Page.Locator(".role-picker")).ToHaveCountAsync(0);
        await Expect(visitor.Row(user.Email!).Locator("[data-roles]")).ToBeFocusedAsync();
        await visitor.Button("Undo").ClickAsync();

        await Expect(visitor.Row(user.Email!).Locator(".chip.held", new() { HasText = "Operator" })).ToHaveCountAsync(0);
        await AdminApp.UntilAsync(async () => await RolesOfAsync(user.Id) == 1, "the role is removed");
    }

    [Fact]
    public async Task A_privileged_role_needs_confirmation_with_the_user_and_the_counts()
    {
        var person = await app.SignedInUserAsync("Admin");
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        await visitor.SignInAsync();
        await visitor.OpenPageAsync($"/users?search={person.Email}");
        var dialog = visitor.Page.Locator(".mud-dialog");

        await visitor.Row(person.Email).Locator("[data-roles]").ClickAsync();
        await visitor.Page.Locator(".role-picker").GetByLabel("Admin").ClickAsync();
        await Expect(dialog).ToContainTextAsync(person.Email);
        await Expect(dialog).ToContainTextAsync("also in 1 session");
        await visitor.IsAccessibleAsync();
        await visitor.Button("Cancel").ClickAsync();
        await Expect(dialog).ToHaveCountAsync(0);
        await Expect(visitor.Page.Locator(".role-picker").GetByLabel("Admin")).ToBeCheckedAsync();
        Assert.Equal(1, await RolesOfAsync(person.Id));

        await visitor.Page.Locator(".role-picker").GetByLabel("Admin").ClickAsync();
        await visitor.Button("Remove role").ClickAsync();
        await AdminApp.UntilAsync(async () => await RolesOfAsync(person.Id) == 0, "the role is removed");
        await Expect(visitor.Button("Undo")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_refused_toggle_is_reset_with_the_reason()
    {
        await using var own = await AdminApp.StartAsync(AdminConsole.Core.Common.DatabaseProvider.Sqlite);
        await own.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        await using var visitor = await BrowserSession.StartAsync(chromium, own);
        await visitor.SignInAsync();
        await visitor.OpenPageAsync($"/users?search={TestData.AdminEmail}");

        await visitor.Row(TestData.AdminEmail).Locator("[data-roles]").ClickAsync();
        await visitor.Page.Locator(".role-picker").GetByLabel("Admin").ClickAsync();
        await visitor.Button("Remove role").ClickAsync();

        await Expect(visitor.Page.GetByText("At least one active administrator must be able to sign in.")).ToBeVisibleAsync();
        await Expect(visitor.Row(TestData.AdminEmail).Locator(".chip.held", new() { HasText = "Admin" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Operations_refused_on_the_own_account_are_disabled_with_the_reason()
    {
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        await visitor.SignInAsync();
        await visitor.OpenPageAsync($"/users?search={TestData.AdminEmail}");

        await visitor.Page.GetByLabel($"Actions for {TestData.AdminEmail}").ClickAsync();

        await Expect(visitor.MenuItem("Delete…")).ToHaveAttributeAsync("title", "You can't delete your own account.");
        await Expect(visitor.MenuItem("Delete…")).ToBeDisabledAsync();
        await Expect(visitor.MenuItem("Unlock")).ToHaveCountAsync(0);
        await visitor.IsAccessibleAsync();
    }

    [Fact]
    public async Task A_user_is_deactivated_with_two_clicks_and_reactivated_with_undo()
    {
        var user = await app.CreateUserAsync(null, TestData.Password);
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        await visitor.SignInAsync();
        await visitor.OpenPageAsync($"/users?search={user.Email}");

        await visitor.Page.GetByLabel($"Actions for {user.Email}").ClickAsync();
        await visitor.MenuItem("Deactivate").ClickAsync();
        await Expect(visitor.Row(user.Email!).GetByText("Deactivated")).ToBeVisibleAsync();
        await visitor.Button("Undo").ClickAsync();

        await Expect(visitor.Row(user.Email!).GetByText("Active", new() { Exact = true })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task An_old_sign_in_is_confirmed_in_place_and_the_operation_continues()
    {
        await using var own = await AdminApp.StartAsync(AdminConsole.Core.Common.DatabaseProvider.Sqlite);
        await own.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        var user = await own.CreateUserAsync();
        await using var visitor = await BrowserSession.StartAsync(chromium, own);
        await visitor.SignInAsync();
        await visitor.OpenPageAsync("/users");
        own.Clock.Advance(TimeSpan.FromMinutes(16));

        await visitor.Row(user.Email!).Locator("[data-roles]").ClickAsync();
        await visitor.Page.Locator(".role-picker").GetByLabel("Operator").ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Textbox, new() { Name = "Password" }).FillAsync("wrong password 1");
        await visitor.Button("Confirm").ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Alert).First).ToContainTextAsync("Incorrect");
        await visitor.Page.GetByRole(AriaRole.Textbox, new() { Name = "Password" }).FillAsync(TestData.Password);
        await visitor.Button("Confirm").ClickAsync();

        await Expect(visitor.Row(user.Email!).Locator(".chip.held", new() { HasText = "Operator" })).ToBeVisibleAsync();
        await AdminApp.UntilAsync(
            async () => await own.ReadAsync(db => Task.FromResult(db.UserRoles.Count(held => held.UserId == user.Id))) == 2,
            "the role is assigned"
        );
    }

    [Fact]
    public async Task A_viewer_who_only_reads_is_offered_no_changes()
    {
        var person = await app.SignedInUserAsync("Operator");
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        await visitor.SignInAsync(person.Email);

        await visitor.OpenPageAsync("/users");

        await Expect(visitor.Row(person.Email)).ToHaveCountAsync(1);
        await Expect(visitor.Page.Locator("[data-roles], [data-select]")).ToHaveCountAsync(0);
        await Expect(visitor.Button("New user")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_panel_shows_a_user_and_signs_out_their_session()
    {
        var person = await app.SignedInUserAsync("Operator");
        await using var admin = await BrowserSession.StartAsync(chromium, app);
        await using var owner = await BrowserSession.StartAsync(chromium, app);
        await admin.SignInAsync();
        await owner.SignInByFormAsync(person.Email);

        await admin.OpenPageAsync($"/users?search={person.Email}");
        await admin.Row(person.Email).Locator("[data-open]").ClickAsync();
        await Expect(admin.Page.Locator(".user-panel")).ToContainTextAsync(person.Email);
        await Expect(admin.Page.Locator(".permissions")).ToContainTextAsync("from Operator");
        await admin.IsAccessibleAsync();
        await admin.Button("Sessions & devices").ClickAsync();
        await admin.Button("Sign out Chrome on Linux").ClickAsync();

        await owner.IsAtAsync("**/login?reason=ended");
    }

    private Task<int> RolesOfAsync(Guid id) => app.ReadAsync(db => Task.FromResult(db.UserRoles.Count(held => held.UserId == id)));
}
