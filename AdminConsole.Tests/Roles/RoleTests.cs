using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Roles;

public abstract class RoleTests(AdminApp app)
{
    [Fact]
    public async Task The_built_in_roles_are_listed_with_their_permissions()
    {
        using var admin = await app.SignInAdminAsync();

        var roles = (await admin.GetAsync("/api/roles"))
            .Is(200)
            .As<Page<RoleSummary>>()
            .Items.Where(role => role.BuiltIn)
            .ToDictionary(role => role.Name);

        Assert.Equal(["Admin", "Operator", "User"], roles.Keys.Order());
        Assert.Equal(Permissions.All.Order(), roles["Admin"].Permissions);
        Assert.Equal(["audit.export", "audit.read", "sessions.read", "tokens.read", "users.read"], roles["Operator"].Permissions);
        Assert.Equal(["profile.read", "tokens.rotate"], roles["User"].Permissions);
        Assert.True(roles["Admin"].Users >= 1);
    }

    [Fact]
    public async Task Every_permission_is_listed_with_a_description()
    {
        using var admin = await app.SignInAdminAsync();

        var permissions = (await admin.GetAsync("/api/permissions")).Is(200).As<Page<PermissionSummary>>();

        Assert.Equal(Permissions.All.Order(), permissions.Items.Select(permission => permission.Name).Order());
        Assert.All(permissions.Items, permission => Assert.NotEmpty(permission.Description));
    }

    [Fact]
    public async Task Roles_need_the_permission_to_read_them()
    {
        var reader = await app.SignedInUserAsync("Operator");
        using var anonymous = app.Anonymous();

        foreach (var path in new[] { "/api/roles", "/api/permissions" })
        {
            (await anonymous.GetAsync(path)).Refuses(401, "unauthenticated");
            (await reader.Caller.GetAsync(path)).Refuses(403, "forbidden");
        }
    }

    [Fact]
    public async Task Assigning_and_removing_a_role_applies_immediately_and_is_recorded_once()
    {
        var person = await app.SignedInUserAsync();
        using var admin = await app.SignInAdminAsync();
        (await person.Caller.GetAsync("/api/users")).Refuses(403, "forbidden");
        var watch = await app.WatchAsync();

        Assert.Equal(
            ["Operator", "User"],
            (await admin.PutAsync($"/api/users/{person.Id}/roles/operator")).Is(200).As<UserDetails>().Roles
        );
        (await admin.PutAsync($"/api/users/{person.Id}/roles/Operator")).Is(200);
        (await person.Caller.GetAsync("/api/users")).Is(200);
        Assert.Equal(["User"], (await admin.DeleteAsync($"/api/users/{person.Id}/roles/OPERATOR")).Is(200).As<UserDetails>().Roles);
        (await admin.DeleteAsync($"/api/users/{person.Id}/roles/Operator")).Is(200);
        (await person.Caller.GetAsync("/api/users")).Refuses(403, "forbidden");

        await watch.RecordedAsync("user.role_added", "user.role_removed");
        var added = await app.ReadAsync(db =>
            db.AuditEvents.OrderByDescending(entry => entry.Id).FirstAsync(entry => entry.Action == "user.role_added")
        );
        Assert.Equal(
            (person.Id.ToString(), person.Email, TestData.AdminEmail, """{"role":"Operator"}"""),
            (added.TargetId, added.TargetName, added.ActorName, added.Details)
        );
    }

    [Fact]
    public async Task A_role_that_does_not_exist_is_refused()
    {
        var user = await app.CreateUserAsync();
        using var admin = await app.SignInAdminAsync();
        var watch = await app.WatchAsync();

        (await admin.PutAsync($"/api/users/{user.Id}/roles/Emperor")).Refuses(400, "unknown_role");
        (await admin.DeleteAsync($"/api/users/{user.Id}/roles/Emperor")).Refuses(400, "unknown_role");
        (await admin.PatchAsync($"/api/users/{user.Id}", new { roles = new[] { "Emperor" } })).Refuses(400, "unknown_role");

        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task Replacing_the_roles_records_each_difference()
    {
        var user = await app.CreateUserAsync();
        using var admin = await app.SignInAdminAsync();
        var watch = await app.WatchAsync();

        Assert.Equal(
            ["Operator"],
            (await admin.PatchAsync($"/api/users/{user.Id}", new { roles = new[] { "Operator" } })).Is(200).As<UserDetails>().Roles
        );
        Assert.Empty(
            (await admin.PatchAsync($"/api/users/{user.Id}", new { roles = Array.Empty<string>() })).Is(200).As<UserDetails>().Roles
        );

        Assert.Equal(["user.role_added", "user.role_removed", "user.role_removed"], (await watch.EventsAsync()).Order());
    }

    [Fact]
    public async Task A_user_cannot_grant_permissions_they_lack()
    {
        var clerk = await app.SignedInUserAsync(await app.CreateRoleAsync("users.read", "users.write", "roles.assign"));
        var user = await app.CreateUserAsync();
        var watch = await app.WatchAsync();

        (await clerk.Caller.PutAsync($"/api/users/{user.Id}/roles/Operator")).Refuses(403, "above_you");
        (await clerk.Caller.PutAsync($"/api/users/{clerk.Id}/roles/Admin")).Refuses(403, "above_you");
        (await clerk.Caller.PatchAsync($"/api/users/{user.Id}", new { roles = new[] { "Admin" } })).Refuses(403, "above_you");
        (await clerk.Caller.PostAsync("/api/users", new { email = TestData.Email(), roles = new[] { "Admin" } })).Refuses(403, "above_you");

        await watch.OnlyRecordedAsync("access.denied", "access.denied"); // One at roles.assign, one at users.write.
    }

    public sealed class OnSqlite(SqliteApp app) : RoleTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : RoleTests(app), IClassFixture<PostgresApp>;
}
