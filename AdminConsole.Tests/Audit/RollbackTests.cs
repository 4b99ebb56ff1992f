using AdminConsole.Core.Audit;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AdminConsole.Tests.Audit;

/// <summary>An attacker with write access to the database keeps a copy of the signed head, deletes the newest events,
/// and restores the copy.</summary>
public sealed class RollbackTests
{
    private const string Cut = """DELETE FROM "AuditEvents" WHERE "Id" > 15""";

    private const string RestoreHead = """
        UPDATE "AuditHeads"
        SET "LastId" = (SELECT "LastId" FROM "Kept"), "LastHash" = (SELECT "LastHash" FROM "Kept"),
            "Epoch" = (SELECT "Epoch" FROM "Kept"), "Signature" = (SELECT "Signature" FROM "Kept")
        """;

    // Creates twenty events; the copied head names the fifteenth.
    private static async Task<AdminApp> StartAsync(TestDatabase database)
    {
        var app = await AdminApp.StartAsync(database.Provider, database);
        await CreateUsersAsync(app, 15);
        await database.ExecuteAsync("""CREATE TABLE "Kept" AS SELECT * FROM "AuditHeads" """);
        await CreateUsersAsync(app, 5);
        await Tampering.DropTriggersAsync(app);
        return app;
    }

    private static async Task CreateUsersAsync(AdminApp app, int count)
    {
        for (var user = 0; user < count; user++)
        {
            await app.CreateUserAsync();
        }
    }

    [Theory, OnBoth]
    public async Task A_truncated_log_with_an_old_head_is_detected_by_the_running_program(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await using var app = await StartAsync(database);

        await database.ExecuteAsync($"{Cut}; {RestoreHead}");

        var found = await Tampering.VerifyAsync(app);
        Assert.Equal((false, 16), (found.Valid, found.FirstBroken));
        Assert.Contains("event 20 had been written", found.Problem, StringComparison.Ordinal);
        // The check may have run before the events were deleted.
        await AdminApp.UntilAsync(
            async () => await Tampering.HealthAsync(app) is { Status: HealthStatus.Degraded } check && check.Description == found.Problem,
            "the rollback is reported"
        );
        Assert.Contains(app.Log.Lines, line => line.Contains("The audit log was rolled back: event 20", StringComparison.Ordinal));
    }

    [Theory, OnBoth]
    public async Task A_rollback_is_detected_after_a_restart_and_stays_reported_as_the_log_grows(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await (await StartAsync(database)).DisposeAsync();
        await database.ExecuteAsync($"{Cut}; {RestoreHead}");

        await using var app = await AdminApp.StartAsync(provider, database);
        Assert.Equal(16, (await Tampering.VerifyAsync(app)).FirstBroken);
        await CreateUsersAsync(app, 10);

        Assert.Equal(16, (await Tampering.VerifyAsync(app)).FirstBroken);
    }

    [Theory, OnBoth]
    public async Task A_rollback_is_detected_when_another_program_wrote_beyond_the_old_end(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await using var elsewhere = await TestDatabase.CreateAsync(provider);
        await (await StartAsync(database)).DisposeAsync();
        await database.ExecuteAsync($"{Cut}; {RestoreHead}");
        await database.ExecuteAsync("""DELETE FROM "AuditCursors" """);
        Assert.True(File.Exists(MarkOf(database)));
        File.Move(MarkOf(database), MarkOf(database) + ".aside");
        await using (var other = await AdminApp.StartAsync(provider, database))
        {
            await CreateUsersAsync(other, 10);
        }

        File.Move(MarkOf(database) + ".aside", MarkOf(database), overwrite: true);

        await using var app = await AdminApp.StartAsync(provider, database);

        Assert.Equal(20, (await Tampering.VerifyAsync(app)).FirstBroken);
    }

    [Theory, OnBoth]
    public async Task Without_the_file_the_heartbeat_row_shows_a_rollback_after_a_restart(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await using (var before = await StartAsync(database))
        {
            Assert.Null(await before.Services.GetRequiredService<AuditHeartbeat>().RunOnceAsync(default));
        }

        await database.ExecuteAsync($"{Cut}; {RestoreHead}");
        File.Delete(MarkOf(database));

        await using var app = await AdminApp.StartAsync(provider, database);

        Assert.Equal(16, (await Tampering.VerifyAsync(app)).FirstBroken);
    }

    [Fact]
    public async Task Another_node_that_received_the_events_detects_a_rollback()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.PostgreSQL);
        await using var elsewhere = await TestDatabase.CreateAsync(DatabaseProvider.PostgreSQL);
        await using var listener = await AdminApp.StartAsync(DatabaseProvider.PostgreSQL, database with { Folder = elsewhere.Folder });
        var mark = listener.Services.GetRequiredService<AuditHighWaterMark>();
        await (await StartAsync(database)).DisposeAsync();
        await AdminApp.UntilAsync(() => Task.FromResult(mark.Current?.LastId == 20), "the other node saw event 20");

        await database.ExecuteAsync($"""{Cut}; {RestoreHead}; DELETE FROM "AuditCursors" """);

        Assert.Equal(16, (await Tampering.VerifyAsync(listener)).FirstBroken);
    }

    [Fact]
    public async Task A_damaged_mark_is_ignored_at_the_start()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await File.WriteAllTextAsync(MarkOf(database), $"mark 1 5 {new string('z', 64)} - signature");

        await using var app = await AdminApp.StartAsync(DatabaseProvider.Sqlite, database);

        Assert.Contains(app.Log.Lines, line => line.Contains("was not signed by this installation", StringComparison.Ordinal));
    }

    [Theory, OnBoth]
    public async Task A_reset_head_is_restored_by_a_repair_without_loss(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await using var app = await StartAsync(database);
        await database.ExecuteAsync(RestoreHead);
        var found = await Tampering.VerifyAsync(app);
        Assert.Equal((false, 16), (found.Valid, found.FirstBroken));

        var repaired = await Tampering.RepairAsync(app);

        Assert.Equal((0, 20), (repaired.Value.Quarantined, repaired.Value.EndsAt));
        Assert.Equal(new AuditVerification(true, 21), await Tampering.VerifyAsync(app));
    }

    [Theory, OnBoth]
    public async Task Continuing_without_the_lost_events_must_be_accepted_and_is_recorded(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await using var app = await StartAsync(database);
        await database.ExecuteAsync($"{Cut}; {RestoreHead}");
        await app.CreateUserAsync();

        Assert.Equal("accept_needed", (await Tampering.RepairAsync(app)).Refusal?.Code);
        var repaired = await Tampering.RepairAsync(app, accept: true);

        Assert.Equal(16, repaired.Value.EndsAt);
        Assert.Equal(new AuditVerification(true, 17), await Tampering.VerifyAsync(app));
        var last = Assert.Single(await database.QueryAsync("""SELECT "Details" FROM "AuditEvents" WHERE "Action" = 'audit.repaired'"""));
        Assert.Contains("\"accepted\":true,\"knownBefore\":20", last, StringComparison.Ordinal);
        await database.ExecuteAsync(RestoreHead);
        Assert.False((await Tampering.VerifyAsync(app)).Valid);
    }

    [Theory, OnBoth]
    public async Task A_repair_does_not_continue_a_broken_chain(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await using var app = await StartAsync(database);
        await database.ExecuteAsync($"""{Cut}; {RestoreHead}; UPDATE "AuditEvents" SET "Action" = 'user.deleted' WHERE "Id" = 5""");

        Assert.Equal("chain_broken", (await Tampering.RepairAsync(app, accept: true)).Refusal?.Code);
        Assert.Equal(5, (await Tampering.VerifyAsync(app)).FirstBroken);
    }

    internal static string MarkOf(TestDatabase database) =>
        Path.Combine(database.Folder, database.Provider == DatabaseProvider.Sqlite ? "console.db.audit-mark" : "audit-mark");
}
