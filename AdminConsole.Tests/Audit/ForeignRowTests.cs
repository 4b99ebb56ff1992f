using System.Data.Common;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AdminConsole.Tests.Audit;

/// <summary>Audit rows that AdminConsole did not write.</summary>
public sealed class ForeignRowTests
{
    private static string Copy(string id) =>
        $"""
            INSERT INTO "AuditEvents" (
                "Id", "At", "Action", "ActorType", "ActorId", "ActorName", "Via", "Ip", "UserAgent", "TargetType", "TargetId",
                "TargetName", "SessionId", "RequestId", "BatchId", "Details", "ActorSeal", "TargetSeal", "Hash")
            SELECT
                {id}, "At", "Action", "ActorType", "ActorId", "ActorName", "Via", "Ip", "UserAgent", "TargetType", "TargetId",
                "TargetName", "SessionId", "RequestId", "BatchId", "Details", "ActorSeal", "TargetSeal", "Hash"
            FROM "AuditEvents" WHERE "Id" = (SELECT max("Id") FROM "AuditEvents")
            """;

    private static readonly string Next = Copy("""(SELECT "LastId" + 1 FROM "AuditHeads")""");

    [Theory]
    [OnBoth("""(SELECT "LastId" + 1 FROM "AuditHeads")""")]
    [OnBoth("""(SELECT "LastId" + 2 FROM "AuditHeads")""")]
    [OnBoth("""(SELECT "LastId" + 1000 FROM "AuditHeads")""")]
    [OnBoth("9223372036854775807")]
    [OnBoth("0")]
    [OnBoth("-1")]
    public async Task The_database_refuses_an_event_that_the_head_does_not_name(DatabaseProvider provider, string id)
    {
        await using var app = await AdminApp.StartAsync(provider);
        await app.CreateUserAsync();

        var refused = await Assert.ThrowsAnyAsync<DbException>(() => app.Database.ExecuteAsync(Copy(id)));

        Assert.Contains("audit events are only appended", refused.Message, StringComparison.Ordinal);
        await app.CreateUserAsync();
        Assert.True((await Tampering.VerifyAsync(app)).Valid);
    }

    [Theory, OnBoth]
    public async Task A_foreign_row_stops_changes_and_is_reported_by_verification_and_readiness(DatabaseProvider provider)
    {
        await using var app = await AdminApp.StartAsync(provider);
        await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        using var admin = await app.SignInAdminAsync();
        (await admin.GetAsync("/api/audit/verify")).Is(200);
        var head = await HeadAsync(app);
        await Tampering.DropTriggersAsync(app);

        await app.Database.ExecuteAsync(Next);

        var refused = (await admin.PostAsync("/api/users", new { email = TestData.Email() })).Refuses(503, "audit_blocked");
        Assert.Contains("audit-repair", refused.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        using var anonymous = app.Anonymous();
        (await anonymous.PostAsync("/api/auth/login", new { login = TestData.AdminEmail, password = TestData.Password })).Refuses(
            503,
            "audit_blocked"
        );
        var found = (await admin.GetAsync("/api/audit/verify")).Is(200).As<AuditVerification>();
        Assert.Equal((false, head + 1), (found.Valid, found.FirstBroken));
        (await admin.GetAsync("/api/users")).Is(200);
        await AdminApp.UntilAsync(async () => await anonymous.GetAsync("/health/ready") is { Status: 503, Text: "Unhealthy" }, "not ready");
        var check = (await admin.GetAsync("/api/system")).Is(200).As<SystemStatus>().Checks.Single(check => check.Name == "audit");
        Assert.Equal(
            ("unhealthy", $"Event {head + 1} was put after the last one that was written; changes are blocked."),
            (check.Status, check.Problem)
        );
        Assert.Equal(head, await HeadAsync(app));
    }

    [Theory, OnBoth]
    public async Task A_repair_quarantines_a_foreign_row_records_it_and_restores_service(DatabaseProvider provider)
    {
        await using var app = await AdminApp.StartAsync(provider);
        await app.CreateUserAsync();
        await Tampering.DropTriggersAsync(app);
        await app.Database.ExecuteAsync(Next);
        await app.Database.ExecuteAsync(Copy("50"));
        await app.Database.ExecuteAsync(Copy("-1"));

        var repaired = await Tampering.RepairAsync(app);

        Assert.Equal((3, null), (repaired.Value.Quarantined, repaired.Value.EndsAt));
        await app.CreateUserAsync();
        Assert.Equal(new AuditVerification(true, 3), await Tampering.VerifyAsync(app));
        Assert.Equal(["-1", "2", "50"], await app.Database.QueryAsync("""SELECT "EventId" FROM "AuditQuarantine" ORDER BY "EventId" """));
        Assert.All(
            await app.Database.QueryAsync("""SELECT "Content" FROM "AuditQuarantine" """),
            content => Assert.Contains("user.created", content, StringComparison.Ordinal)
        );
        Assert.Contains(
            "\"quarantined\":3",
            Assert.Single(await app.Database.QueryAsync("""SELECT "Details" FROM "AuditEvents" WHERE "Action" = 'audit.repaired'""")),
            StringComparison.Ordinal
        );
        Assert.Equal(HealthStatus.Healthy, (await Tampering.UntilHealthAsync(app, HealthStatus.Healthy)).Status);
        Assert.Equal("nothing_to_repair", (await Tampering.RepairAsync(app)).Refusal?.Code);
    }

    [Theory, OnBoth]
    public async Task Quarantined_rows_cannot_be_changed_and_events_cannot_leave_the_log_otherwise(DatabaseProvider provider)
    {
        await using var app = await AdminApp.StartAsync(provider);
        await app.CreateUserAsync();
        await Tampering.DropTriggersAsync(app);
        await app.Database.ExecuteAsync(Next);
        await Tampering.RepairAsync(app);

        foreach (
            var sql in new[]
            {
                """DELETE FROM "AuditQuarantine" """,
                """UPDATE "AuditQuarantine" SET "Content" = ''""",
                """DELETE FROM "AuditEvents" WHERE "Id" = 2""",
                """UPDATE "AuditHeads" SET "LastId" = 1; DELETE FROM "AuditEvents" WHERE "Id" = 2""",
            }
        )
        {
            Assert.Contains(
                "audit events",
                (await Assert.ThrowsAnyAsync<DbException>(() => app.Database.ExecuteAsync(sql))).Message,
                StringComparison.Ordinal
            );
        }
    }

    [Theory, OnBoth]
    public async Task A_second_head_row_changes_nothing(DatabaseProvider provider)
    {
        await using var app = await AdminApp.StartAsync(provider);
        await app.CreateUserAsync();

        await app.Database.ExecuteAsync(
            """
            INSERT INTO "AuditHeads" ("Id", "LastId", "LastHash", "CheckpointId", "CheckpointHash", "Signature")
            SELECT 0, 99, "LastHash", 99, "CheckpointHash", "Signature" FROM "AuditHeads"
            """
        );

        await app.CreateUserAsync();
        Assert.Equal(new AuditVerification(true, 2), await Tampering.VerifyAsync(app));
        await Assert.ThrowsAnyAsync<DbException>(() => app.Database.ExecuteAsync("""DELETE FROM "AuditEvents" WHERE "Id" = 1"""));
    }

    [Theory, OnBoth]
    public async Task Without_a_head_changes_are_refused_and_a_restart_creates_none(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await using (var app = await AdminApp.StartAsync(provider, database))
        {
            await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        }

        await database.ExecuteAsync("""DELETE FROM "AuditHeads" """);

        await using var again = await AdminApp.StartAsync(provider, database);
        using var anonymous = again.Anonymous();
        (await anonymous.PostAsync("/api/auth/login", new { login = TestData.AdminEmail, password = TestData.Password })).Refuses(
            503,
            "audit_blocked"
        );
        Assert.Equal(
            new AuditVerification(false, 0, null, "The signed head of the chain is missing or was altered."),
            await Tampering.VerifyAsync(again)
        );
        await Tampering.UntilHealthAsync(again, HealthStatus.Unhealthy);
    }

    private static async Task<long> HeadAsync(AdminApp app) =>
        long.Parse(Assert.Single(await app.Database.QueryAsync("""SELECT "LastId" FROM "AuditHeads" """)));
}
