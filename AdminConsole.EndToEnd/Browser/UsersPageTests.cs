using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminConsole.EndToEnd.Browser;

/// <summary>What an administrator does in the users grid.</summary>
public sealed class UsersPageTests(Chromium chromium, SqliteApp app) : IClassFixture<SqliteApp>
{
    [Fact]
    public async Task A_user_is_created_edited_and_deleted_in_the_grid()
    {
        await using var visitor = await Visitor.ComeAsync(chromium, app);
        await visitor.SignInAsync();
        await visitor.GoAsync("/users");

        await visitor.Button("New user").ClickAsync();
        await visitor.Page.GetByLabel("E-mail address", new() { Exact = true }).FillAsync("carla@example.com");
        await visitor.Page.GetByRole(AriaRole.Textbox, new() { Name = "Password" }).FillAsync("short");
        await visitor.Button("Create").ClickAsync();
        await Expect(visitor.Page.GetByText("Use 12 to 128 characters.")).ToBeVisibleAsync();
        await visitor.IsAccessibleAsync();
        await visitor.Page.GetByRole(AriaRole.Textbox, new() { Name = "Password" }).FillAsync(Some.Password);
        await visitor.Button("Create").ClickAsync();
        await Expect(visitor.Row("carla@example.com")).ToHaveCountAsync(1);

        await visitor.Page.GetByLabel("Actions for carla@example.com").ClickAsync();
        await visitor.Page.GetByText("Edit…").ClickAsync();
        await visitor.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Carla Jung");
        await visitor.Button("Save").ClickAsync();
        await Expect(visitor.Row("Carla Jung")).ToHaveCountAsync(1);

        await visitor.Page.GetByLabel("Actions for carla@example.com").ClickAsync();
        await visitor.Page.GetByText("Delete…").ClickAsync();
        await visitor.Button("Delete").ClickAsync();
        await Expect(visitor.Row("carla@example.com")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_panel_follows_the_user_who_is_selected()
    {
        var (first, second) = (await app.CreateUserAsync(), await app.CreateUserAsync());
        await using var visitor = await Visitor.ComeAsync(chromium, app);
        await visitor.SignInAsync();
        await visitor.GoAsync("/users?sort=-createdAt");

        foreach (var user in new[] { first, second, first })
        {
            await visitor.Row(user.Email!).Locator("[data-open]").ClickAsync();
            await Expect(visitor.Page.Locator(".user-panel .panel-title")).ToContainTextAsync(user.Email!);
            await Expect(visitor.Page.Locator(".user-panel")).ToHaveCountAsync(1);
        }
    }

    [Fact]
    public async Task A_refused_toggle_goes_back_and_says_why()
    {
        await using var visitor = await Visitor.ComeAsync(chromium, app);
        await visitor.SignInAsync();
        await visitor.GoAsync($"/users?search={Some.AdminEmail}");

        await visitor.Row(Some.AdminEmail).GetByRole(AriaRole.Button, new() { Name = "Admin", Exact = true }).ClickAsync();

        await Expect(visitor.Page.GetByText("This is the last administrator")).ToBeVisibleAsync();
        await Expect(visitor.Row(Some.AdminEmail).Locator(".chip.held", new() { HasText = "Admin" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task An_old_sign_in_is_confirmed_in_place_and_the_act_goes_on()
    {
        await using var own = await AdminApp.StartAsync(Core.DatabaseProvider.Sqlite);
        await own.CreateUserAsync(Some.AdminEmail, Some.Password, "Admin");
        var user = await own.CreateUserAsync();
        await using var visitor = await Visitor.ComeAsync(chromium, own);
        await visitor.SignInAsync();
        await visitor.GoAsync("/users");
        own.Clock.Advance(TimeSpan.FromMinutes(16));

        await visitor.Row(user.Email!).GetByRole(AriaRole.Button, new() { Name = "Operator" }).ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Textbox, new() { Name = "Password" }).FillAsync("wrong password 1");
        await visitor.Button("Confirm").ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Alert).First).ToContainTextAsync("wrong");
        await visitor.Page.GetByRole(AriaRole.Textbox, new() { Name = "Password" }).FillAsync(Some.Password);
        await visitor.Button("Confirm").ClickAsync();

        await Expect(visitor.Row(user.Email!).Locator(".chip.held", new() { HasText = "Operator" })).ToBeVisibleAsync();
        await AdminApp.UntilAsync(async () => (await own.ReadAsync(db => Task.FromResult(db.UserRoles.Count(held => held.UserId == user.Id)))) == 2, "the role is given");
    }

    [Fact]
    public async Task A_reset_link_is_shown_once_and_used_once()
    {
        var user = await app.CreateUserAsync(null, Some.Password);
        await using var admin = await Visitor.ComeAsync(chromium, app);
        await using var owner = await Visitor.ComeAsync(chromium, app);
        await admin.SignInAsync();
        await admin.GoAsync($"/users?search={user.Email}");

        await admin.Page.GetByLabel($"Actions for {user.Email}").ClickAsync();
        await admin.Page.GetByText("Password reset link…").ClickAsync();
        await admin.Button("Make the link").ClickAsync();
        var link = await admin.Page.Locator(".revealed").InnerTextAsync();
        Assert.Equal(link, await admin.CopyAsync(admin.Button("Copy")));

        await owner.Page.GotoAsync(link);
        await owner.IsAccessibleAsync();
        await owner.Page.GetByLabel("New password").FillAsync(Some.NewPassword);
        await owner.Button("Set password").ClickAsync();
        await Expect(owner.Page.GetByText("Password set.")).ToBeVisibleAsync();
        await owner.SignInAsync(user.Email!, Some.NewPassword);
        await owner.Page.GotoAsync(link);
        await owner.Page.GetByLabel("New password").FillAsync(Some.NewPassword + "x");
        await owner.Button("Set password").ClickAsync();
        await Expect(owner.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("no longer valid");
    }

    [Fact]
    public async Task Somebody_who_only_reads_gets_no_switches()
    {
        var person = await app.PersonAsync("Operator");
        await using var visitor = await Visitor.ComeAsync(chromium, app);
        await visitor.SignInAsync(person.Email);

        await visitor.GoAsync("/users");

        await Expect(visitor.Row(person.Email)).ToHaveCountAsync(1);
        await Expect(visitor.Page.GetByRole(AriaRole.Switch)).ToHaveCountAsync(0);
        await Expect(visitor.Button("New user")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_panel_shows_a_user_and_ends_their_session()
    {
        var person = await app.PersonAsync("Operator");
        await using var admin = await Visitor.ComeAsync(chromium, app);
        await using var owner = await Visitor.ComeAsync(chromium, app);
        await admin.SignInAsync();
        await owner.SignInByFormAsync(person.Email);

        await admin.GoAsync($"/users?search={person.Email}");
        await admin.Row(person.Email).Locator("button.link.plain").ClickAsync();
        await Expect(admin.Page.Locator(".user-panel")).ToContainTextAsync(person.Email);
        await admin.IsAccessibleAsync();
        await admin.Page.GetByLabel("End the session of Chrome on Linux").ClickAsync();

        await owner.IsAtAsync("**/login?reason=ended");
    }

    [Fact]
    public async Task An_act_on_many_says_first_whom_it_affects_and_why_others_not()
    {
        var crowd = await Task.WhenAll(app.CreateUserAsync("many.one@example.com"), app.CreateUserAsync("many.two@example.com"));
        await using var admin = await Visitor.ComeAsync(chromium, app);
        await admin.SignInAsync();
        await admin.GoAsync("/users");
        await Expect(admin.Row(Some.AdminEmail)).ToHaveCountAsync(1);

        foreach (var email in crowd.Select(user => user.Email).Append(Some.AdminEmail))
        {
            await admin.Page.GetByLabel($"Select {email}").CheckAsync();
        }

        await admin.Button("Deactivate…").ClickAsync();
        await admin.Page.GetByLabel("Reason (optional)").FillAsync("reorganisation");
        await admin.Button("Preview").ClickAsync();
        await Expect(admin.Page.Locator(".mud-dialog")).ToContainTextAsync("2 users are affected; 1 stay as they are");
        await Expect(admin.Page.Locator(".mud-dialog")).ToContainTextAsync("You can't deactivate your own account.");
        await admin.IsAccessibleAsync();
        await admin.Button("Deactivate").ClickAsync();

        await Expect(admin.Row("many.one@example.com").GetByText("Inactive")).ToBeVisibleAsync();
        await Expect(admin.Row("many.two@example.com").GetByText("Inactive")).ToBeVisibleAsync();
        Assert.Single(await app.ReadAsync(db => Task.FromResult(db.AuditEvents.Where(entry => entry.Action == "user.deactivated" && entry.BatchId != null).Select(entry => entry.BatchId).Distinct().ToList())));
    }

    [Fact]
    public async Task A_file_is_tried_first_and_taken_in_when_all_of_it_is_right()
    {
        await using var own = await AdminApp.StartAsync(Core.DatabaseProvider.Sqlite);
        await own.CreateUserAsync(Some.AdminEmail, Some.Password, "Admin");
        await using var admin = await Visitor.ComeAsync(chromium, own);
        await admin.SignInAsync();
        await admin.GoAsync("/users");
        await admin.Button("Import").ClickAsync();
        var dialog = admin.Page.Locator(".mud-dialog");
        // Before its circuit has taken it over, a file chosen is not noticed.
        await AdminApp.UntilAsync(() => admin.Page.EvaluateAsync<bool>("() => document.querySelector('#import-file')?._blazorInputFileNextFileId !== undefined"), "the field is there");
        var verb = dialog.GetByRole(AriaRole.Button, new() { Name = "Import", Exact = true });

        await ChooseAsync("email,roles\nfirst.import@example.com,Operator\nnobody,Operator\n");
        await Expect(dialog).ToContainTextAsync("1 wrong");
        await Expect(dialog.GetByText("Row 3")).ToBeVisibleAsync();
        await Expect(verb).ToBeDisabledAsync();
        await admin.IsAccessibleAsync();
        Assert.Equal(1, await own.ReadAsync(db => Task.FromResult(db.Users.Count())));

        await ChooseAsync($"email,displayName,roles\nfirst.import@example.com,First,Operator\n{Some.AdminEmail},The Admin,\n");
        await Expect(dialog).ToContainTextAsync("1 new, 1 changed");
        await verb.ClickAsync();
        await Expect(admin.Page.GetByText("Imported: 1 new, 1 changed.")).ToBeVisibleAsync();
        await Expect(admin.Row("first.import@example.com")).ToHaveCountAsync(1);
        await Expect(admin.Row("The Admin")).ToHaveCountAsync(1);

        Task ChooseAsync(string csv) => dialog.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "users.csv", MimeType = "text/csv", Buffer = System.Text.Encoding.UTF8.GetBytes(csv) });
    }
}
