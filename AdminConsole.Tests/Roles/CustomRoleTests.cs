using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Roles;

public abstract class CustomRoleTests(AdminApp app)
{
    [Fact]
    public async Task A_role_is_created_changed_renamed_and_deleted()
    {
        using var admin = await app.SignInAdminAsync();
        var (name, other) = (TestData.Name("Desk"), TestData.Name("Front desk"));
        var watch = await app.WatchAsync();

        var created = (
            await admin.PostAsync(
                "/api/roles",
                new
                {
                    name,
                    description = "Helps",
                    permissions = new[] { Permissions.UsersRead },
                }
            )
        ).Is(201);
        var renamed = await admin.SendAsync(
            HttpMethod.Put,
            $"/api/roles/{name}",
            new { name = other, permissions = new[] { Permissions.UsersRead, Permissions.RolesRead } }
        );
        var found = await admin.GetAsync($"/api/roles/{other}");
        (await admin.DeleteAsync($"/api/roles/{other}")).Is(204);

        Assert.Equal($"/api/roles/{name}", created.Location);
        Assert.Equal([Permissions.RolesRead, Permissions.UsersRead], renamed.Is(200).As<RoleSummary>().Permissions);
        Assert.Equal(renamed.Text, found.Is(200).Text);
        (await admin.GetAsync($"/api/roles/{name}")).Refuses(404, "not_found");
        await watch.OnlyRecordedAsync("role.created", "role.updated", "role.deleted");
    }

    [Theory]
    [InlineData("", "validation_failed", 400)]
    [InlineData("a/b", "validation_failed", 400)]
    [InlineData("admin", "duplicate_role", 409)]
    public async Task A_name_that_is_malformed_or_taken_is_refused(string name, string code, int status)
    {
        using var admin = await app.SignInAdminAsync();
        var watch = await app.WatchAsync();

        (await admin.PostAsync("/api/roles", new { name, permissions = Array.Empty<string>() })).Refuses(status, code);
        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task A_permission_that_does_not_exist_is_refused()
    {
        using var admin = await app.SignInAdminAsync();

        (await admin.PostAsync("/api/roles", new { name = TestData.Name("Role"), permissions = new[] { "users.fly" } })).Refuses(
            400,
            "unknown_permission"
        );
    }

    [Theory]
    [InlineData(AppRole.Admin)]
    [InlineData(AppRole.Operator)]
    [InlineData(AppRole.User)]
    public async Task A_built_in_role_cannot_be_changed(string role)
    {
        using var admin = await app.SignInAdminAsync();
        var watch = await app.WatchAsync();

        (await admin.SendAsync(HttpMethod.Put, $"/api/roles/{role}", new { name = role, permissions = Array.Empty<string>() })).Refuses(
            409,
            "built_in"
        );
        (await admin.DeleteAsync($"/api/roles/{role}?moveTo=User")).Refuses(409, "built_in");
        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task A_role_with_permissions_the_caller_lacks_cannot_be_created_changed_or_deleted()
    {
        var editor = await app.SignedInUserAsync(await app.CreateRoleAsync(Permissions.RolesRead, Permissions.RolesWrite));
        var (above, below) = (await app.CreateRoleAsync(Permissions.SettingsWrite), await app.CreateRoleAsync(Permissions.RolesRead));
        var watch = await app.WatchAsync();

        (
            await editor.Caller.PostAsync(
                "/api/roles",
                new { name = TestData.Name("Role"), permissions = new[] { Permissions.SettingsWrite } }
            )
        ).Refuses(403, "above_you");
        (
            await editor.Caller.SendAsync(
                HttpMethod.Put,
                $"/api/roles/{below}",
                new { name = below, permissions = new[] { Permissions.SettingsWrite } }
            )
        ).Refuses(403, "above_you");
        (
            await editor.Caller.SendAsync(HttpMethod.Put, $"/api/roles/{above}", new { name = above, permissions = Array.Empty<string>() })
        ).Refuses(403, "above_you");
        (await editor.Caller.DeleteAsync($"/api/roles/{above}")).Refuses(403, "above_you");
        await watch.OnlyRecordedAsync("access.denied");
    }

    [Fact]
    public async Task A_role_in_use_is_deleted_only_with_a_replacement()
    {
        using var admin = await app.SignInAdminAsync();
        var (old, next) = (await app.CreateRoleAsync(Permissions.UsersRead), await app.CreateRoleAsync(Permissions.RolesRead));
        var (one, two) = (await app.CreateUserAsync(null, null, old, AppRole.User), await app.CreateUserAsync(null, null, old, next));
        var watch = await app.WatchAsync();

        var refused = (await admin.DeleteAsync($"/api/roles/{old}")).Refuses(409, "role_in_use");
        (await admin.DeleteAsync($"/api/roles/{old}?moveTo=nowhere")).Refuses(400, "unknown_role");
        (await admin.DeleteAsync($"/api/roles/{old}?moveTo={old}")).Refuses(400, "unknown_role");
        await watch.NothingHappenedAsync();
        (await admin.DeleteAsync($"/api/roles/{old}?moveTo={next}")).Is(204);

        Assert.StartsWith("2 users have", refused.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await watch.RecordedAsync("user.role_removed", "user.role_removed", "role.deleted");
        Assert.Equal([next, AppRole.User], (await admin.GetAsync($"/api/users/{one.Id}")).As<UserDetails>().Roles);
        Assert.Equal([next], (await admin.GetAsync($"/api/users/{two.Id}")).As<UserDetails>().Roles);
        Assert.Single(
            await app.ReadAsync(db =>
                db.AuditEvents.OrderByDescending(entry => entry.Id).Take(3).Select(entry => entry.BatchId).Distinct().ToListAsync()
            ),
            batch => batch is not null
        );
    }

    [Fact]
    public async Task A_role_change_applies_to_the_next_request_of_its_users()
    {
        using var admin = await app.SignInAdminAsync();
        var role = await app.CreateRoleAsync(Permissions.UsersRead);
        var holder = await app.SignedInUserAsync(role);
        (await holder.Caller.GetAsync("/api/users")).Is(200);

        (await admin.SendAsync(HttpMethod.Put, $"/api/roles/{role}", new { name = role, permissions = Array.Empty<string>() })).Is(200);

        (await holder.Caller.GetAsync("/api/users")).Refuses(403, "forbidden");
    }

    [Fact]
    public async Task Role_changes_need_the_permission_and_a_recent_sign_in()
    {
        using var anonymous = app.Anonymous();
        var operatorOnly = await app.SignedInUserAsync(AppRole.Operator);
        using var admin = await app.SignInAdminAsync();
        var body = new { name = TestData.Name("Role"), permissions = Array.Empty<string>() };

        (await anonymous.PostAsync("/api/roles", body)).Refuses(401, "unauthenticated");
        (await operatorOnly.Caller.PostAsync("/api/roles", body)).Refuses(403, "forbidden");
        app.Clock.Advance(TimeSpan.FromMinutes(16));
        (await admin.PostAsync("/api/roles", body)).Refuses(403, "fresh_sign_in_required");
    }

    [Fact]
    public async Task A_deletion_concurrent_with_assignments_loses_no_assignment_silently()
    {
        for (var round = 0; round < 4; round++)
        {
            var role = await app.CreateRoleAsync(Permissions.UsersRead);
            var users = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => app.CreateUserAsync()));

            var given = users
                .Select(user =>
                    Task.Run(() =>
                        app.RunAsync<UserLifecycle, Result<UserDetails>>(lifecycle =>
                            lifecycle.CreateAsync(TestData.System, TestData.User(null, null, role), default)
                        )
                    )
                )
                .ToList();
            var deleted = await Task.Run(() =>
                app.RunAsync<CustomRoles, Result<Unit>>(roles => roles.DeleteAsync(TestData.System, role, null, default))
            );
            var created = await Task.WhenAll(given);

            var held = await app.ReadAsync(db =>
                db.UserRoles.CountAsync(row => db.Roles.Any(known => known.Id == row.RoleId && known.Name == role))
            );
            Assert.Equal(deleted.Refusal is null ? 0 : 16, created.Count(result => result.Refusal is null));
            Assert.Equal(created.Count(result => result.Refusal is null), held);
            Assert.All(created, result => Assert.Contains(result.Refusal?.Code, new[] { null, "unknown_role" }));
        }
    }

    public sealed class OnSqlite(SqliteApp app) : CustomRoleTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : CustomRoleTests(app), IClassFixture<PostgresApp>;
}
