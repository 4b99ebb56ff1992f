using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data.Postgres;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Data;

/// <summary>Two nodes on one PostgreSQL database: each receives the commits of the other.</summary>
public sealed class RelayTests : IAsyncLifetime
{
    private TestDatabase database = default!;
    private AdminApp here = default!;
    private AdminApp there = default!;
    private ApiClient admin = default!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CreateAsync(DatabaseProvider.PostgreSQL);
        here = await AdminApp.StartAsync(DatabaseProvider.PostgreSQL, database);
        there = await AdminApp.StartAsync(DatabaseProvider.PostgreSQL, database);
        await here.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        admin = await here.SignInAdminAsync();
    }

    public async ValueTask DisposeAsync()
    {
        admin.Dispose();
        await there.DisposeAsync();
        await here.DisposeAsync();
        await database.DisposeAsync();
    }

    private static bool IsComplete(AdminApp app) => app.Services.GetRequiredService<ChangeFeed>().IsComplete;

    // Closes every relay connection of this database.
    private Task<int> CutAsync() =>
        database.ExecuteAsync(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND "
                + $"application_name = '{PostgresChangeRelay.ApplicationName}'"
        );

    private async Task<(Guid Id, string Token)> TokenAsync()
    {
        var made = (await admin.PostAsync("/api/tokens", new { name = TestData.Name("robot"), scopes = new[] { "users.read" } }))
            .Is(201)
            .Json;
        return (made.GetProperty("id").GetGuid(), made.GetProperty("token").GetString()!);
    }

    private static async Task<int> MeAsync(AdminApp app, string token)
    {
        using var caller = app.Anonymous();
        return (await caller.GetAsync("/api/auth/me", ("Authorization", $"Bearer {token}"))).Status;
    }

    [Fact]
    public async Task A_token_cached_on_another_node_is_refused_once_revoked()
    {
        var (id, token) = await TokenAsync();
        Assert.Equal((200, 200), (await MeAsync(there, token), await MeAsync(there, token)));

        (await admin.DeleteAsync($"/api/tokens/{id}")).Is(204);

        await AdminApp.UntilAsync(async () => await MeAsync(there, token) == 401, "the other node refuses the token");
        Assert.True(IsComplete(there));
    }

    [Fact]
    public async Task Subscribers_receive_every_event_of_both_nodes_once()
    {
        // An earlier event may still be on its way.
        var last = await here.ReadAsync(db => db.AuditEvents.MaxAsync(entry => entry.Id));
        var received = new List<long>();
        using var listening = there
            .Services.GetRequiredService<ChangeFeed>()
            .Listen(notices =>
            {
                lock (received)
                {
                    received.AddRange(notices.Select(notice => notice.EventId).Where(id => id > last));
                }
            });

        await Task.WhenAll(Enumerable.Range(0, 32).Select(number => (number % 2 == 0 ? here : there).CreateUserAsync()));

        await AdminApp.UntilAsync(() => Task.FromResult(Count() >= 32), "all 32 are received");
        var written = await here.ReadAsync(db =>
            db.AuditEvents.Where(entry => entry.Action == "user.created")
                .OrderByDescending(entry => entry.Id)
                .Take(32)
                .Select(entry => entry.Id)
                .ToListAsync()
        );
        lock (received)
        {
            Assert.Equal(written.Order(), received.Order());
        }

        int Count()
        {
            lock (received)
            {
                return received.Count;
            }
        }
    }

    [Fact]
    public async Task Settings_changed_on_one_node_apply_on_the_other()
    {
        using var other = await there.SignInAdminAsync();
        var settings = (
            await here.RunAsync<Core.Settings.SettingsStore, Result<SystemSettings>>(store => store.GetAsync(TestData.System, default))
        ).Value;
        Assert.Null(
            (
                await here.RunAsync<Core.Settings.SettingsStore, Refusal?>(async store =>
                    (await store.UpdateAsync(TestData.System, settings with { PasswordMinimumLength = 40 }, default)).Refusal
                )
            )
        );

        await AdminApp.UntilAsync(
            async () => (await other.PostAsync("/api/users", TestData.User(password: TestData.Password))).Status == 400,
            "the other node asks for 40 characters"
        );
    }

    [Fact]
    public async Task While_the_relay_is_cut_caches_are_bypassed_and_missed_events_are_caught_up_afterwards()
    {
        var (id, token) = await TokenAsync();
        var (_, good) = await TokenAsync();
        Assert.Equal((200, 200), (await MeAsync(there, token), await MeAsync(there, good)));

        await CutAsync();
        (await admin.DeleteAsync($"/api/tokens/{id}")).Is(204);

        await AdminApp.UntilAsync(async () => await MeAsync(there, token) == 401, "the other node refuses the token");
        await AdminApp.UntilAsync(() => Task.FromResult(IsComplete(here) && IsComplete(there)), "both nodes receive notifications again");
        Assert.Equal((401, 200), (await MeAsync(there, token), await MeAsync(there, good)));
    }
}
