using AdminConsole.Core.Audit;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Settings;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Audit;

public sealed class RetentionTests
{
    private static async Task<AdminApp> StartAsync(DatabaseProvider provider, int old)
    {
        var app = await AdminApp.StartAsync(provider);
        await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        var now = app.Clock.GetUtcNow().Stored();
        await RecordAsync(app, old - 1, now.AddDays(-100));
        await RecordAsync(app, 10, now.AddDays(-1));
        await app.RunAsync<SettingsStore, Result<SystemSettings>>(settings =>
            settings.UpdateAsync(TestData.System, new SystemSettings { AuditRetentionDays = 30 }, default)
        );
        return app;
    }

    private static Task<Result<Unit>> RecordAsync(AdminApp app, int count, DateTimeOffset at) =>
        app.RunAsync<AppDbContext, Result<Unit>>(db =>
            db.ChangeAsync<Unit>(
                TestData.System,
                null,
                change =>
                {
                    for (var number = 0; number < count; number++)
                    {
                        change.RecordInvented(AuditActions.SignedIn, null, null, TestData.System, at, Guid.CreateVersion7(at));
                    }

                    return Task.FromResult<Result<Unit>>(default(Unit));
                },
                default
            )
        );

    private static Task<long> RunAsync(AdminApp app) => app.Services.GetRequiredService<AuditRetention>().RunOnceAsync(default);

    private static async Task<AuditVerification> VerifyAsync(AdminApp app) =>
        (await app.RunAsync<AuditVerifier, Result<AuditVerification>>(verifier => verifier.VerifyAsync(TestData.System, default))).Value;

    // Events younger than the retention period are never deleted, so the clock makes the first one old.
    [Theory, OnBoth]
    public async Task Old_events_are_deleted_with_one_event_and_the_rest_verifies(DatabaseProvider provider)
    {
        await using var app = await StartAsync(provider, 2_500);
        Assert.Equal(0, await RunAsync(app));
        app.Clock.Advance(TimeSpan.FromDays(29.5));
        app.Clock.Advance(TimeSpan.FromDays(0.6));
        var before = await app.ReadAsync(db => db.AuditEvents.CountAsync());
        var watch = await app.WatchAsync();

        var cut = await RunAsync(app);

        Assert.Equal(before, cut);
        await watch.RecordedAsync("audit.pruned");
        var pruned = await app.ReadAsync(db => db.AuditEvents.SingleAsync(entry => entry.Action == "audit.pruned"));
        Assert.Contains($"\"from\":1,\"to\":{cut},\"count\":{cut}", pruned.Details, StringComparison.Ordinal);
        Assert.Equal(new AuditVerification(true, 1), await VerifyAsync(app));
        Assert.Equal(0, await RunAsync(app));
        await app.CreateUserAsync();
        Assert.Equal(new AuditVerification(true, 3), await VerifyAsync(app));
    }

    [Theory, OnBoth]
    public async Task Events_that_do_not_verify_are_kept(DatabaseProvider provider)
    {
        await using var app = await StartAsync(provider, 50);
        app.Clock.Advance(TimeSpan.FromDays(31));
        await Tampering.DropTriggersAsync(app);
        await app.Database.ExecuteAsync("""UPDATE "AuditEvents" SET "Action" = 'user.deleted' WHERE "Id" = 20""");
        var watch = await app.WatchAsync();

        Assert.Equal(0, await RunAsync(app));

        await watch.NothingHappenedAsync();
        Assert.Equal(20, (await VerifyAsync(app)).FirstBroken);
    }

    [Theory, OnBoth]
    public async Task Retention_is_off_by_default_and_refuses_fewer_than_30_days(DatabaseProvider provider)
    {
        await using var app = await AdminApp.StartAsync(provider);
        await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        using var admin = await app.SignInAdminAsync();

        (await admin.SendAsync(HttpMethod.Put, "/api/settings", new { auditRetentionDays = 29 })).RefusesFields("auditRetentionDays");
        (await admin.SendAsync(HttpMethod.Put, "/api/settings", new { auditRetentionDays = -1 })).RefusesFields("auditRetentionDays");
        app.Clock.Advance(TimeSpan.FromDays(4000));

        Assert.Equal(0, await RunAsync(app));
    }

    [Theory, OnBoth]
    public async Task A_stream_reports_events_deleted_before_they_were_sent(DatabaseProvider provider)
    {
        await using var app = await StartAsync(provider, 20);
        app.Clock.Advance(TimeSpan.FromDays(31));
        using var admin = await app.SignInAdminAsync();
        var cut = await RunAsync(app);
        using var stream = await EventStreamClient.BeginAsync(admin, lastEventId: "5");

        var gap = (await stream.NextAsync())!.Value;

        Assert.Equal(
            ("gap", cut, 6, cut),
            (gap.Name, gap.Id, gap.Data.GetProperty("from").GetInt64(), gap.Data.GetProperty("to").GetInt64())
        );
        Assert.Equal(cut + 1, (await stream.NextAsync())!.Value.Id);
    }
}
