using AdminConsole.Core.Audit;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AdminConsole.Tests.Audit;

/// <summary>An attacker with the database password who also dropped the triggers.</summary>
public sealed class TamperingTests
{
    private const string Copy = """
        INSERT INTO "AuditEvents" (
            "Id", "At", "Action", "ActorType", "ActorId", "ActorName", "Via", "Ip", "UserAgent", "TargetType", "TargetId",
            "TargetName", "SessionId", "RequestId", "BatchId", "Details", "ActorSeal", "TargetSeal", "Hash")
        SELECT
            {0}, "At", "Action", "ActorType", "ActorId", "ActorName", "Via", "Ip", "UserAgent", "TargetType", "TargetId",
            "TargetName", "SessionId", "RequestId", "BatchId", "Details", "ActorSeal", "TargetSeal", "Hash"
        FROM "AuditEvents" WHERE "Id" = {1}
        """;

    // Twenty users create twenty events.
    [Theory]
    [OnBoth("an edited action", """UPDATE "AuditEvents" SET "Action" = 'user.deleted' WHERE "Id" = 5""", 5)]
    [OnBoth("an edited name", """UPDATE "AuditEvents" SET "ActorName" = 'mallory' WHERE "Id" = 6""", 6)]
    [OnBoth("an edited address", """UPDATE "AuditEvents" SET "Ip" = '203.0.113.1' WHERE "Id" = 6""", 6)]
    [OnBoth("edited details", """UPDATE "AuditEvents" SET "Details" = '{}' WHERE "Id" = 7""", 7)]
    [OnBoth("erased without a digest", """UPDATE "AuditEvents" SET "TargetName" = NULL WHERE "Id" = 7""", 7)]
    [OnBoth("an edited hash", """UPDATE "AuditEvents" SET "Hash" = "ActorSeal" WHERE "Id" = 8""", 8)]
    [OnBoth("a deleted event", """DELETE FROM "AuditEvents" WHERE "Id" = 9""", 9)]
    [OnBoth("the first event deleted", """DELETE FROM "AuditEvents" WHERE "Id" = 1""", 1)]
    [OnBoth("a cut tail", """DELETE FROM "AuditEvents" WHERE "Id" > 15""", 16)]
    [OnBoth("all deleted", """DELETE FROM "AuditEvents" """, 1)]
    [OnBoth(
        "reordered",
        """UPDATE "AuditEvents" SET "Id" = 1000 WHERE "Id" = 3; UPDATE "AuditEvents" SET "Id" = 3 WHERE "Id" = 4;"""
            + """UPDATE "AuditEvents" SET "Id" = 4 WHERE "Id" = 1000""",
        3
    )]
    [OnBoth("one put in another's place", """DELETE FROM "AuditEvents" WHERE "Id" = 11;COPY 11 10""", 11)]
    [OnBoth(
        "a cut tail with the head set back",
        """DELETE FROM "AuditEvents" WHERE "Id" > 15;"""
            + """UPDATE "AuditHeads" SET "LastId" = 15, "LastHash" = (SELECT "Hash" FROM "AuditEvents" WHERE "Id" = 15)""",
        0
    )]
    [OnBoth("a checkpoint moved up", """DELETE FROM "AuditEvents" WHERE "Id" < 5; UPDATE "AuditHeads" SET "CheckpointId" = 4""", 0)]
    [OnBoth("one inserted after the end", "COPY 1000 20", 1000)]
    [OnBoth(
        "other texts beside a digest",
        """UPDATE "AuditEvents" SET "ActorSeal" = "Hash", "ActorName" = 'mallory' WHERE "Id" = 12""",
        12
    )]
    [OnBoth(
        "a checkpoint and its hash moved up",
        """DELETE FROM "AuditEvents" WHERE "Id" < 5;"""
            + """UPDATE "AuditHeads" SET "CheckpointId" = 4, "CheckpointHash" = (SELECT "LastHash" FROM "AuditHeads")""",
        0
    )]
    [OnBoth(
        "a seal of another length",
        """UPDATE "AuditEvents" SET "TargetSeal" = "TargetSeal" || "TargetSeal" || "TargetSeal" WHERE "Id" = 13""",
        13
    )]
    [OnBoth("all hashes computed anew but the last", """UPDATE "AuditEvents" SET "Hash" = "TargetSeal" WHERE "Id" = 20""", 20)]
    [OnBoth("no head", """DELETE FROM "AuditHeads" """, 0)]
    [OnBoth("the last event and its hash replaced", """DELETE FROM "AuditEvents" WHERE "Id" = 20;COPY 20 19""", 20)]
    [OnBoth("the checkpoint moved down", """UPDATE "AuditHeads" SET "CheckpointId" = -5""", 0)]
    [OnBoth("a signature of another row", """UPDATE "AuditHeads" SET "Signature" = "LastHash" """, 0)]
    [OnBoth("a head of a later epoch", """UPDATE "AuditHeads" SET "Epoch" = 99""", 0)]
    [OnBoth("a row before the checkpoint", "COPY -1 20", -1)]
    [OnBoth(
        "an index of times that reaches too far",
        """INSERT INTO "AuditSpans" SELECT 7, "At", "At" FROM "AuditEvents" WHERE "Id" = 1""",
        0
    )]
    public async Task Verifying_names_the_first_broken_event(DatabaseProvider provider, string what, string sql, int firstBroken)
    {
        await using var app = await AdminApp.StartAsync(provider);
        for (var user = 0; user < 20; user++)
        {
            await app.CreateUserAsync();
        }

        Assert.Equal(new AuditVerification(true, 20), await Tampering.VerifyAsync(app));
        await Tampering.DropTriggersAsync(app);

        foreach (var statement in sql.Split(';'))
        {
            await app.Database.ExecuteAsync(
                statement.StartsWith("COPY ", StringComparison.Ordinal)
                    ? Copy.Replace("{0}", statement.Split(' ')[1], StringComparison.Ordinal)
                        .Replace("{1}", statement.Split(' ')[2], StringComparison.Ordinal)
                    : statement
            );
        }

        var verification = await Tampering.VerifyAsync(app);
        Assert.False(verification.Valid, what);
        Assert.Equal(
            firstBroken == 0 && !sql.Contains("AuditSpans", StringComparison.Ordinal) ? null : firstBroken,
            verification.FirstBroken
        );
        Assert.False(string.IsNullOrWhiteSpace(verification.Problem));
    }

    [Theory, OnBoth]
    public async Task An_altered_head_is_not_repaired_by_the_next_event(DatabaseProvider provider)
    {
        await using var app = await AdminApp.StartAsync(provider);
        for (var user = 0; user < 10; user++)
        {
            await app.CreateUserAsync();
        }

        await Tampering.DropTriggersAsync(app);
        await app.Database.ExecuteAsync(
            """
            DELETE FROM "AuditEvents" WHERE "Id" > 5;
            UPDATE "AuditHeads" SET "LastId" = 5, "LastHash" = (SELECT "Hash" FROM "AuditEvents" WHERE "Id" = 5)
            """
        );

        await app.CreateUserAsync();

        var verification = await Tampering.VerifyAsync(app);
        Assert.Equal((false, null), (verification.Valid, verification.FirstBroken));
    }

    [Theory]
    [OnBoth("""{"valid":""")]
    [OnBoth("7")]
    [OnBoth("null")]
    public async Task An_unreadable_last_verification_is_reported_as_a_fault(DatabaseProvider provider, string details)
    {
        await using var app = await AdminApp.StartAsync(provider);
        await app.CreateUserAsync();
        await Tampering.VerifyAsync(app);
        await Tampering.DropTriggersAsync(app);
        await app.Database.ExecuteAsync($"""UPDATE "AuditEvents" SET "Details" = '{details}' WHERE "Action" = 'audit.verified'""");

        var last = await app.RunAsync<AuditVerifier, Result<LastVerification?>>(verifier => verifier.LastAsync(TestData.System, default));

        Assert.Equal(new AuditVerification(false, 0, 2, "The record of the last verification can't be read."), last.Value?.Found);
    }

    // SQLite accepts any type in any column, and no filter finds these values.
    [Theory]
    [InlineData("""UPDATE "AuditEvents" SET "ActorId" = lower("ActorId") WHERE "Id" = 4""")]
    [InlineData("""UPDATE "AuditEvents" SET "SessionId" = lower("SessionId") WHERE "Id" = 4""")]
    [InlineData("""UPDATE "AuditEvents" SET "BatchId" = lower("BatchId") WHERE "Id" = 4""")]
    [InlineData("""UPDATE "AuditEvents" SET "ActorId" = '{' || "ActorId" || '}' WHERE "Id" = 4""")]
    [InlineData("""UPDATE "AuditEvents" SET "ActorId" = replace("ActorId", '-', '') WHERE "Id" = 4""")]
    [InlineData("""UPDATE "AuditEvents" SET "ActorId" = CAST("ActorId" AS BLOB) WHERE "Id" = 4""")]
    [InlineData("""UPDATE "AuditEvents" SET "Action" = CAST("Action" AS BLOB) WHERE "Id" = 4""")]
    [InlineData("""UPDATE "AuditEvents" SET "ActorType" = CAST("ActorType" AS BLOB) WHERE "Id" = 4""")]
    [InlineData("""UPDATE "AuditEvents" SET "ActorName" = CAST("ActorName" AS BLOB) WHERE "Id" = 4""")]
    [InlineData("""UPDATE "AuditEvents" SET "Via" = CAST("Via" AS BLOB) WHERE "Id" = 4""")]
    [InlineData("""UPDATE "AuditEvents" SET "Ip" = CAST("Ip" AS BLOB) WHERE "Id" = 4""")]
    [InlineData("""UPDATE "AuditEvents" SET "UserAgent" = CAST("UserAgent" AS BLOB) WHERE "Id" = 4""")]
    [InlineData("""UPDATE "AuditEvents" SET "TargetType" = CAST("TargetType" AS BLOB) WHERE "Id" = 4""")]
    [InlineData("""UPDATE "AuditEvents" SET "TargetId" = CAST("TargetId" AS BLOB) WHERE "Id" = 4""")]
    [InlineData("""UPDATE "AuditEvents" SET "TargetName" = CAST("TargetName" AS BLOB) WHERE "Id" = 4""")]
    [InlineData("""UPDATE "AuditEvents" SET "RequestId" = CAST("RequestId" AS BLOB) WHERE "Id" = 4""")]
    [InlineData("""UPDATE "AuditEvents" SET "Details" = CAST("Details" AS BLOB) WHERE "Id" = 4""")]
    [InlineData("""UPDATE "AuditEvents" SET "At" = CAST("At" AS BLOB) WHERE "Id" = 4""")]
    [InlineData("""UPDATE "AuditEvents" SET "ActorSeal" = CAST("ActorSeal" AS TEXT) WHERE "Id" = 4""")]
    [InlineData("""UPDATE "AuditEvents" SET "Hash" = hex("Hash") WHERE "Id" = 4""")]
    public async Task A_value_of_another_type_or_form_is_an_altered_event(string sql)
    {
        await using var app = await AdminApp.StartAsync(DatabaseProvider.Sqlite);
        await WriteFullEventsAsync(app, 6);
        Assert.Equal(new AuditVerification(true, 6), await Tampering.VerifyAsync(app));
        await Tampering.DropTriggersAsync(app);

        Assert.Equal(1, await app.Database.ExecuteAsync(sql));

        Assert.Equal(4, (await Tampering.VerifyAsync(app)).FirstBroken);
    }

    [Theory]
    [InlineData("""ALTER TABLE "AuditEvents" ALTER COLUMN "Via" TYPE bytea USING convert_to("Via", 'UTF8')""")]
    [InlineData("""ALTER TABLE "AuditEvents" ALTER COLUMN "RequestId" TYPE varchar(400)""")]
    [InlineData("""ALTER TABLE "AuditEvents" ADD COLUMN "More" text""")]
    public async Task A_table_with_other_columns_is_detected_on_PostgreSQL(string sql)
    {
        await using var app = await AdminApp.StartAsync(DatabaseProvider.PostgreSQL);
        await WriteFullEventsAsync(app, 6);

        await app.Database.ExecuteAsync(sql);

        var found = await app.RunAsync<AuditVerifier, AuditVerification>(verifier => verifier.CheckAsync(null, default));
        Assert.Equal((false, null), (found.Valid, found.FirstBroken));
        Assert.Contains("other columns or types", found.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [OnBoth("narrowed", """UPDATE "AuditSpans" SET "MaxAt" = "MinAt" WHERE "Block" = 1""", 2_000)]
    [OnBoth("moved", """UPDATE "AuditSpans" SET "MinAt" = "MaxAt" WHERE "Block" = 0""", 1)]
    [OnBoth("removed", """DELETE FROM "AuditSpans" WHERE "Block" = 1""", 2_000)]
    public async Task A_time_index_that_would_hide_events_is_detected_and_rebuilt(
        DatabaseProvider provider,
        string what,
        string sql,
        int firstBroken
    )
    {
        await using var app = await AdminApp.StartAsync(provider);
        await WriteFullEventsAsync(app, 4_500);
        Assert.Equal(new AuditVerification(true, 4_500), await Tampering.VerifyAsync(app));

        Assert.Equal(1, await app.Database.ExecuteAsync(sql));

        var found = await Tampering.VerifyAsync(app);
        Assert.False(found.Valid, what);
        Assert.Equal(firstBroken, found.FirstBroken);
        Assert.True((await Tampering.RepairAsync(app)).Value.IsIndexRebuilt);
        Assert.Equal(new AuditVerification(true, 4_503), await Tampering.VerifyAsync(app));
    }

    [Theory, OnBoth]
    public async Task Missing_or_disabled_guards_are_reported_and_restored_by_a_repair(DatabaseProvider provider)
    {
        await using var app = await AdminApp.StartAsync(provider);
        await app.CreateUserAsync();
        Assert.Equal(HealthStatus.Healthy, (await Tampering.HealthAsync(app)).Status);

        await (
            provider == DatabaseProvider.Sqlite
                ? Tampering.DropTriggersAsync(app)
                : app.Database.ExecuteAsync("""ALTER TABLE "AuditEvents" DISABLE TRIGGER USER""")
        );

        var check = await Tampering.UntilHealthAsync(app, HealthStatus.Degraded);
        Assert.Contains("missing or disabled triggers: AuditEventsAreAppended, ", check.Description, StringComparison.Ordinal);
        Assert.Equal(3, (await Tampering.RepairAsync(app)).Value.Triggers.Count);
        await Tampering.UntilHealthAsync(app, HealthStatus.Healthy);
    }

    // Writes events with a value in every column, one per hour.
    private static Task WriteFullEventsAsync(AdminApp app, int count) =>
        app.RunAsync<AppDbContext, Result<Unit>>(db =>
            db.ChangeAsync<Unit>(
                TestData.System,
                null,
                change =>
                {
                    var by = TestData.System with
                    {
                        UserId = Guid.CreateVersion7(),
                        Name = "Ada",
                        Ip = "192.0.2.1",
                        UserAgent = "Browser",
                        RequestId = "request",
                        SessionId = Guid.CreateVersion7(),
                    };
                    for (var number = 0; number < count; number++)
                    {
                        change.RecordInvented(
                            AuditActions.UserUpdated,
                            new AuditTarget("user", "abc", "Bob"),
                            new { number },
                            by,
                            app.Clock.GetUtcNow().Stored().AddHours(number - count),
                            Guid.CreateVersion7()
                        );
                    }

                    return Task.FromResult<Result<Unit>>(default(Unit));
                },
                default
            )
        );

    [Theory, OnBoth]
    public async Task Verifying_is_recorded_with_its_result(DatabaseProvider provider)
    {
        await using var app = await AdminApp.StartAsync(provider);
        await app.CreateUserAsync();
        var watch = await app.WatchAsync();

        await Tampering.VerifyAsync(app);

        await watch.OnlyRecordedAsync("audit.verified");
    }
}
