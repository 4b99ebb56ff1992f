using System.Globalization;
using AdminConsole.Core.Contracts;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminConsole.EndToEnd.Browser;

/// <summary>A user manages their tokens, and an administrator handles an incident.</summary>
public sealed class TokenJourney(Chromium chromium, SqliteApp app) : IClassFixture<SqliteApp>
{
    private static async Task<bool> IsInPageAsync(BrowserSession visitor, string secret) =>
        (await visitor.Page.ContentAsync()).Contains(secret, StringComparison.Ordinal);

    private async Task<int> StatusAsync(string token)
    {
        using var caller = app.Anonymous();
        return (await caller.GetAsync("/api/auth/me", ("Authorization", $"Bearer {token}"))).Status;
    }

    private static async Task<string> StoreAsync(BrowserSession visitor)
    {
        await Expect(visitor.Button("Copy")).ToBeFocusedAsync();
        Assert.DoesNotMatch("acpat_[0-9A-Za-z]{49}", await visitor.Page.ContentAsync());
        await visitor.IsAccessibleAsync();
        await visitor.Page.Keyboard.PressAsync("Escape");
        var secret = await visitor.CopyAsync(visitor.Button("Copy"));
        Assert.False(await IsInPageAsync(visitor, secret));
        await visitor.Button("Show token").ClickAsync();
        await Expect(visitor.Page.GetByLabel("Token", new() { Exact = true })).ToHaveTextAsync(secret);
        await visitor.Page.GetByText(".env").ClickAsync();
        await Expect(visitor.Page.GetByLabel("Example for .env", new() { Exact = true }))
            .ToContainTextAsync($"ADMINCONSOLE_TOKEN={secret}");
        await visitor.IsAccessibleAsync();
        await visitor.Button("I have stored it").ClickAsync();
        await Expect(visitor.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        Assert.False(await IsInPageAsync(visitor, secret));
        return secret;
    }

    [Fact]
    public async Task A_token_is_created_shown_once_disabled_rotated_and_revoked()
    {
        var person = await app.SignedInUserAsync("Operator");
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        await visitor.SignInAsync(person.Email);
        await visitor.OpenPageAsync("/account/tokens");
        await visitor.IsAccessibleAsync();

        await visitor.Button("New token").ClickAsync();
        await visitor.IsAtAsync("**/account/tokens?new=1");
        await visitor.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Nightly report");
        await visitor.Page.GetByLabel("users.read").CheckAsync();
        await Expect(visitor.Page.GetByText("This token can read users and your profile.")).ToBeVisibleAsync();
        await Expect(visitor.Page.GetByLabel("users.write")).ToHaveCountAsync(0);
        await visitor.Page.GetByText("Custom", new() { Exact = true }).ClickAsync();
        await visitor.Page.GetByLabel("Days until it expires").FillAsync("12");
        await Expect(
                visitor.Page.GetByText(
                    $"{app.Clock.GetUtcNow().AddDays(12).ToString("d MMM yyyy", CultureInfo.InvariantCulture)}, " + "in 12 days"
                )
            )
            .ToBeVisibleAsync();
        await visitor.IsAccessibleAsync();
        await visitor.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Create token" }).ClickAsync();
        var secret = await StoreAsync(visitor);
        Assert.Equal(200, await StatusAsync(secret));
        await visitor.IsAtAsync("**/account/tokens");
        await visitor.Page.ReloadAsync();
        await Expect(visitor.Row("Nightly report")).ToHaveCountAsync(1);
        Assert.False(await IsInPageAsync(visitor, secret));

        await visitor.Button("Pause Nightly report").ClickAsync();
        await Expect(visitor.Row("Nightly report").GetByText("Paused", new() { Exact = true })).ToBeVisibleAsync();
        await AdminApp.UntilAsync(async () => await StatusAsync(secret) == 401, "the token is paused");
        await visitor.Button("Undo").ClickAsync();
        await Expect(visitor.Row("Nightly report").GetByText("Active", new() { Exact = true })).ToBeVisibleAsync();
        Assert.Equal(200, await StatusAsync(secret));

        await visitor.Button("Rotate Nightly report").ClickAsync();
        await visitor.Page.GetByText("1 hour", new() { Exact = true }).ClickAsync();
        await visitor.IsAccessibleAsync();
        await visitor.Button("Rotate").ClickAsync();
        var successor = await StoreAsync(visitor);
        Assert.Equal((200, 200), (await StatusAsync(secret), await StatusAsync(successor)));
        await Expect(visitor.Row("Overlap until")).ToHaveCountAsync(1);
        await Expect(visitor.Page.Locator("tbody tr.mud-table-row").Nth(1)).ToContainTextAsync(secret[..14]);

        await visitor.Row(successor[..14]).GetByRole(AriaRole.Button, new() { Name = "Revoke" }).ClickAsync();
        await visitor.Button("Revoke").ClickAsync();
        await AdminApp.UntilAsync(async () => await StatusAsync(successor) == 401, "the token is revoked");
        Assert.Null(
            app.Log.Lines.FirstOrDefault(line =>
                line.Contains(secret[14..], StringComparison.Ordinal) || line.Contains(successor[14..], StringComparison.Ordinal)
            )
        );
    }

    [Fact]
    public async Task A_refused_toggle_is_reset_and_an_old_sign_in_is_confirmed_in_place()
    {
        await using var own = await AdminApp.StartAsync(AdminConsole.Core.Common.DatabaseProvider.Sqlite);
        await own.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        await using var visitor = await BrowserSession.StartAsync(chromium, own);
        using var caller = await own.SignInAdminAsync();
        (await caller.PostAsync("/api/tokens", new { name = "Backup" })).Is(201);
        await visitor.SignInAsync();
        await visitor.OpenPageAsync("/account/tokens");
        own.Clock.Advance(TimeSpan.FromMinutes(16));

        await visitor.Button("Pause Backup").ClickAsync();
        await visitor.Button("Cancel").ClickAsync();
        await Expect(visitor.Page.GetByText("Confirm it's you. This needs").First).ToBeVisibleAsync();
        await Expect(visitor.Row("Backup").GetByText("Active", new() { Exact = true })).ToBeVisibleAsync();
        await visitor.Button("Pause Backup").ClickAsync();
        await visitor.Page.GetByLabel("Password").FillAsync(TestData.Password);
        await visitor.Button("Confirm").ClickAsync();

        await Expect(visitor.Row("Backup").GetByText("Paused", new() { Exact = true })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_lost_connection_does_not_bring_the_secret_back()
    {
        var person = await app.SignedInUserAsync();
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        await visitor.SignInAsync(person.Email);
        await visitor.OpenPageAsync("/account/tokens");
        await visitor.Button("New token").ClickAsync();
        await visitor.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Lost");
        await visitor.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Create token" }).ClickAsync();
        await visitor.Button("Show token").ClickAsync();
        await Expect(visitor.Page.GetByLabel("Token", new() { Exact = true })).ToContainTextAsync("acpat_");
        var shown = await visitor.Page.GetByLabel("Token", new() { Exact = true }).InnerTextAsync();

        visitor.IgnoreErrors("WebSocket closed");
        var session = await app.ReadAsync(db =>
            Task.FromResult(db.Sessions.OrderByDescending(row => row.CreatedAt).First(row => row.UserId == person.Id).Id)
        );
        await app.Services.GetRequiredService<AdminConsole.Circuits.CircuitConnections>().CutAsync(session);

        await Expect(visitor.Page.GetByText("so the token isn't shown again")).ToBeVisibleAsync();
        Assert.False(await IsInPageAsync(visitor, shown));
    }

    [Fact]
    public async Task An_administrator_finds_tokens_and_revokes_them_and_the_owner_sees_it()
    {
        var person = await app.SignedInUserAsync();
        var first = (await person.Caller.PostAsync("/api/tokens", new { name = "Leaked one" })).Is(201).As<CreatedToken>();
        var second = (await person.Caller.PostAsync("/api/tokens", new { name = "Leaked two" })).Is(201).As<CreatedToken>();
        await using var admin = await BrowserSession.StartAsync(chromium, app);
        await using var owner = await BrowserSession.StartAsync(chromium, app, width: 390, height: 844, scheme: ColorScheme.Dark);
        await owner.SignInAsync(person.Email);
        await owner.OpenPageAsync("/account/tokens");
        await Expect(owner.Row("Leaked one")).ToHaveCountAsync(1);
        await owner.IsAccessibleAsync();
        await admin.SignInAsync();
        await admin.OpenPageAsync("/tokens");

        await admin.Page.GetByLabel("Search by owner, name or prefix").FillAsync(person.Email);
        await admin.Page.GetByLabel("Search by owner, name or prefix").PressAsync("Enter");
        await admin.IsAtAsync("**/tokens?search=*");
        await Expect(admin.Page.GetByText("2 tokens", new() { Exact = true })).ToBeVisibleAsync();
        await admin.IsAccessibleAsync();
        await admin.Page.GetByLabel("Select Leaked one").CheckAsync();
        await admin.Page.GetByLabel("Select Leaked two").CheckAsync();
        var top = (await admin.Page.Locator("thead").BoundingBoxAsync())!.Y;
        await admin.Button("Revoke 2 tokens").ClickAsync();
        await Expect(admin.Page.GetByLabel("Tokens", new() { Exact = true }).GetByRole(AriaRole.Listitem)).ToHaveCountAsync(2);
        await admin.IsAccessibleAsync();
        Assert.Equal(top, (await admin.Page.Locator("thead").BoundingBoxAsync())!.Y);
        await admin.Button("Revoke").ClickAsync();

        await Expect(admin.Row("Revoked")).ToHaveCountAsync(2);
        await Expect(owner.Row("Leaked one")).ToHaveCountAsync(0);
        Assert.Equal((401, 401), (await StatusAsync(first.Token), await StatusAsync(second.Token)));
        await admin.Page.Keyboard.PressAsync("Control+k");
        await admin.Page.GetByLabel("Search people, tokens and pages").FillAsync(first.Prefix);
        await Expect(admin.Page.GetByRole(AriaRole.Option)).ToContainTextAsync(["Leaked one"]);
    }

    [Fact]
    public async Task The_order_of_a_list_is_in_its_address_and_an_invalid_address_is_the_first_page()
    {
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        await visitor.SignInAsync();
        var sorted = visitor.Page.Locator("th[aria-sort=ascending]");
        var lastSeen = visitor.Page.GetByRole(AriaRole.Columnheader, new() { Name = "Last seen" }).GetByRole(AriaRole.Button);

        await visitor.OpenPageAsync("/sessions?page=abc&size=-1&sort=nonsense");
        await Expect(visitor.Row("This device")).ToHaveCountAsync(1);
        await Expect(sorted).ToHaveCountAsync(0);
        await visitor.OpenPageAsync("/sessions?sort=user");
        await Expect(sorted).ToContainTextAsync("User");
        await visitor.Page.Locator("nav a[href='sessions']").ClickAsync();
        await visitor.IsAtAsync("**/sessions");
        await Expect(sorted).ToHaveCountAsync(0);
        await lastSeen.ClickAsync();
        await visitor.IsAtAsync("**/sessions?sort=lastSeenAt");
        await Expect(sorted).ToContainTextAsync("Last seen");
        await Expect(lastSeen).ToBeFocusedAsync();
    }

    [Fact]
    public async Task The_owner_is_notified_that_an_old_secret_was_used()
    {
        var person = await app.SignedInUserAsync();
        var token = (await person.Caller.PostAsync("/api/tokens", new { name = "Old job" })).Is(201).As<CreatedToken>();
        (await person.Caller.PostAsync($"/api/tokens/{token.Id}/rotate", new { })).Is(201);
        await using var visitor = await BrowserSession.StartAsync(chromium, app);
        await visitor.SignInAsync(person.Email);
        await visitor.OpenPageAsync("/account/tokens");

        Assert.Equal(401, await StatusAsync(token.Token));

        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("An old token of Old job");
    }
}
