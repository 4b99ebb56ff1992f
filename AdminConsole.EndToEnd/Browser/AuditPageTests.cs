using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminConsole.EndToEnd.Browser;

/// <summary>The audit page: filters, details, saved views and exports.</summary>
public sealed class AuditPageTests(Chromium chromium, LongLog app) : IClassFixture<LongLog>
{
    [Fact]
    public async Task Filters_are_in_the_address_and_the_back_button_undoes_them()
    {
        var user = await app.CreateUserAsync("filtered@example.com");
        await using var visitor = await app.OperatorAsync(chromium);

        await visitor.FilterMenu("Action").ClickAsync();
        await visitor.Page.GetByLabel("Find an action").FillAsync("account new");
        await visitor.Page.GetByLabel("User created").CheckAsync();
        await visitor.IsAtAsync("**/audit?action=user.created");
        await visitor.IsAccessibleAsync();
        await visitor.Page.Keyboard.PressAsync("Escape");
        await visitor.Page.GetByLabel("Target", new() { Exact = true }).FillAsync("filtered@");
        await visitor.Page.Locator(".mud-popover-open .person-option", new() { HasText = user.Email }).ClickAsync();
        await visitor.IsAtAsync($"**/audit?action=user.created&target={user.Id}");
        await Expect(visitor.Events()).ToHaveCountAsync(1);
        await Expect(visitor.Page.GetByText("1 event", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByLabel("Remove filter Target: filtered", new() { Exact = true })).ToBeVisibleAsync();
        await visitor.IsAccessibleAsync();

        await visitor.Page.GetByLabel("Remove filter Action: User created").ClickAsync();
        await visitor.IsAtAsync($"**/audit?target={user.Id}");
        await visitor.Page.GoBackAsync();
        await Expect(visitor.Page.GetByLabel("Remove filter Action: User created")).ToBeVisibleAsync();
        await visitor.Page.ReloadAsync();
        await Expect(visitor.Row("filtered@example.com")).ToHaveCountAsync(1);
        await visitor.Button("Clear filters").ClickAsync();
        await visitor.IsAtAsync("**/audit");
        await visitor.Page.GetByLabel("Actor", new() { Exact = true }).FillAsync("nobody-is-called-this");
        await visitor.Page.Locator(".mud-popover-open .person-option", new() { HasText = "Contains" }).ClickAsync();
        await visitor.IsAtAsync("**/audit?actor=nobody-is-called-this");
        await visitor.OpenPageAsync("/audit?session=nonsense");
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("session=nonsense");
    }

    [Fact]
    public async Task A_preset_of_times_and_the_time_zone_apply_at_once()
    {
        await using var visitor = await app.OperatorAsync(chromium);

        await visitor.FilterMenu("Time").ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Last 24 hours" }).ClickAsync();
        await visitor.IsAtAsync("**/audit?from=*");
        await Expect(visitor.Page.GetByLabel("Custom range (local time)")).ToBeHiddenAsync();
        await visitor.Button("UTC").ClickAsync();
        await Expect(visitor.Page.Locator(".filter-chips .chip")).ToContainTextAsync("UTC");
        await visitor.Page.ReloadAsync();
        await Expect(visitor.Button("UTC")).ToHaveAttributeAsync("aria-pressed", "true");
    }

    [Fact]
    public async Task The_panel_shows_the_changes_and_related_links()
    {
        var user = await app.CreateUserAsync("before@example.com");
        using var admin = await app.SignInAdminAsync();
        (await admin.PatchAsync($"/api/users/{user.Id}", new { displayName = "After" })).Is(200);
        await using var visitor = await app.OperatorAsync(chromium, $"/audit?target={user.Id}&action=user.updated");

        await visitor.Events().First.ClickAsync();
        await Expect(visitor.Page.Locator(".changes ins")).ToHaveTextAsync("After");
        await Expect(visitor.Page.Locator(".changes del")).ToHaveTextAsync("before");
        await visitor.IsAccessibleAsync();
        await visitor.Page.GetByText("JSON", new() { Exact = true }).ClickAsync();
        Assert.Contains("\"action\": \"user.updated\"", await visitor.CopyAsync(visitor.Button("Copy")));

        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Same request" }).ClickAsync();
        await visitor.IsAtAsync("**/audit?request=*");
        await Expect(visitor.Events()).ToHaveCountAsync(1);
        await Expect(visitor.Page.Locator(".event-panel")).ToHaveCountAsync(0);
        await visitor.Events().First.ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Activity on before@example.com" }).ClickAsync();
        await visitor.IsAtAsync($"**/audit?target={user.Id}");
        await Expect(visitor.Row(" created before@example.com")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Two_events_opened_one_after_the_other_each_show_their_own_and_back_closes()
    {
        var one = await app.CreateUserAsync("panel.one@example.com");
        var two = await app.CreateUserAsync("panel.two@example.com");
        await using var visitor = await app.OperatorAsync(chromium, "/audit?search=panel.");
        var panel = visitor.Page.Locator(".event-panel");

        await visitor.Row(one.Email!).ClickAsync();
        await Expect(panel.Locator("h2")).ToContainTextAsync(one.Email!);
        await visitor
            .Row(two.Email!)
            .ClickAsync(
                new()
                {
                    Position = new() { X = 40, Y = 10 },
                }
            );
        await Expect(panel.Locator("h2")).ToContainTextAsync(two.Email!);
        await Expect(panel).Not.ToContainTextAsync(one.Email!);
        await visitor.IsAtAsync("**/audit?search=panel.&event=*");
        await visitor.Page.GoBackAsync();
        await Expect(panel).ToHaveCountAsync(0);
        await Expect(visitor.Row(one.Email!)).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task An_export_describes_its_content_and_names_the_file_accordingly()
    {
        var user = await app.CreateUserAsync("promoted@example.com");
        using var admin = await app.SignInAdminAsync();
        (await admin.PutAsync($"/api/users/{user.Id}/roles/Operator")).Is(200);
        await using var visitor = await app.OperatorAsync(chromium, "/audit?action=role.,user.role_added,user.role_removed");

        await visitor.Button("Export").ClickAsync();
        await Expect(visitor.Page.Locator(".mud-dialog .file-name")).ToContainTextAsync("audit_role-changes_");
        await visitor.IsAccessibleAsync();
        var name = await visitor.Page.Locator(".mud-dialog .file-name").TextContentAsync();
        // The last choice applies, however soon the button is pressed afterwards.
        var file = await visitor.Page.RunAndWaitForDownloadAsync(() =>
            visitor.Page.EvaluateAsync(
                """
                document.querySelectorAll('input[name=export-format]')[1].click();
                document.querySelector('.mud-dialog button[type=submit]').click();
                """
            )
        );

        Assert.Equal(name!.Replace(".csv", ".ndjson", StringComparison.Ordinal), file.SuggestedFilename);
        await Expect(visitor.Page.Locator(".mud-dialog")).ToHaveCountAsync(0);
        await visitor.IsAtAsync("**/audit?action=role.*");
        await Expect(visitor.Row("promoted@example.com")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task The_log_shows_when_it_was_last_verified()
    {
        // The shared app has events made by SQL, whose hashes do not verify.
        await using var own = await AdminApp.StartAsync(AdminConsole.Core.Common.DatabaseProvider.Sqlite);
        await own.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        await using var visitor = await BrowserSession.StartAsync(chromium, own);
        await visitor.SignInAsync();
        await visitor.OpenPageAsync("/audit");

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Verify" }).ClickAsync();
        await Expect(visitor.Page.Locator(".integrity-chip[data-state=good]")).ToContainTextAsync("Verified just now");
        await visitor.Page.ReloadAsync();
        await Expect(visitor.Page.Locator(".integrity-chip[data-state=good]")).ToContainTextAsync("events");
    }

    [Fact]
    public async Task A_view_is_saved_opened_renamed_and_deleted()
    {
        await using var visitor = await app.OperatorAsync(chromium, "/audit?action=auth.&ip=127.0.0.1");

        async Task OpenAsync(string entry)
        {
            await Expect(visitor.Page.Locator(".mud-dialog")).ToHaveCountAsync(0);
            await visitor.Button("Saved views").ClickAsync();
            await visitor.Page.Locator(".mud-popover-open .mud-menu-item", new() { HasText = entry }).ClickAsync();
        }

        await OpenAsync("Save current filters");
        await visitor.Page.GetByLabel("Save current filters as").FillAsync("My users");
        await visitor.Button("Save").ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Link, new() { Name = "My users" })).ToBeVisibleAsync();
        await visitor.Page.GetByLabel("Save current filters as").FillAsync("MY USERS");
        await visitor.Button("Save").ClickAsync();
        await Expect(visitor.Page.GetByText("You already have a view with this name.")).ToBeVisibleAsync();
        await visitor.IsAccessibleAsync();

        await visitor.OpenPageAsync("/audit");
        await OpenAsync("Role changes");
        await visitor.IsAtAsync("**/audit?action=role.*");
        await visitor.OpenPageAsync("/audit");
        await OpenAsync("Manage views");
        await visitor.Button("Rename My users").ClickAsync();
        await visitor.Page.GetByLabel("New name of My users").FillAsync("Theirs");
        await visitor.Page.GetByLabel("New name of My users").PressAsync("Enter");
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Theirs" }).ClickAsync();
        await visitor.IsAtAsync("**/audit?action=auth.&ip=127.0.0.1");
        await OpenAsync("Save current filters");
        await visitor.Button("Delete Theirs").ClickAsync();
        await Expect(visitor.Page.Locator(".mud-dialog").GetByText("No saved views yet.")).ToBeVisibleAsync();
    }
}
