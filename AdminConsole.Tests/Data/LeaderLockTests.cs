using System.Text.Json;
using AdminConsole.Core.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace AdminConsole.Tests.Data;

/// <summary>Leader election between nodes on one PostgreSQL database.</summary>
public sealed class LeaderLockTests : IAsyncLifetime
{
    private TestDatabase database = default!;

    public async ValueTask InitializeAsync() => database = await TestDatabase.CreateAsync(DatabaseProvider.PostgreSQL);

    public async ValueTask DisposeAsync() => await database.DisposeAsync();

    private LeaderLock Node() =>
        new(new DatabaseOptions(DatabaseProvider.PostgreSQL, database.ConnectionString), NullLogger<LeaderLock>.Instance);

    private Task<AdminApp> ForwardingAsync(string name) =>
        AdminApp.StartAsync(DatabaseProvider.PostgreSQL, database, settings: [("Audit:Forward", Path.Combine(database.Folder, name))]);

    private List<long> Forwarded(string name) =>
        [
            .. File.ReadAllLines(Path.Combine(database.Folder, name))
                .Select(line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("id").GetInt64()),
        ];

    private static Task WorkAsync(LeaderLock leader, Action run, CancellationToken ct) =>
        PeriodicWorker.RunPeriodicallyAsync(
            TimeProvider.System,
            TimeSpan.FromMilliseconds(5),
            now =>
                leader.RunAsync(
                    _ =>
                    {
                        run();
                        return Task.CompletedTask;
                    },
                    now
                ),
            NullLogger.Instance,
            "",
            ct
        );

    [Fact]
    public async Task Of_three_nodes_that_compete_32_times_one_is_the_leader()
    {
        using var first = Node();
        using var second = Node();
        using var third = Node();

        var asked = await Task.WhenAll(
            new[] { first, second, third }.Select(node => Task.WhenAll(Enumerable.Range(0, 32).Select(_ => node.TryHoldAsync(default))))
        );

        Assert.Single(asked, answers => answers.All(yes => yes));
        Assert.Equal(2, asked.Count(answers => answers.All(yes => !yes)));
    }

    [Fact]
    public async Task Jobs_run_on_one_node_and_on_the_other_after_it_ends()
    {
        var first = Node();
        using var second = Node();
        Assert.True(await first.TryHoldAsync(default));
        var (here, there) = (0, 0);
        using var endOfFirst = new CancellationTokenSource();
        using var endOfSecond = new CancellationTokenSource();
        var working = (
            First: WorkAsync(first, () => here++, endOfFirst.Token),
            Second: WorkAsync(second, () => there++, endOfSecond.Token)
        );

        await AdminApp.UntilAsync(() => Task.FromResult(here >= 20), "20 rounds ran here");
        Assert.Equal(0, there);
        await endOfFirst.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => working.First);
        first.Dispose();

        await AdminApp.UntilAsync(() => Task.FromResult(there >= 20), "20 rounds ran there");
        await endOfSecond.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => working.Second);
    }

    [Fact]
    public async Task After_a_broken_connection_one_node_is_the_leader_again()
    {
        using var first = Node();
        using var second = Node();
        for (var run = 0; run < 10; run++)
        {
            Assert.NotEqual(await first.TryHoldAsync(default), await second.TryHoldAsync(default));

            // Simulates a killed process. The first node to ask gets the lock, on another connection.
            await database.ExecuteAsync(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND "
                    + $"application_name = '{LeaderLock.ApplicationName}'"
            );
            var asked = await Task.WhenAll(second.TryHoldAsync(default), first.TryHoldAsync(default));

            Assert.Single(asked, yes => yes);
        }
    }

    [Fact]
    public async Task Without_a_database_no_node_is_the_leader()
    {
        using var node = new LeaderLock(
            new DatabaseOptions(DatabaseProvider.PostgreSQL, "Host=127.0.0.1;Port=1;Username=nobody;Database=none"),
            NullLogger<LeaderLock>.Instance
        );

        await Assert.ThrowsAnyAsync<Npgsql.NpgsqlException>(() =>
            node.RunAsync(_ => throw new InvalidOperationException("The job ran without the lock."), default)
        );
    }

    [Fact]
    public async Task On_sqlite_the_only_node_is_the_leader()
    {
        using var node = new LeaderLock(new DatabaseOptions(DatabaseProvider.Sqlite, "Data Source=none"), NullLogger<LeaderLock>.Instance);

        Assert.True(await node.TryHoldAsync(default));
    }

    [Fact]
    public async Task Events_are_forwarded_by_one_node_and_by_the_other_after_it_ends()
    {
        var first = await ForwardingAsync("first");
        await first.CreateUserAsync();
        await ForwardedAsync(first, 1);
        await using var second = await ForwardingAsync("second");

        await Task.WhenAll(Enumerable.Range(0, 40).Select(number => (number % 2 == 0 ? first : second).CreateUserAsync()));
        await ForwardedAsync(second, 41);
        await first.DisposeAsync();
        await second.CreateUserAsync();
        await ForwardedAsync(second, 42);

        Assert.Equal(Enumerable.Range(1, 41).Select(id => (long)id), Forwarded("first"));
        Assert.Equal([42], Forwarded("second"));
    }

    private static Task ForwardedAsync(AdminApp app, long last) =>
        AdminApp.UntilAsync(
            () => app.ReadAsync(db => db.AuditCursors.AnyAsync(cursor => cursor.LastId == last)),
            $"event {last} is forwarded"
        );
}
