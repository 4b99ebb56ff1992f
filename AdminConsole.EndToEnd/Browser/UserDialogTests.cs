using System.Text;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminConsole.EndToEnd.Browser;

/// <summary>Links for users, bulk actions, and file imports.</summary>
public sealed class UserDialogTests(Chromium chromium, SqliteApp app) : IClassFixture<SqliteApp>
{
    [Fact]
    public async Task A_colleague_gets_an_invitation_link_chooses_a_password_and_signs_in()
    {
        await using var admin = await BrowserSession.StartAsync(chromium, app);
        await using var colleague = await BrowserSession.StartAsync(chromium, app);
        await admin.SignInAsync();
        await admin.OpenPageAsync("/users?new=1");

        await admin.Page.GetByLabel("Email", new() { Exact = true }).FillAsync("new.colleague@example.com");
        await Expect(admin.Page.GetByLabel("Copy invitation link")).ToBeCheckedAsync();
        await admin.Button("Create").ClickAsync();
        var link = await admin.Page.Locator(".revealed").InnerTextAsync();
        Assert.Equal(link, await admin.CopyAsync(admin.Button("Copy")));
        await admin.IsAccessibleAsync();
        await admin.Button("View user").ClickAsync();
        await Expect(admin.Page.Locator(".user-panel")).ToContainTextAsync("Invited");

        await colleague.Page.GotoAsync(link);
        await colleague.Page.Locator("input[type=password]").FillAsync(TestData.NewPassword);
        await colleague.Page.Locator("button[type=submit]").ClickAsync();
        await AdminApp.UntilAsync(
            () =>
                app.ReadAsync(db =>
                    Task.FromResult(db.Users.Any(user => user.Email == "new.colleague@example.com" && user.PasswordHash != null))
                ),
            "the password is chosen"
        );
        await Expect(admin.Page.Locator(".user-panel .user-tags")).ToContainTextAsync("Active");
    }

    [Fact]
    public async Task A_reset_link_is_shown_once_and_used_once()
    {
        var user = await app.CreateUserAsync(null, TestData.Password);
        await using var admin = await BrowserSession.StartAsync(chromium, app);
        await using var owner = await BrowserSession.StartAsync(chromium, app);
        await admin.SignInAsync();
        await admin.OpenPageAsync($"/users?search={user.Email}");

        await admin.Page.GetByLabel($"Actions for {user.Email}").ClickAsync();
        await admin.MenuItem("Create reset link…").ClickAsync();
        await admin.Button("Create link").ClickAsync();
        var link = await admin.Page.Locator(".revealed").InnerTextAsync();
        Assert.Equal(link, await admin.CopyAsync(admin.Button("Copy")));

        await owner.Page.GotoAsync(link);
        await owner.IsAccessibleAsync();
        await owner.Page.Locator("input[type=password]").FillAsync(TestData.NewPassword);
        await owner.Page.Locator("button[type=submit]").ClickAsync();
        await Expect(owner.Page.GetByText("Password set.")).ToBeVisibleAsync();
        await owner.SignInAsync(user.Email!, TestData.NewPassword);
        await owner.Page.GotoAsync(link);
        await owner.Page.Locator("input[type=password]").FillAsync(TestData.NewPassword + "x");
        await owner.Page.Locator("button[type=submit]").ClickAsync();
        await Expect(owner.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("no longer valid");
    }

    [Fact]
    public async Task A_bulk_action_lists_the_users_and_why_others_are_skipped()
    {
        var users = await Task.WhenAll(app.CreateUserAsync("many.one@example.com"), app.CreateUserAsync("many.two@example.com"));
        await using var admin = await BrowserSession.StartAsync(chromium, app);
        await admin.SignInAsync();
        await admin.OpenPageAsync("/users");
        await Expect(admin.Row(TestData.AdminEmail)).ToHaveCountAsync(1);
        var before = await admin.Page.Locator(".user-grid").BoundingBoxAsync();

        foreach (var email in users.Select(user => user.Email).Append(TestData.AdminEmail))
        {
            await admin.Page.GetByLabel($"Select {email}").CheckAsync();
        }

        Assert.Equal(before!.Y, (await admin.Page.Locator(".user-grid").BoundingBoxAsync())!.Y);
        await admin.Button("Deactivate…").ClickAsync();
        var dialog = admin.Page.Locator(".mud-dialog");
        await Expect(dialog).ToContainTextAsync("2 users will be deactivated.");
        await Expect(dialog.Locator(".bulk-people")).ToContainTextAsync("many.one@example.com");
        await Expect(dialog).ToContainTextAsync("1 will be skipped:");
        await Expect(dialog).ToContainTextAsync("You can't deactivate your own account.");
        await admin.Page.GetByLabel("Reason (optional)").FillAsync("reorganisation");
        await admin.IsAccessibleAsync();
        await admin.Button("Deactivate").ClickAsync();

        await Expect(admin.Row("many.one@example.com").GetByText("Deactivated")).ToBeVisibleAsync();
        await Expect(admin.Row("many.two@example.com").GetByText("Deactivated")).ToBeVisibleAsync();
        Assert.Single(
            await app.ReadAsync(db =>
                Task.FromResult(
                    db.AuditEvents.Where(entry => entry.Action == "user.deactivated" && entry.BatchId != null)
                        .Select(entry => entry.BatchId)
                        .Distinct()
                        .ToList()
                )
            )
        );
    }

    [Fact]
    public async Task A_range_is_locked_down_after_a_typed_confirmation()
    {
        await using var own = await AdminApp.StartAsync(AdminConsole.Core.Common.DatabaseProvider.Sqlite);
        await own.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        for (var made = 0; made < 26; made++)
        {
            await own.CreateUserAsync($"crowd{made:00}@example.com");
        }

        await using var admin = await BrowserSession.StartAsync(chromium, own);
        await admin.SignInAsync();
        await admin.OpenPageAsync("/users?search=crowd");
        await admin.Page.GetByLabel("Select crowd00@example.com").ClickAsync();
        await admin.Page.GetByLabel("Select crowd19@example.com").ClickAsync(new() { Modifiers = [KeyboardModifier.Shift] });
        await Expect(admin.Page.GetByText("20 selected")).ToBeVisibleAsync();
        await admin.Page.GetByLabel("Select this page").CheckAsync();
        await admin.Button("Select all 26 matching users").ClickAsync();
        await Expect(admin.Page.GetByText("26 selected")).ToBeVisibleAsync();
        await admin.Button("Lock down…").ClickAsync();
        await Expect(admin.Button("Lock down")).ToBeDisabledAsync();
        await admin.Page.GetByLabel("to confirm").FillAsync("lock down 26");
        await admin.Button("Lock down").ClickAsync();

        await Expect(admin.Page.GetByText("26 users locked down.")).ToBeVisibleAsync();
        Assert.Equal(26, await own.ReadAsync(db => Task.FromResult(db.Users.Count(user => !user.Active))));
    }

    [Fact]
    public async Task A_file_is_checked_first_and_imported_when_valid()
    {
        await using var own = await AdminApp.StartAsync(AdminConsole.Core.Common.DatabaseProvider.Sqlite);
        await own.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        await using var admin = await BrowserSession.StartAsync(chromium, own);
        await admin.SignInAsync();
        await admin.OpenPageAsync("/users");
        await admin.Button("More").ClickAsync();
        await admin.MenuItem("Import…").ClickAsync();
        var dialog = admin.Page.Locator(".mud-dialog");
        // A file chosen before the circuit is connected is not noticed.
        await AdminApp.UntilAsync(
            () => admin.Page.EvaluateAsync<bool>("() => document.querySelector('#import-file')?._blazorInputFileNextFileId !== undefined"),
            "the field is there"
        );

        await ChooseAsync("email,roles\nfirst.import@example.com,Operator\nnobody,Operator\n");
        await Expect(dialog).ToContainTextAsync("1 error. Fix them to import.");
        await Expect(dialog.GetByText("Row 3")).ToBeVisibleAsync();
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Import", Exact = true })).ToBeDisabledAsync();
        await admin.IsAccessibleAsync();
        Assert.Equal(1, await own.ReadAsync(db => Task.FromResult(db.Users.Count())));

        await ChooseAsync($"email,displayName,roles\nfirst.import@example.com,First,Operator\n{TestData.AdminEmail},The Admin,\n");
        await Expect(dialog).ToContainTextAsync("1 new 1 changed");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Import 2 users", Exact = true }).ClickAsync();
        await Expect(admin.Page.GetByText("Imported: 1 new, 1 changed.")).ToBeVisibleAsync();
        await Expect(admin.Row("first.import@example.com")).ToHaveCountAsync(1);
        await Expect(admin.Row("The Admin")).ToHaveCountAsync(1);

        Task ChooseAsync(string csv) =>
            dialog
                .Locator("input[type=file]")
                .SetInputFilesAsync(
                    new FilePayload
                    {
                        Name = "users.csv",
                        MimeType = "text/csv",
                        Buffer = Encoding.UTF8.GetBytes(csv),
                    }
                );
    }
}
