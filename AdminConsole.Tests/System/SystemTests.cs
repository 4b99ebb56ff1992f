using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using AdminConsole.Tests.Tokens;

namespace AdminConsole.Tests.System;

public abstract class SystemTests(AdminApp app)
{
    private static async Task<SystemStatus> StatusAsync(ApiClient caller) =>
        (await caller.GetAsync("/api/system")).Is(200).As<SystemStatus>();

    [Fact]
    public async Task An_administrator_reads_the_status_of_the_node()
    {
        using var admin = await app.SignInAdminAsync();

        var status = await StatusAsync(admin);

        Assert.Equal("healthy", status.Status);
        Assert.Equal(
            app.Provider == DatabaseProvider.Sqlite
                ? ["audit", "database", "disk", "outbox"]
                : ["audit", "database", "disk", "outbox", "relay"],
            status.Checks.Select(check => check.Name)
        );
        Assert.Equal(app.Provider == DatabaseProvider.Sqlite ? "SQLite" : "PostgreSQL", status.Database.Provider);
        Assert.True(status.Database.SizeBytes > 100_000);
        Assert.True(status.Database.ReadMilliseconds > 0);
        Assert.Equal("auth.signed_in", status.LastEvent!.Action);
        Assert.True(status.LiveSessions >= 1);
        Assert.True(status.Hashing.Duration.MedianMilliseconds > 0);
        Assert.True(status.Changes.MedianMilliseconds > 0);
        Assert.True(status.Disk.FreeBytes > status.Disk.MinimumFreeBytes);
        Assert.Equal(
            ["auditHeartbeat", "housekeeping", "lastUsed", "outbox", "reactivation", "reminders", "retention"],
            status.Workers.Select(worker => worker.Name)
        );
        // An email about the sign-in may still be queued.
        await AdminApp.UntilAsync(async () => (await StatusAsync(admin)).Outbox == new OutboxFacts(0, null), "no mail is waiting");
        Assert.DoesNotContain("Password", (await admin.GetAsync("/api/system")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_users_are_refused()
    {
        var person = await app.SignedInUserAsync("Operator");
        using var anonymous = app.Anonymous();

        (await anonymous.GetAsync("/api/system")).Refuses(401, "unauthenticated");
        (await person.Caller.GetAsync("/api/system")).Refuses(403, "forbidden");
    }

    [Fact]
    public async Task A_token_with_the_scope_reads_the_status()
    {
        using var admin = await app.SignInAdminAsync();
        var watcher = app.With((await admin.CreateTokenAsync(Permissions.SettingsWrite)).Token);

        (await watcher.GetAsync("/api/system")).Is(200);
        (await app.With((await admin.CreateTokenAsync(Permissions.UsersRead)).Token).GetAsync("/api/system")).Refuses(403, "forbidden");
    }

    [Fact]
    public async Task A_cached_token_counts_as_a_hit()
    {
        using var admin = await app.SignInAdminAsync();
        var program = app.With((await admin.CreateTokenAsync(Permissions.ProfileRead)).Token);
        (await program.MeAsync()).Is(200);
        var before = (await StatusAsync(admin)).Tokens;

        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => program.MeAsync()));

        var after = (await StatusAsync(admin)).Tokens;
        Assert.True(after.Remembered >= before.Remembered + 40);
        Assert.InRange(after.HitRate!.Value, 0.01, 0.9999);
    }

    public sealed class OnSqlite(SqliteApp app) : SystemTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : SystemTests(app), IClassFixture<PostgresApp>
    {
        [Fact]
        public async Task A_commit_is_received_shortly_afterwards()
        {
            using var admin = await app.SignInAdminAsync();

            await AdminApp.UntilAsync(
                async () => (await StatusAsync(admin)).Relay == new RelayFacts(Connected: true, EventsBehind: 0),
                "nothing is behind"
            );
        }
    }
}

public sealed class WorkerTests
{
    [Fact]
    public async Task A_failing_worker_is_reported_until_it_succeeds()
    {
        await using var app = await AdminApp.StartAsync(DatabaseProvider.Sqlite);
        await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        using var admin = await app.SignInAdminAsync();
        async Task<WorkerFacts> OutboxAsync() =>
            (await admin.GetAsync("/api/system")).Is(200).As<SystemStatus>().Workers.Single(worker => worker.Name == "outbox");

        await app.Database.ExecuteAsync("""ALTER TABLE "OutboxMails" RENAME TO "Away" """);
        await AdminApp.UntilAsync(
            async () => (await OutboxAsync()).Problem?.Contains("no such table", StringComparison.Ordinal) == true,
            "it failed"
        );
        await app.Database.ExecuteAsync("""ALTER TABLE "Away" RENAME TO "OutboxMails" """);

        await AdminApp.UntilAsync(async () => await OutboxAsync() is { Problem: null, LastRunAt: not null }, "it works");
    }
}
