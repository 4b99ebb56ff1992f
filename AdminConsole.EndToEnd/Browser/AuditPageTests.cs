using AdminConsole.Core;
using AdminConsole.Tests.Audit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminConsole.EndToEnd.Browser;

/// <summary>What an operator does with the log.</summary>
public sealed class AuditPageTests(Chromium chromium, AuditPageTests.LongLog app) : IClassFixture<AuditPageTests.LongLog>
{
    private const int Long = 4000;

    private static ILocator Rows(Visitor visitor) => visitor.Page.Locator("tr[data-id]");

    private static ILocator Scroller(Visitor visitor) => visitor.Page.Locator(".event-scroll .mud-table-container");

    private static ILocator Live(Visitor visitor) => visitor.Page.GetByRole(AriaRole.Switch);

    private static ILocator Menu(Visitor visitor, string name) => visitor.Page.Locator(".filter-menu > summary", new() { HasText = name });

    private static ILocator First(Visitor visitor) => Rows(visitor).First;

    private static async Task<List<long>> IdsAsync(Visitor visitor) => [.. (await visitor.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('tr[data-id]')].map(row => row.dataset.id)")).Select(long.Parse)];

    private static Task<string?> FocusedAsync(Visitor visitor) => visitor.Page.EvaluateAsync<string?>("document.activeElement.dataset.id ?? null");

    private async Task<Visitor> OperatorAsync(string path = "/audit")
    {
        var person = await app.PersonAsync("Operator");
        var visitor = await Visitor.ComeAsync(chromium, app);
        await visitor.SignInAsync(person.Email);
        await visitor.GoAsync(path);
        await First(visitor).WaitForAsync();
        return visitor;
    }

    [Fact]
    public async Task The_window_moves_over_thousands_of_events_and_never_grows()
    {
        await using var visitor = await OperatorAsync();
        await Scroller(visitor).HoverAsync();
        var newest = (await IdsAsync(visitor))[0];

        async Task ScrollUntilAsync(int by, Func<List<long>, bool> there, string what) => await AdminApp.UntilAsync(async () =>
        {
            await visitor.Page.Mouse.WheelAsync(0, by);
            var ids = await IdsAsync(visitor);
            Assert.InRange(ids.Count, 1, 300);
            Assert.Equal(Enumerable.Range(0, ids.Count).Select(step => ids[0] - step), ids);
            return there(ids);
        }, what);

        await ScrollUntilAsync(3000, ids => newest - ids[^1] > 1500, "1,500 events down");
        await ScrollUntilAsync(-3000, ids => ids[0] >= newest, "back at the top");
        await Menu(visitor, "Jump to").ClickAsync();
        await visitor.Button("Oldest").ClickAsync();
        await Expect(Rows(visitor).Last).ToHaveAttributeAsync("data-id", "1");
        await visitor.Button("Newest").ClickAsync();
        await Expect(First(visitor)).ToHaveAttributeAsync("data-id", $"{await app.ReadAsync(db => db.AuditEvents.MaxAsync(entry => entry.Id))}");
    }

    [Fact]
    public async Task What_is_read_stays_where_it_is_while_rows_come_and_go()
    {
        await using var visitor = await OperatorAsync();
        await Scroller(visitor).HoverAsync();
        await AdminApp.UntilAsync(async () =>
        {
            await visitor.Page.Mouse.WheelAsync(0, 1000);
            return (await IdsAsync(visitor)).Count == 300;
        }, "the window is full");

        // The row and where it is, before and after the script asked for more at the lower end.
        var moved = await visitor.Page.EvaluateAsync<double>("""
            async () => {
                const scroller = document.querySelector('.event-scroll .mud-table-container');
                const body = scroller.querySelector('tbody');
                const frame = () => new Promise(done => requestAnimationFrame(done));
                // The wheel's last turn rolls out, and what it asked for arrives.
                const still = () => scroller.scrollTop + ' ' + body.lastElementChild.dataset.id;
                for (let seen = still(), calm = 0; calm < 30; calm++, await frame()) {
                    if (seen !== still()) { seen = still(); calm = 0; }
                }
                scroller.scrollTop = scroller.scrollHeight - scroller.clientHeight - 1500;
                await frame();
                await frame();
                const row = body.rows[body.rows.length - 60];
                const before = row.getBoundingClientRect().top;
                const last = body.lastElementChild.dataset.id;
                const more = new Promise(done => new MutationObserver(() => body.lastElementChild.dataset.id !== last && done()).observe(body, { childList: true }));
                scroller.scrollTop += 400;
                await Promise.race([more, new Promise((_, fail) => setTimeout(() => fail(new Error('No rows came.')), 20000))]);
                await frame();
                return before - 400 - row.getBoundingClientRect().top;
            }
            """);

        Assert.InRange(moved, -1, 1);
    }

    [Fact]
    public async Task Filters_are_in_the_address_and_the_back_button_undoes_them()
    {
        var user = await app.CreateUserAsync("filtered@example.com");
        await using var visitor = await OperatorAsync();

        await Menu(visitor, "Action").ClickAsync();
        await visitor.Page.GetByLabel("Find an action").FillAsync("account new");
        await visitor.Page.GetByLabel("User created").CheckAsync();
        await visitor.IsAtAsync("**/audit?action=user.created");
        await visitor.IsAccessibleAsync();
        await visitor.Page.Keyboard.PressAsync("Escape");
        await visitor.Page.GetByLabel("Target", new() { Exact = true }).FillAsync("filtered@");
        await visitor.Page.Locator(".mud-popover-open .person-option", new() { HasText = user.Email }).ClickAsync();
        await visitor.IsAtAsync($"**/audit?action=user.created&target={user.Id}");
        await Expect(Rows(visitor)).ToHaveCountAsync(1);
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
        await visitor.GoAsync("/audit?session=nonsense");
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("session=nonsense");
    }

    [Fact]
    public async Task A_preset_of_times_and_the_time_zone_apply_at_once()
    {
        await using var visitor = await OperatorAsync();

        await Menu(visitor, "Time").ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Last 24 hours" }).ClickAsync();
        await visitor.IsAtAsync("**/audit?from=*");
        await Expect(visitor.Page.GetByLabel("Custom range (local time)")).ToBeHiddenAsync();
        await visitor.Button("UTC").ClickAsync();
        await Expect(visitor.Page.Locator(".filter-chips .chip")).ToContainTextAsync("UTC");
        await visitor.Page.ReloadAsync();
        await Expect(visitor.Button("UTC")).ToHaveAttributeAsync("aria-pressed", "true");
    }

    [Fact]
    public async Task A_batch_is_one_row_that_opens_to_its_events()
    {
        // One row for several events would be a gap in the window that another test counts through.
        await using var own = await AdminApp.StartAsync(Core.DatabaseProvider.Sqlite);
        await own.CreateUserAsync(Some.AdminEmail, Some.Password, "Admin");
        var users = new List<Guid>();
        for (var number = 0; number < 3; number++)
        {
            users.Add((await own.CreateUserAsync($"batched.{number}@example.com")).Id);
        }

        using var admin = await own.SignInAdminAsync();
        (await admin.PostAsync("/api/users/bulk", new { ids = users, action = "deactivate" })).Is(200);
        await using var visitor = await Visitor.ComeAsync(chromium, own);
        await visitor.SignInAsync();
        await visitor.GoAsync("/audit?action=user.deactivated");

        await visitor.Row("deactivated 3 users").ClickAsync();
        await visitor.IsAtAsync("**/audit?batch=*");
        await Expect(Rows(visitor)).ToHaveCountAsync(3);
        await visitor.Page.GoBackAsync();
        await Expect(visitor.Row("deactivated 3 users")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Following_shows_what_others_do_at_once_and_waits_while_one_reads_further_down()
    {
        await using var visitor = await OperatorAsync();
        await Live(visitor).ClickAsync();
        await Expect(Live(visitor)).ToHaveAttributeAsync("aria-checked", "true");
        await visitor.IsAtAsync("**/audit?follow=1");

        await app.CreateUserAsync("followed.one@example.com");
        await Expect(First(visitor)).ToContainTextAsync("followed.one@example.com");

        await Scroller(visitor).EvaluateAsync("scroller => scroller.scrollTop = 900");
        await Expect(Live(visitor)).ToContainTextAsync("paused");
        await app.CreateUserAsync("followed.two@example.com");
        await visitor.Button("1 new event").ClickAsync();
        await Expect(First(visitor)).ToContainTextAsync("followed.two@example.com");
        await Expect(visitor.Button("1 new event")).ToHaveCountAsync(0);
        await app.CreateUserAsync("followed.three@example.com");
        await Expect(First(visitor)).ToContainTextAsync("followed.three@example.com");
    }

    [Fact]
    public async Task The_keyboard_alone_finds_an_event_its_details_and_the_way_back()
    {
        await using var visitor = await OperatorAsync();
        var ids = await IdsAsync(visitor);

        await First(visitor).FocusAsync();
        await visitor.Page.Keyboard.PressAsync("ArrowDown");
        Assert.Equal($"{ids[1]}", await FocusedAsync(visitor));
        await visitor.Page.Keyboard.PressAsync("Enter");
        await Expect(visitor.Page.Locator(".event-panel h2")).ToBeFocusedAsync();
        await visitor.IsAtAsync($"**/audit?event={ids[1]}");
        await Expect(visitor.Page.Locator($"tr[data-id='{ids[1]}'][aria-selected=true]")).ToHaveCountAsync(1);
        await visitor.Page.Keyboard.PressAsync("ArrowDown");
        await visitor.IsAtAsync($"**/audit?event={ids[2]}");
        await Expect(visitor.Page.Locator($".event-panel[data-event='{ids[2]}'] h2")).ToBeFocusedAsync();
        await visitor.Page.Keyboard.PressAsync("ArrowUp");
        await Expect(visitor.Page.Locator($".event-panel[data-event='{ids[1]}'] h2")).ToBeFocusedAsync();
        await visitor.Page.Keyboard.PressAsync("Escape");
        await Expect(visitor.Page.Locator(".event-panel")).ToHaveCountAsync(0);
        await visitor.IsAtAsync("**/audit");
        await AdminApp.UntilAsync(async () => await FocusedAsync(visitor) == $"{ids[1]}", "the row has the focus again");
        await visitor.Page.Keyboard.PressAsync("PageDown");
        Assert.InRange(long.Parse((await FocusedAsync(visitor))!), ids[40], ids[5]);
        await visitor.Page.Keyboard.PressAsync("End");
        await AdminApp.UntilAsync(async () => await FocusedAsync(visitor) == "1", "the oldest has the focus");
        await visitor.Page.Keyboard.PressAsync("f");
        await Expect(Live(visitor)).ToHaveAttributeAsync("aria-checked", "true");
        await visitor.Page.Keyboard.PressAsync("/");
        await visitor.Page.Keyboard.TypeAsync("zzz-nothing");
        await visitor.Page.Keyboard.PressAsync("Enter");
        await Expect(visitor.Page.GetByText("No events match your filters.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_panel_shows_what_changed_and_leads_on()
    {
        var user = await app.CreateUserAsync("before@example.com");
        using var admin = await app.SignInAdminAsync();
        (await admin.PatchAsync($"/api/users/{user.Id}", new { displayName = "After" })).Is(200);
        await using var visitor = await OperatorAsync($"/audit?target={user.Id}&action=user.updated");

        await First(visitor).ClickAsync();
        await Expect(visitor.Page.Locator(".changes ins")).ToHaveTextAsync("After");
        await Expect(visitor.Page.Locator(".changes del")).ToHaveTextAsync("before");
        await visitor.IsAccessibleAsync();
        await visitor.Page.GetByText("JSON", new() { Exact = true }).ClickAsync();
        Assert.Contains("\"action\": \"user.updated\"", await visitor.CopyAsync(visitor.Button("Copy")));

        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Same request" }).ClickAsync();
        await visitor.IsAtAsync("**/audit?request=*");
        await Expect(Rows(visitor)).ToHaveCountAsync(1);
        await Expect(visitor.Page.Locator(".event-panel")).ToHaveCountAsync(0);
        await First(visitor).ClickAsync();
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Activity on before@example.com" }).ClickAsync();
        await visitor.IsAtAsync($"**/audit?target={user.Id}");
        await Expect(visitor.Row(" created before@example.com")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Two_events_opened_one_after_the_other_each_show_their_own_and_back_closes()
    {
        var one = await app.CreateUserAsync("panel.one@example.com");
        var two = await app.CreateUserAsync("panel.two@example.com");
        await using var visitor = await OperatorAsync("/audit?search=panel.");
        var panel = visitor.Page.Locator(".event-panel");

        await visitor.Row(one.Email!).ClickAsync();
        await Expect(panel.Locator("h2")).ToContainTextAsync(one.Email!);
        await visitor.Row(two.Email!).ClickAsync(new() { Position = new() { X = 40, Y = 10 } });
        await Expect(panel.Locator("h2")).ToContainTextAsync(two.Email!);
        await Expect(panel).Not.ToContainTextAsync(one.Email!);
        await visitor.IsAtAsync("**/audit?search=panel.&event=*");
        await visitor.Page.GoBackAsync();
        await Expect(panel).ToHaveCountAsync(0);
        await Expect(visitor.Row(one.Email!)).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task An_export_says_what_is_in_it_and_the_file_is_called_so()
    {
        var user = await app.CreateUserAsync("promoted@example.com");
        using var admin = await app.SignInAdminAsync();
        (await admin.PutAsync($"/api/users/{user.Id}/roles/Operator")).Is(200);
        await using var visitor = await OperatorAsync("/audit?action=role.,user.role_added,user.role_removed");

        await visitor.Button("Export").ClickAsync();
        await Expect(visitor.Page.Locator(".mud-dialog .file-name")).ToContainTextAsync("audit_role-changes_");
        await visitor.IsAccessibleAsync();
        var name = await visitor.Page.Locator(".mud-dialog .file-name").TextContentAsync();
        var file = await visitor.Page.RunAndWaitForDownloadAsync(() => visitor.Page.Locator(".mud-dialog").GetByRole(AriaRole.Link, new() { Name = "Export" }).ClickAsync());

        Assert.Equal(name, file.SuggestedFilename);
        await Expect(visitor.Page.Locator(".mud-dialog")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task The_log_says_when_it_was_last_verified()
    {
        // The many events of the others are made by SQL, with hashes that don't fit.
        await using var own = await AdminApp.StartAsync(Core.DatabaseProvider.Sqlite);
        await own.CreateUserAsync(Some.AdminEmail, Some.Password, "Admin");
        await using var visitor = await Visitor.ComeAsync(chromium, own);
        await visitor.SignInAsync();
        await visitor.GoAsync("/audit");

        await visitor.Page.GetByRole(AriaRole.Button, new() { Name = "Verify" }).ClickAsync();
        await Expect(visitor.Page.Locator(".integrity-chip[data-state=good]")).ToContainTextAsync("Verified just now");
        await visitor.Page.ReloadAsync();
        await Expect(visitor.Page.Locator(".integrity-chip[data-state=good]")).ToContainTextAsync("events");
    }

    [Fact]
    public async Task A_time_and_an_event_can_be_jumped_to()
    {
        await using var visitor = await OperatorAsync();
        var middle = await app.ReadAsync(db => db.AuditEvents.SingleAsync(entry => entry.Id == Long / 2));

        await visitor.Button("UTC").ClickAsync();
        await Menu(visitor, "Jump to").ClickAsync();
        await visitor.Page.GetByLabel("Time (UTC)").FillAsync(middle.At.UtcDateTime.AddSeconds(1).ToString("yyyy-MM-dd'T'HH:mm:ss"));
        await visitor.Button("Jump").ClickAsync();
        await visitor.IsAtAsync("**/audit?at=*");
        await Expect(visitor.Page.Locator($"tr[data-id='{middle.Id}']")).ToBeInViewportAsync();

        await visitor.GoAsync("/audit?event=1234");
        await Expect(visitor.Page.Locator("tr[data-id='1234']")).ToBeInViewportAsync();
        await Expect(visitor.Page.Locator(".event-panel")).ToContainTextAsync("1,234");
    }

    [Fact]
    public async Task A_view_is_saved_opened_renamed_and_deleted()
    {
        await using var visitor = await OperatorAsync("/audit?action=auth.&ip=127.0.0.1");

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

        await visitor.GoAsync("/audit");
        await OpenAsync("Role changes");
        await visitor.IsAtAsync("**/audit?action=role.*");
        await visitor.GoAsync("/audit");
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

    /// <summary>An app with a few thousand events, a second apart.</summary>
    public sealed class LongLog() : AdminApp(DatabaseProvider.Sqlite)
    {
        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            await this.AddEventsAsync(Long, details: """{"changes":[{"field":"displayName","old":"a","new":"b"}]}""");
        }
    }
}
