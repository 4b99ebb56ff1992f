using System.Collections.Concurrent;
using AdminConsole.Core.Audit;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Audit;

public sealed class AuditWindowTests
{
    private static Task<Result<T>> AskAsync<T>(AdminApp app, Func<AuditWindow, Task<Result<T>>> ask) => app.RunAsync(ask);

    private static async Task<AuditSlice> ReadAsync(AdminApp app, Func<AuditWindow, Task<Result<AuditSlice>>> ask) =>
        (await AskAsync(app, ask)).Value;

    private static async Task<AdminApp> WithEventsAsync(DatabaseProvider provider, int count, string details = "{}")
    {
        var app = await AdminApp.StartAsync(provider);
        await app.CreateUserAsync();
        await app.AddEventsAsync(count, details: details);
        return app;
    }

    private static async Task<List<long>> WalkDownAsync(AdminApp app, AuditQuery query)
    {
        var slice = await ReadAsync(app, window => window.NewestAsync(TestData.System, query, default));
        List<long> ids = [.. slice.Events.Select(entry => entry.Id)];
        while (slice.Older is { } before)
        {
            slice = await ReadAsync(app, window => window.OlderAsync(TestData.System, query, before, default));
            ids.AddRange(slice.Events.Select(entry => entry.Id));
        }

        return ids;
    }

    private static async Task<List<long>> WalkUpAsync(AdminApp app, AuditQuery query)
    {
        var slice = await ReadAsync(app, window => window.OldestAsync(TestData.System, query, default));
        List<long> ids = [.. slice.Events.Select(entry => entry.Id)];
        while (slice.Newer is { } after)
        {
            slice = await ReadAsync(app, window => window.NewerAsync(TestData.System, query, after, default));
            ids.InsertRange(0, slice.Events.Select(entry => entry.Id));
        }

        return ids;
    }

    [Theory]
    [OnBoth]
    public async Task Paging_in_both_directions_lists_every_match_once_also_across_a_gap(DatabaseProvider provider)
    {
        await using var app = await WithEventsAsync(provider, 23);
        await app.AddEventsAsync(10, "user.unlocked", gap: 500);
        await app.AddEventsAsync(7, "role.updated");
        var all = await app.ReadAsync(db =>
            db.AuditEvents.OrderByDescending(entry => entry.Id).Select(entry => new { entry.Id, entry.Action }).ToListAsync()
        );

        foreach (
            var (query, expected) in new[]
            {
                (new AuditQuery { Limit = 5 }, all),
                (
                    new AuditQuery { Limit = 5, Action = "user." },
                    all.Where(entry => entry.Action.StartsWith("user.", StringComparison.Ordinal))
                ),
                (new AuditQuery { Limit = 4, Action = "user.unlocked" }, all.Where(entry => entry.Action == "user.unlocked")),
                (new AuditQuery { Limit = 4, Search = "unlocked" }, all.Where(entry => entry.Action == "user.unlocked")),
                (
                    new AuditQuery { Limit = 4, Action = "user.unlocked,role." },
                    all.Where(entry => entry.Action is "user.unlocked" or "role.updated")
                ),
                (new AuditQuery { Limit = 4, Action = ",role.updated,nothing" }, all.Where(entry => entry.Action == "role.updated")),
                (new AuditQuery { Limit = 5, Action = "nothing" }, []),
            }
        )
        {
            Assert.Equal(expected.Select(entry => entry.Id), await WalkDownAsync(app, query));
            Assert.Equal(expected.Select(entry => entry.Id), await WalkUpAsync(app, query));
        }
    }

    [Theory]
    [OnBoth]
    public async Task A_window_around_a_time_has_the_last_event_by_then_and_its_neighbours(DatabaseProvider provider)
    {
        await using var app = await WithEventsAsync(provider, 40);
        var middle = await app.ReadAsync(db => db.AuditEvents.SingleAsync(entry => entry.Id == 20));

        var there = await ReadAsync(
            app,
            window =>
                window.AroundTimeAsync(
                    TestData.System,
                    new() { Limit = 10 },
                    middle.At.AddMilliseconds(300).ToOffset(TimeSpan.FromHours(5)),
                    default
                )
        );
        var before = await ReadAsync(
            app,
            window => window.AroundTimeAsync(TestData.System, new() { Limit = 10 }, DateTimeOffset.UnixEpoch, default)
        );
        var after = await ReadAsync(
            app,
            window => window.AroundTimeAsync(TestData.System, new() { Limit = 10 }, DateTimeOffset.UnixEpoch.AddYears(200), default)
        );

        Assert.Equal([25, 24, 23, 22, 21, 20, 19, 18, 17, 16], there.Events.Select(entry => entry.Id));
        Assert.Equal((16, 25), (there.Older, there.Newer));
        Assert.Equal([5, 4, 3, 2, 1], before.Events.Select(entry => entry.Id));
        Assert.Equal((null, 5), (before.Older, before.Newer));
        Assert.Equal([41, 40, 39, 38, 37], after.Events.Select(entry => entry.Id));
        Assert.Equal((37, null), (after.Older, after.Newer));
    }

    [Theory]
    [OnBoth]
    public async Task A_window_around_an_event_outside_the_filter_has_its_neighbours(DatabaseProvider provider)
    {
        await using var app = await WithEventsAsync(provider, 3);
        await app.AddEventsAsync(1, "user.unlocked");
        await app.AddEventsAsync(3);

        var there = await ReadAsync(
            app,
            window => window.AroundAsync(TestData.System, new() { Action = "user.updated", Limit = 4 }, 5, default)
        );
        var nowhere = await ReadAsync(app, window => window.AroundAsync(TestData.System, new() { Limit = 4 }, 1_000_000, default));

        Assert.Equal([7, 6, 4, 3], there.Events.Select(entry => entry.Id));
        Assert.Equal([8, 7], nowhere.Events.Select(entry => entry.Id));
    }

    [Theory]
    [OnBoth]
    public async Task A_text_search_reports_how_far_it_searched_and_continues_on_request(DatabaseProvider provider)
    {
        await using var app = await AdminApp.StartAsync(provider);
        await app.CreateUserAsync("needle@example.com");
        await app.CreateUserAsync();
        await app.AddEventsAsync(AuditWindow.ScanLimit + 10);
        var query = new AuditQuery { Search = "needle@" };

        var first = await ReadAsync(app, window => window.NewestAsync(TestData.System, query, default));
        var second = await ReadAsync(app, window => window.OlderAsync(TestData.System, query, first.Older!.Value, default));

        Assert.Empty(first.Events);
        Assert.Equal(
            await app.ReadAsync(db => db.AuditEvents.Where(entry => entry.Id == first.Older).Select(entry => entry.At).SingleAsync()),
            first.SearchedBackTo
        );
        Assert.Equal(1, Assert.Single(second.Events).Id);
        Assert.Equal((null, null), (second.Older, second.SearchedBackTo));
        var up = await ReadAsync(app, window => window.AroundAsync(TestData.System, query, 1, default));
        Assert.Equal(1, Assert.Single(up.Events).Id);
        Assert.NotNull(up.SearchedUpTo);
        Assert.Empty((await ReadAsync(app, window => window.NewerAsync(TestData.System, query, up.Newer!.Value, default))).Events);
    }

    [Theory]
    [OnBoth]
    public async Task Matches_are_counted_up_to_a_limit_and_text_searches_not_at_all(DatabaseProvider provider)
    {
        await using var app = await WithEventsAsync(provider, 12);
        await app.AddEventsAsync(AuditWindow.CountLimit + 5, "role.updated");

        async Task<long?> CountAsync(AuditQuery query) =>
            (await AskAsync(app, window => window.CountAsync(TestData.System, query, default))).Value;

        Assert.Equal(12, await CountAsync(new() { Action = "user.updated" }));
        Assert.Equal(AuditWindow.CountLimit + 1, await CountAsync(new() { Action = "role." }));
        Assert.Equal(AuditWindow.CountLimit + 1, await CountAsync(new()));
        Assert.Equal(0, await CountAsync(new() { Batch = Guid.CreateVersion7() }));
        Assert.Null(await CountAsync(new() { Search = "x" }));
        Assert.Null(await CountAsync(new() { Actor = "an actor" }));
    }

    [Theory]
    [OnBoth]
    public async Task The_window_needs_the_permission_to_read_the_log(DatabaseProvider provider)
    {
        await using var app = await AdminApp.StartAsync(provider);
        var reader = new Actor
        {
            UserId = Guid.CreateVersion7(),
            Name = "reader",
            Via = AuthenticationMethod.Session,
            EffectivePermissions = new HashSet<string> { Permissions.UsersRead },
        };

        foreach (var (actor, code) in new[] { (reader, "forbidden"), (Actor.Anonymous(), "unauthenticated") })
        {
            Assert.Equal(code, (await AskAsync(app, window => window.NewestAsync(actor, new(), default))).Refusal?.Code);
            Assert.Equal(code, (await AskAsync(app, window => window.AroundAsync(actor, new(), 1, default))).Refusal?.Code);
            Assert.Equal(code, (await AskAsync(app, window => window.CountAsync(actor, new(), default))).Refusal?.Code);
        }

        Assert.Equal(
            "invalid_request",
            (await AskAsync(app, window => window.NewestAsync(TestData.System, new() { Limit = 201 }, default))).Refusal?.Code
        );
    }

    [Theory]
    [OnBoth]
    public async Task A_new_event_is_sent_once_to_each_matching_subscriber(DatabaseProvider provider)
    {
        await using var app = await AdminApp.StartAsync(provider);
        var live = app.Services.GetRequiredService<AuditNotifier>();
        var (all, roles) = (new ConcurrentQueue<long>(), new ConcurrentQueue<string>());
        using var everything = live.Listen(new(), news => news.Events.Reverse().ToList().ForEach(entry => all.Enqueue(entry.Id)));
        using var some = live.Listen(
            new() { Action = "role." },
            news => news.Events.ToList().ForEach(entry => roles.Enqueue(entry.Action))
        );

        await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => app.CreateUserAsync()));
        var user = await app.CreateUserAsync();

        var last = await app.ReadAsync(db => db.AuditEvents.MaxAsync(entry => entry.Id));
        await AdminApp.UntilAsync(() => Task.FromResult(all.Contains(last)), "the last event is received");
        Assert.Equal(Enumerable.Range(1, (int)last).Select(id => (long)id), all);
        Assert.Empty(roles);
        Assert.Equal(user.Id.ToString(), (await app.ReadAsync(db => db.AuditEvents.SingleAsync(entry => entry.Id == last))).TargetId);
    }
}
