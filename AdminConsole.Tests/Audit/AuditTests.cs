using System.Data.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Audit;

public abstract class AuditTests(AdminApp app)
{
    private static async Task<Page<AuditEntry>> ListAsync(ApiClient caller, string query) =>
        (await caller.GetAsync($"/api/audit?{query}")).Is(200).As<Page<AuditEntry>>();

    [Fact]
    public async Task An_event_has_actor_action_target_origin_and_request()
    {
        using var admin = await app.SignInAdminAsync();
        var me = (await admin.GetAsync("/api/auth/me")).As<Me>();
        var created = await admin.PostAsync(
            "/api/users",
            new { email = TestData.Email(), displayName = "Noted" },
            ("User-Agent", "probe/1.0")
        );
        var user = created.Is(201).As<UserDetails>();

        var entry = (await ListAsync(admin, $"target={user.Id}&action=user.created")).Items.Single();

        Assert.Equal(
            ("user", me.Id, TestData.AdminEmail, "session"),
            (entry.Actor.Type, entry.Actor.Id, entry.Actor.Name, entry.Actor.Via)
        );
        Assert.Equal(("user", user.Id.ToString(), user.Email), (entry.Target!.Type, entry.Target.Id, entry.Target.Name));
        Assert.Equal(("127.0.0.1", "probe/1.0"), (entry.Ip, entry.UserAgent));
        Assert.NotNull(entry.SessionId);
        Assert.NotNull(entry.RequestId);
        Assert.Equal(64, entry.Hash.Length);
        Assert.Equal("Noted", entry.Details!.Value.GetProperty("displayName").GetString());
        Assert.Equal(entry.Hash, (await admin.GetAsync($"/api/audit/{entry.Id}")).Is(200).As<AuditEntry>().Hash);
    }

    [Fact]
    public async Task Paging_lists_every_event_once_newest_first()
    {
        using var admin = await app.SignInAdminAsync();
        for (var user = 0; user < 6; user++)
        {
            await app.CreateUserAsync();
        }

        var last = await app.ReadAsync(db => db.AuditEvents.MaxAsync(entry => entry.Id));
        var (ids, before) = (new List<long>(), (string?)$"{last + 1}");
        while (before is not null)
        {
            var page = await ListAsync(admin, $"limit=5&before={before}");
            ids.AddRange(page.Items.Select(entry => entry.Id));
            before = page.Next;
        }

        Assert.Equal(Enumerable.Range(1, (int)last).Reverse().Select(id => (long)id), ids);
    }

    [Fact]
    public async Task Filters_narrow_the_list()
    {
        var person = await app.SignedInUserAsync("Operator");
        using var admin = await app.SignInAdminAsync();
        (await admin.PostAsync($"/api/users/{person.Id}/unlock", null, ("User-Agent", "filter-probe"))).Is(200);
        var unlocked = (await ListAsync(admin, $"target={person.Id}&action=user.unlocked")).Items.Single();
        var at = Uri.EscapeDataString(unlocked.At.ToString("O"));

        foreach (
            var query in new[]
            {
                $"action=user.unlocked&target={person.Id}",
                $"action=user.unlocked&target={person.Email}",
                $"action=user.&request={unlocked.RequestId}",
                $"actor={unlocked.Actor.Id}&action=user.unlocked&target={person.Id}",
                $"actor={TestData.AdminEmail.ToUpperInvariant()}&target={person.Id}&action=user.unlocked",
                $"session={unlocked.SessionId}&action=user.unlocked",
                $"ip=127.0.0.1&action=user.unlocked&target={person.Id}",
                $"from={at}&action=user.unlocked&target={person.Id}",
                $"search={person.Email.ToUpperInvariant()}&action=user.unlocked",
                $"search=user.unlocked&target={person.Id}",
            }
        )
        {
            Assert.Equal(unlocked.Id, Assert.Single((await ListAsync(admin, query)).Items).Id);
        }

        foreach (
            var query in new[]
            {
                $"to={at}&action=user.unlocked&target={person.Id}",
                $"action=user.unlocked&actor={person.Id}",
                "action=user",
                "action=nothing.",
                "search=%25%5F%25",
                $"batch={Guid.CreateVersion7()}",
                "ip=203.0.113.1",
                "before=1",
            }
        )
        {
            Assert.Empty((await ListAsync(admin, query)).Items);
        }
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=201")]
    [InlineData("limit=x")]
    [InlineData("before=x")]
    [InlineData("before=99999999999999999999")]
    [InlineData("session=x")]
    [InlineData("from=yesterday")]
    [InlineData("from=0001-01-01T00:00:00%2B14:00")]
    [InlineData("search=a%00b")]
    public async Task Invalid_list_parameters_are_refused(string query)
    {
        using var admin = await app.SignInAdminAsync();

        (await admin.GetAsync($"/api/audit?{query}")).Refuses(400, "invalid_request");
    }

    [Theory]
    [InlineData("from=2020-01-01T00:00:00%2B05:00")]
    [InlineData("from=0001-01-01T00:00:00Z")]
    [InlineData("to=9999-12-31T23:59:59Z")]
    [InlineData("from=2020-01-01")]
    public async Task Times_of_any_zone_and_age_are_accepted(string query)
    {
        using var admin = await app.SignInAdminAsync();

        Assert.NotEmpty((await ListAsync(admin, query)).Items);
    }

    [Fact]
    public async Task The_log_needs_the_permission_to_read_it()
    {
        var (simple, reader) = (await app.SignedInUserAsync(), await app.SignedInUserAsync("Operator"));
        using var anonymous = app.Anonymous();

        foreach (var path in new[] { "/api/audit", "/api/audit/1", "/api/audit/verify" })
        {
            (await anonymous.GetAsync(path)).Refuses(401, "unauthenticated");
            (await simple.Caller.GetAsync(path)).Refuses(403, "forbidden");
            (await reader.Caller.GetAsync(path)).Is(200);
        }

        (await reader.Caller.GetAsync("/api/audit/999999999")).Refuses(404, "not_found");
    }

    [Fact]
    public async Task A_refusal_is_recorded_once_per_user_permission_and_hour()
    {
        var person = await app.SignedInUserAsync();
        var watch = await app.WatchAsync();

        for (var attempt = 0; attempt < 3; attempt++)
        {
            (await person.Caller.GetAsync("/api/audit")).Refuses(403, "forbidden");
            (await person.Caller.GetAsync("/api/users")).Refuses(403, "forbidden");
        }

        await watch.OnlyRecordedAsync("access.denied", "access.denied");
        app.Clock.Advance(TimeSpan.FromMinutes(61));
        (await person.Caller.GetAsync("/api/audit")).Refuses(403, "forbidden");
        await watch.OnlyRecordedAsync("access.denied", "access.denied", "access.denied");
        var denied = await app.ReadAsync(db => db.AuditEvents.OrderByDescending(entry => entry.Id).FirstAsync());
        Assert.Equal((person.Id, """{"permission":"audit.read","code":"forbidden"}"""), (denied.ActorId, denied.Details));
    }

    [Fact]
    public async Task A_refusal_that_could_not_be_recorded_is_recorded_the_next_time()
    {
        var user = await app.CreateUserAsync();
        var actor = TestData.System with { UserId = user.Id, Name = user.Email! };
        var denied = Refusals.MissingPermission(Permissions.AuditRead);
        var watch = await app.WatchAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RecordAsync(new CancellationToken(canceled: true)));
        await RecordAsync(default);

        await watch.OnlyRecordedAsync("access.denied");

        Task<bool> RecordAsync(CancellationToken ct) =>
            app.ReadAsync(async db =>
            {
                await db.RecordDenialAsync(actor, Permissions.AuditRead, denied, ct);
                return true;
            });
    }

    [Fact]
    public async Task After_many_changes_at_once_the_chain_is_unbroken_and_gapless()
    {
        using var admin = await app.SignInAdminAsync();
        var users = await Task.WhenAll(
            Enumerable
                .Range(0, 40)
                .Select(async _ =>
                {
                    var user = (await admin.PostAsync("/api/users", new { email = TestData.Email() })).Is(201).As<UserDetails>();
                    (await admin.PatchAsync($"/api/users/{user.Id}", new { displayName = "Ünïcode \"quoted\" <b> \\ 😀" })).Is(200);
                    (await admin.PostAsync($"/api/users/{user.Id}/deactivate", new { reason = "load" })).Is(200);
                    return user;
                })
        );

        var verification = (await admin.GetAsync("/api/audit/verify")).Is(200).As<AuditVerification>();

        var ids = await app.ReadAsync(db => db.AuditEvents.OrderBy(entry => entry.Id).Select(entry => entry.Id).ToListAsync());
        Assert.Equal(Enumerable.Range(1, ids.Count).Select(id => (long)id), ids);
        Assert.Equal(new AuditVerification(true, ids.Count - 1), verification);
        Assert.Equal(
            40 * 3,
            await app.ReadAsync(db =>
                db.AuditEvents.CountAsync(entry =>
                    entry.TargetType == "user" && users.Select(user => user.Id.ToString()).Contains(entry.TargetId)
                )
            )
        );
    }

    [Fact]
    public async Task A_user_agent_truncated_within_a_character_is_accepted()
    {
        using var admin = await app.SignInAdminAsync();

        (await admin.PostAsync("/api/users", new { email = TestData.Email() }, ("User-Agent", new string('a', 399) + "😀"))).Is(201);

        Assert.True((await admin.GetAsync("/api/audit/verify")).Is(200).As<AuditVerification>().Valid);
    }

    [Theory]
    [InlineData("""UPDATE "AuditEvents" SET "Action" = 'user.activated' WHERE "Id" = 1""")]
    [InlineData("""UPDATE "AuditEvents" SET "Hash" = "ActorSeal" WHERE "Id" = 1""")]
    [InlineData("""UPDATE "AuditEvents" SET "Details" = '{}' WHERE "Id" = 1""")]
    [InlineData("""UPDATE "AuditEvents" SET "ActorName" = 'another name' WHERE "Id" = 1""")]
    [InlineData("""UPDATE "AuditEvents" SET "At" = "At" WHERE "Id" = 1; DELETE FROM "AuditEvents" WHERE "Id" = 1""")]
    [InlineData("""DELETE FROM "AuditEvents" """)]
    [InlineData("""UPDATE "AuditEvents" SET "ActorSeal" = "Hash", "ActorName" = 'x' WHERE "Id" = 1""")]
    [InlineData(
        """UPDATE "AuditEvents" SET "ActorSeal" = "TargetSeal", "ActorName" = NULL, "Ip" = NULL, "UserAgent" = NULL WHERE "Id" = 1"""
    )]
    [InlineData("""INSERT INTO "AuditEvents" SELECT * FROM "AuditEvents" WHERE "Id" = 1""")]
    public async Task The_database_itself_refuses_to_change_or_delete_an_event(string sql)
    {
        var watch = await app.WatchAsync();

        await Assert.ThrowsAnyAsync<DbException>(() => app.Database.ExecuteAsync(sql));

        await watch.NothingHappenedAsync();
        using var admin = await app.SignInAdminAsync();
        Assert.True((await admin.GetAsync("/api/audit/verify")).As<AuditVerification>().Valid);
    }

    public sealed class OnSqlite(SqliteApp app) : AuditTests(app), IClassFixture<SqliteApp>
    {
        private readonly AdminApp app = app;

        [Fact]
        public async Task Replacing_an_event_is_refused_too() =>
            await Assert.ThrowsAnyAsync<DbException>(() =>
                app.Database.ExecuteAsync("""REPLACE INTO "AuditEvents" SELECT * FROM "AuditEvents" WHERE "Id" = 1""")
            );
    }

    public sealed class OnPostgres(PostgresApp app) : AuditTests(app), IClassFixture<PostgresApp>
    {
        private readonly AdminApp app = app;

        [Fact]
        public async Task Truncating_is_refused_too() =>
            await Assert.ThrowsAnyAsync<DbException>(() => app.Database.ExecuteAsync("""TRUNCATE "AuditEvents" """));
    }
}
