using AdminConsole.Core;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;

namespace AdminConsole.Tests.Audit;

/// <summary>Somebody with the database's password, who also dropped the trigger.</summary>
public sealed class TamperingTests
{
    private const string Copy = """
        INSERT INTO "AuditEvents" ("Id", "At", "Action", "ActorType", "ActorId", "ActorName", "Via", "Ip", "UserAgent", "TargetType", "TargetId", "TargetName", "SessionId", "RequestId", "BatchId", "Details", "ActorSeal", "TargetSeal", "Hash")
        SELECT {0}, "At", "Action", "ActorType", "ActorId", "ActorName", "Via", "Ip", "UserAgent", "TargetType", "TargetId", "TargetName", "SessionId", "RequestId", "BatchId", "Details", "ActorSeal", "TargetSeal", "Hash" FROM "AuditEvents" WHERE "Id" = {1}
        """;

    // Twenty users make twenty events.
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
    [OnBoth("reordered", """UPDATE "AuditEvents" SET "Id" = 1000 WHERE "Id" = 3; UPDATE "AuditEvents" SET "Id" = 3 WHERE "Id" = 4; UPDATE "AuditEvents" SET "Id" = 4 WHERE "Id" = 1000""", 3)]
    [OnBoth("one put in another's place", """DELETE FROM "AuditEvents" WHERE "Id" = 11;COPY 11 10""", 11)]
    [OnBoth("a cut tail with the head set back", """DELETE FROM "AuditEvents" WHERE "Id" > 15; UPDATE "AuditHeads" SET "LastId" = 15, "LastHash" = (SELECT "Hash" FROM "AuditEvents" WHERE "Id" = 15)""", 0)]
    [OnBoth("a checkpoint moved up", """DELETE FROM "AuditEvents" WHERE "Id" < 5; UPDATE "AuditHeads" SET "CheckpointId" = 4""", 0)]
    [OnBoth("one inserted after the end", "COPY 1000 20", 1000)]
    [OnBoth("other texts beside a digest", """UPDATE "AuditEvents" SET "ActorSeal" = "Hash", "ActorName" = 'mallory' WHERE "Id" = 12""", 12)]
    [OnBoth("a checkpoint and its hash moved up", """DELETE FROM "AuditEvents" WHERE "Id" < 5; UPDATE "AuditHeads" SET "CheckpointId" = 4, "CheckpointHash" = (SELECT "LastHash" FROM "AuditHeads")""", 0)]
    [OnBoth("a seal of another length", """UPDATE "AuditEvents" SET "TargetSeal" = "TargetSeal" || "TargetSeal" || "TargetSeal" WHERE "Id" = 13""", 13)]
    [OnBoth("all hashes computed anew but the last", """UPDATE "AuditEvents" SET "Hash" = "TargetSeal" WHERE "Id" = 20""", 20)]
    [OnBoth("no head", """DELETE FROM "AuditHeads" """, 0)]
    public async Task Verifying_names_the_first_broken_event(DatabaseProvider provider, string what, string sql, int firstBroken)
    {
        await using var app = await AdminApp.StartAsync(provider);
        for (var user = 0; user < 20; user++)
        {
            await app.CreateUserAsync();
        }

        Assert.Equal(new AuditVerification(true, 20), await VerifyAsync(app));
        await Tampering.DropTriggersAsync(app);

        foreach (var statement in sql.Split(';'))
        {
            await app.Database.ExecuteAsync(statement.StartsWith("COPY ", StringComparison.Ordinal) ? Copy.Replace("{0}", statement.Split(' ')[1], StringComparison.Ordinal).Replace("{1}", statement.Split(' ')[2], StringComparison.Ordinal) : statement);
        }

        var verification = await VerifyAsync(app);
        Assert.False(verification.Valid, what);
        Assert.Equal(firstBroken == 0 ? null : firstBroken, verification.FirstBroken);
        Assert.False(string.IsNullOrWhiteSpace(verification.Problem));
    }

    private static async Task<AuditVerification> VerifyAsync(AdminApp app) =>
        (await app.RunAsync<Core.Audit.AuditVerifier, Result<AuditVerification>>(verifier => verifier.VerifyAsync(Some.System, default))).Value;

    [Theory, OnBoth]
    public async Task A_head_that_was_altered_is_not_made_good_by_the_next_event(DatabaseProvider provider)
    {
        await using var app = await AdminApp.StartAsync(provider);
        for (var user = 0; user < 10; user++)
        {
            await app.CreateUserAsync();
        }

        await Tampering.DropTriggersAsync(app);
        await app.Database.ExecuteAsync("""DELETE FROM "AuditEvents" WHERE "Id" > 5; UPDATE "AuditHeads" SET "LastId" = 5, "LastHash" = (SELECT "Hash" FROM "AuditEvents" WHERE "Id" = 5)""");

        await app.CreateUserAsync();

        var verification = await VerifyAsync(app);
        Assert.Equal((false, null), (verification.Valid, verification.FirstBroken));
    }

    [Theory, OnBoth]
    public async Task Verifying_is_recorded_with_what_came_out(DatabaseProvider provider)
    {
        await using var app = await AdminApp.StartAsync(provider);
        await app.CreateUserAsync();
        var watch = await app.WatchAsync();

        await VerifyAsync(app);

        await watch.OnlyRecordedAsync("audit.verified");
    }
}
