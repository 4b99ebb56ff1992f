using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Users;

public abstract class BulkTests(AdminApp app)
{
    private static readonly Guid Unknown = Guid.CreateVersion7();

    [Fact]
    public async Task Each_user_is_applied_or_refused_alone_and_the_events_share_a_batch()
    {
        var (one, two) = (await app.CreateUserAsync(), await app.CreateUserAsync());
        var admin = await app.SignedInUserAsync(AppRole.Admin);
        var watch = await app.WatchAsync();

        var answer = await admin.Caller.PostAsync(
            "/api/users/bulk",
            new
            {
                ids = new[] { one.Id, admin.Id, Unknown, two.Id, one.Id },
                action = "deactivate",
                reason = "Moved",
            }
        );

        var result = answer.Is(200).As<BulkResult>();
        Assert.Equal([one.Id, two.Id], result.Applied);
        Assert.Equal([new BulkRefusal(admin.Id, "self_forbidden"), new BulkRefusal(Unknown, "not_found")], result.Refused);
        await watch.RecordedAsync("user.deactivated", "user.deactivated");
        var batches = await app.ReadAsync(db =>
            db.AuditEvents.Where(entry => entry.TargetId == one.Id.ToString() || entry.TargetId == two.Id.ToString())
                .Where(entry => entry.Action == "user.deactivated")
                .Select(entry => entry.BatchId)
                .ToListAsync()
        );
        Assert.NotNull(Assert.Single(batches.Distinct()));
        Assert.Equal("Moved", (await admin.Caller.GetAsync($"/api/users/{one.Id}")).As<UserDetails>().DeactivatedReason);
    }

    public static TheoryData<string> Actions => [.. UserBulk.Actions.Select(action => action.Name)];

    [Theory]
    [MemberData(nameof(Actions))]
    public async Task A_dry_run_predicts_the_operation_and_writes_nothing(string action)
    {
        var admin = await app.SignedInUserAsync(AppRole.Admin);
        var other = await app.CreateUserAsync();
        var body = new Dictionary<string, object>
        {
            ["ids"] = new[] { admin.Id, Unknown, other.Id },
            ["action"] = action,
            ["role"] = AppRole.Operator,
        };
        var watch = await app.WatchAsync();

        var dry = (await admin.Caller.PostAsync("/api/users/bulk", new Dictionary<string, object>(body) { ["dryRun"] = true })).Is(200);
        await watch.NothingHappenedAsync();
        var wet = (await admin.Caller.PostAsync("/api/users/bulk", body)).Is(200);

        Assert.Equal(dry.Text, wet.Text);
        Assert.Contains(other.Id, wet.As<BulkResult>().Applied);
    }

    [Fact]
    public async Task The_page_requires_the_permission_of_the_operation()
    {
        var other = await app.CreateUserAsync();
        foreach (var action in UserBulk.Actions)
        {
            var body = new
            {
                ids = new[] { other.Id },
                action = action.Name,
                role = action.TakesRole ? AppRole.User : null,
                dryRun = true,
            };
            var without = await app.SignedInUserAsync(
                await app.CreateRoleAsync([.. Permissions.All.Where(permission => permission != action.Permission)])
            );

            (await without.Caller.PostAsync("/api/users/bulk", body)).Refuses(403, "forbidden");
        }
    }

    [Fact]
    public async Task The_schema_names_the_same_actions()
    {
        using var caller = app.Anonymous();

        var schema = (await caller.GetAsync("/openapi/v1.json"))
            .Is(200)
            .Json.GetProperty("components")
            .GetProperty("schemas")
            .GetProperty(nameof(BulkRequest))
            .GetProperty("properties")
            .GetProperty("action");

        Assert.Equal(
            UserBulk.Actions.Select(action => action.Name),
            schema.GetProperty("enum").EnumerateArray().Select(name => name.GetString()!)
        );
    }

    [Fact]
    public async Task A_user_above_the_actor_is_refused_and_the_others_are_processed()
    {
        var helpdesk = await app.SignedInUserAsync(await app.CreateRoleAsync(Permissions.UsersRead, Permissions.UsersWrite));
        var above = await app.CreateUserAsync(null, null, AppRole.Admin);
        var below = await app.CreateUserAsync();

        var result = (await helpdesk.Caller.PostAsync("/api/users/bulk", new { ids = new[] { above.Id, below.Id }, action = "deactivate" }))
            .Is(200)
            .As<BulkResult>();

        Assert.Equal([below.Id], result.Applied);
        Assert.Equal([new BulkRefusal(above.Id, "above_you")], result.Refused);
        Assert.Equal(
            1,
            await app.ReadAsync(db => db.AuditEvents.CountAsync(entry => entry.Action == "access.denied" && entry.ActorId == helpdesk.Id))
        );
    }

    [Fact]
    public async Task A_bulk_action_needs_the_permission_of_its_operation()
    {
        var helpdesk = await app.SignedInUserAsync(await app.CreateRoleAsync(Permissions.UsersRead, Permissions.UsersWrite));
        var user = await app.CreateUserAsync();
        using var anonymous = app.Anonymous();

        (await anonymous.PostAsync("/api/users/bulk", new { ids = new[] { user.Id }, action = "unlock" })).Refuses(401, "unauthenticated");
        (await helpdesk.Caller.PostAsync("/api/users/bulk", new { ids = new[] { user.Id }, action = "unlock" })).Is(200);
        foreach (var action in new[] { "add-role", "remove-role", "require-password-change", "end-sessions" })
        {
            (
                await helpdesk.Caller.PostAsync(
                    "/api/users/bulk",
                    new
                    {
                        ids = new[] { user.Id },
                        action,
                        role = AppRole.User,
                    }
                )
            ).Refuses(403, "forbidden");
        }
    }

    [Fact]
    public async Task Sensitive_bulk_actions_need_a_recent_sign_in()
    {
        var admin = await app.SignedInUserAsync(AppRole.Admin);
        var user = await app.CreateUserAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(16));

        foreach (var action in new[] { "lockdown", "delete", "add-role", "remove-role", "require-password-change" })
        {
            (
                await admin.Caller.PostAsync(
                    "/api/users/bulk",
                    new
                    {
                        ids = new[] { user.Id },
                        action,
                        role = AppRole.User,
                    }
                )
            ).Refuses(403, "fresh_sign_in_required");
        }

        (await admin.Caller.PostAsync("/api/users/bulk", new { ids = new[] { user.Id }, action = "deactivate" })).Is(200);
    }

    [Fact]
    public async Task Malformed_requests_are_refused_as_a_whole()
    {
        var admin = await app.SignedInUserAsync(AppRole.Admin);
        var id = Guid.CreateVersion7();
        var watch = await app.WatchAsync();

        (await admin.Caller.PostAsync("/api/users/bulk", new { ids = Array.Empty<Guid>(), action = "unlock" })).RefusesFields("ids");
        (
            await admin.Caller.PostAsync("/api/users/bulk", new { ids = Enumerable.Repeat(id, Limits.Bulk + 1), action = "unlock" })
        ).RefusesFields("ids");
        (await admin.Caller.PostAsync("/api/users/bulk", new { ids = new[] { id }, action = "promote" })).RefusesFields("action");
        (await admin.Caller.PostAsync("/api/users/bulk", new { ids = new[] { id }, action = "add-role" })).RefusesFields("role");
        (
            await admin.Caller.PostAsync(
                "/api/users/bulk",
                new
                {
                    ids = new[] { id },
                    action = "add-role",
                    role = "Nope",
                }
            )
        ).Refuses(400, "unknown_role");

        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task Many_users_are_processed_in_batches_with_progress()
    {
        var actor = (await app.AdministratorsAsync(1))[0].AsActor();
        var administrators = await app.AdministratorsAsync(120);
        var seen = new List<BulkProgress>();

        var result = await app.RunAsync<UserBulk, Result<BulkResult>>(bulk =>
            bulk.RunAsync(
                actor,
                new BulkRequest { Ids = [.. administrators.Select(user => user.Id)], Action = "deactivate" },
                new Immediate(seen.Add),
                default
            )
        );

        Assert.Equal(120, result.Value.Applied.Count);
        Assert.Equal([50, 100, 120], seen.Select(progress => progress.Done));
        Assert.Equal(120, await app.ReadAsync(db => db.AuditEvents.CountAsync(entry => entry.BatchId == result.Value.BatchId)));
    }

    [Fact]
    public async Task A_filter_is_resolved_to_ids()
    {
        var name = TestData.Name("needle");
        var users = new[] { await app.CreateUserAsync($"{name}a@example.com"), await app.CreateUserAsync($"{name}b@example.com") };

        var ids = await app.RunAsync<UserDirectory, Result<IReadOnlyList<Guid>>>(directory =>
            directory.IdsAsync(TestData.System, new UserQuery { Search = name }, default)
        );

        Assert.Equal(users.Select(user => user.Id).Order(), ids.Value.Order());
    }

    private sealed class Immediate(Action<BulkProgress> report) : IProgress<BulkProgress>
    {
        public void Report(BulkProgress value) => report(value);
    }

    public sealed class OnSqlite(SqliteApp app) : BulkTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : BulkTests(app), IClassFixture<PostgresApp>;
}
