using AdminConsole.Tests.Audit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace AdminConsole.EndToEnd.Browser;

/// <summary>Navigation in the audit table: window, live events, batches, keyboard.</summary>
public sealed class AuditTableTests(Chromium chromium, LongLog app) : IClassFixture<LongLog>
{
    private static ILocator Live(BrowserSession visitor) => visitor.Page.GetByRole(AriaRole.Switch);

    private static Task<string?> FocusedAsync(BrowserSession visitor) =>
        visitor.Page.EvaluateAsync<string?>("document.activeElement.dataset.id ?? null");

    [Fact]
    public async Task The_window_scrolls_over_thousands_of_events_at_a_constant_size()
    {
        await using var visitor = await app.OperatorAsync(chromium);
        await visitor.Scroller().HoverAsync();
        var newest = (await visitor.EventIdsAsync())[0];

        async Task ScrollUntilAsync(int by, Func<List<long>, bool> there, string what) =>
            await AdminApp.UntilAsync(
                async () =>
                {
                    await visitor.Page.Mouse.WheelAsync(0, by);
                    var ids = await visitor.EventIdsAsync();
                    Assert.InRange(ids.Count, 1, 300);
                    Assert.Equal(Enumerable.Range(0, ids.Count).Select(step => ids[0] - step), ids);
                    return there(ids);
                },
                what
            );

        await ScrollUntilAsync(3000, ids => newest - ids[^1] > 1500, "1,500 events down");
        await ScrollUntilAsync(-3000, ids => ids[0] >= newest, "back at the top");
        await visitor.FilterMenu("Jump to").ClickAsync();
        await visitor.Button("Oldest").ClickAsync();
        await Expect(visitor.Events().Last).ToHaveAttributeAsync("data-id", "1");
        await Expect(visitor.Button("Newest")).ToBeHiddenAsync();
        await visitor.FilterMenu("Jump to").ClickAsync();
        await visitor.Button("Newest").ClickAsync();
        var last = await app.ReadAsync(db => db.AuditEvents.MaxAsync(entry => entry.Id));
        await Expect(visitor.Events().First).ToHaveAttributeAsync("data-id", $"{last}");
    }

    [Fact]
    public async Task The_visible_row_keeps_its_position_while_rows_are_added_and_removed()
    {
        await using var visitor = await app.OperatorAsync(chromium);
        await visitor.Scroller().HoverAsync();
        await AdminApp.UntilAsync(
            async () =>
            {
                await visitor.Page.Mouse.WheelAsync(0, 1000);
                return (await visitor.EventIdsAsync()).Count == 300;
            },
            "the window is full"
        );

        // The position of a row before and after the script loads more at the lower end.
        var moved = await visitor.Page.EvaluateAsync<double>(
            """
            async () => {
                const scroller = document.querySelector('.event-scroll .mud-table-container');
                const body = scroller.querySelector('tbody');
                const frame = () => new Promise(done => requestAnimationFrame(done));
                // The wheel's inertia ends and the requested rows arrive.
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
                const more = new Promise(done =>
                    new MutationObserver(() => body.lastElementChild.dataset.id !== last && done()).observe(body, { childList: true }));
                scroller.scrollTop += 400;
                await Promise.race([more, new Promise((_, fail) => setTimeout(() => fail(new Error('No rows came.')), 20000))]);
                await frame();
                return before - 400 - row.getBoundingClientRect().top;
            }
            """
        );

        Assert.InRange(moved, -1, 1);
    }

    [Fact]
    public async Task A_batch_is_one_row_that_opens_to_its_events()
    {
        // A batch row would be a gap in the window that another test counts through.
        await using var own = await AdminApp.StartAsync(AdminConsole.Core.Common.DatabaseProvider.Sqlite);
        await own.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        var users = new List<Guid>();
        for (var number = 0; number < 3; number++)
        {
            users.Add((await own.CreateUserAsync($"batched.{number}@example.com")).Id);
        }

        using var admin = await own.SignInAdminAsync();
        (await admin.PostAsync("/api/users/bulk", new { ids = users, action = "deactivate" })).Is(200);
        await using var visitor = await BrowserSession.StartAsync(chromium, own);
        await visitor.SignInAsync();
        await visitor.OpenPageAsync("/audit?action=user.deactivated");

        await visitor.Row("deactivated 3 users").ClickAsync();
        await visitor.IsAtAsync("**/audit?batch=*");
        await Expect(visitor.Events()).ToHaveCountAsync(3);
        await visitor.Page.GoBackAsync();
        await Expect(visitor.Row("deactivated 3 users")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Live_mode_shows_new_events_immediately_and_pauses_while_scrolled_down()
    {
        await using var visitor = await app.OperatorAsync(chromium);
        await Live(visitor).ClickAsync();
        await Expect(Live(visitor)).ToHaveAttributeAsync("aria-checked", "true");
        await visitor.IsAtAsync("**/audit?follow=1");

        await app.CreateUserAsync("followed.one@example.com");
        await Expect(visitor.Events().First).ToContainTextAsync("followed.one@example.com");

        await visitor.Scroller().EvaluateAsync("scroller => scroller.scrollTop = 900");
        await Expect(Live(visitor)).ToContainTextAsync("paused");
        await app.CreateUserAsync("followed.two@example.com");
        await visitor.Button("1 new event").ClickAsync();
        await Expect(visitor.Events().First).ToContainTextAsync("followed.two@example.com");
        await Expect(visitor.Button("1 new event")).ToHaveCountAsync(0);
        await app.CreateUserAsync("followed.three@example.com");
        await Expect(visitor.Events().First).ToContainTextAsync("followed.three@example.com");
    }

    [Fact]
    public async Task The_keyboard_alone_finds_an_event_its_details_and_the_way_back()
    {
        await using var visitor = await app.OperatorAsync(chromium);
        var ids = await visitor.EventIdsAsync();

        await AdminApp.UntilAsync(
            async () =>
            {
                await visitor.Events().First.FocusAsync();
                await visitor.Page.Keyboard.PressAsync("ArrowDown");
                return await FocusedAsync(visitor) == $"{ids[1]}";
            },
            "the second row has the focus"
        );
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
        await AdminApp.UntilAsync(
            async () => long.Parse((await FocusedAsync(visitor))!) is var id && id >= ids[40] && id <= ids[5],
            "a row further down has the focus"
        );
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
    public async Task The_log_can_jump_to_a_time_and_to_an_event()
    {
        await using var visitor = await app.OperatorAsync(chromium);
        var middle = await app.ReadAsync(db => db.AuditEvents.SingleAsync(entry => entry.Id == LongLog.Events / 2));

        await visitor.Button("UTC").ClickAsync();
        await visitor.FilterMenu("Jump to").ClickAsync();
        await visitor.Page.GetByLabel("Time (UTC)").FillAsync(middle.At.UtcDateTime.AddSeconds(1).ToString("yyyy-MM-dd'T'HH:mm:ss"));
        await visitor.Button("Jump").ClickAsync();
        await visitor.IsAtAsync("**/audit?at=*");
        await Expect(visitor.Page.Locator($"tr[data-id='{middle.Id}']")).ToBeInViewportAsync();

        await visitor.OpenPageAsync("/audit?event=1234");
        await Expect(visitor.Page.Locator("tr[data-id='1234']")).ToBeInViewportAsync();
        await Expect(visitor.Page.Locator(".event-panel")).ToContainTextAsync("1,234");
    }

    [Fact]
    public async Task Below_a_batch_longer_than_the_window_the_log_continues()
    {
        await using var own = await AdminApp.StartAsync(AdminConsole.Core.Common.DatabaseProvider.Sqlite);
        await own.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        var users = new List<Guid>();
        for (var number = 0; number < 2; number++)
        {
            users.Add((await own.CreateUserAsync($"batched.{number}@example.com")).Id);
        }

        using var admin = await own.SignInAdminAsync();
        (await admin.PostAsync("/api/users/bulk", new { ids = users, action = "deactivate" })).Is(200);
        // Copies of the last event share its batch. All lie within one minute, as in one operation.
        for (var part = 0; part < 15; part++)
        {
            await own.AddEventsAsync(20, "user.deactivated");
        }

        await using var visitor = await BrowserSession.StartAsync(chromium, own);
        await visitor.SignInAsync();
        await visitor.OpenPageAsync("/audit");

        await Expect(visitor.Row("deactivated 302 users")).ToHaveCountAsync(1);
        await Expect(visitor.Page.Locator("tr[data-id='1']")).ToHaveCountAsync(1);
    }
}
