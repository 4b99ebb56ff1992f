namespace AdminConsole.Tests.Users;

public abstract class UserPermissionTests(AdminApp app)
{
    [Fact]
    public async Task Roles_beyond_the_default_need_the_permission_to_assign_them()
    {
        var clerk = await app.SignedInUserAsync(await app.CreateRoleAsync("users.read", "users.write"));
        var watch = await app.WatchAsync();

        (await clerk.Caller.PostAsync("/api/users", new { email = TestData.Email(), roles = new[] { "Operator" } })).Refuses(
            403,
            "forbidden"
        );
        await watch.OnlyRecordedAsync("access.denied");

        (await clerk.Caller.PostAsync("/api/users", new { email = TestData.Email() })).Is(201);
    }

    [Fact]
    public async Task Users_cannot_deactivate_or_delete_themselves()
    {
        var admin = await app.SignedInUserAsync("Admin");
        var watch = await app.WatchAsync();

        (await admin.Caller.PostAsync($"/api/users/{admin.Id}/deactivate")).Refuses(409, "self_forbidden");
        (await admin.Caller.PatchAsync($"/api/users/{admin.Id}", new { active = false })).Refuses(409, "self_forbidden");
        (await admin.Caller.DeleteAsync($"/api/users/{admin.Id}")).Refuses(409, "self_forbidden");

        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task A_user_with_permissions_the_caller_lacks_is_refused_to_every_operation()
    {
        var clerk = await app.SignedInUserAsync(await app.CreateRoleAsync("users.read", "users.write", "roles.assign"));
        var above = await app.CreateUserAsync(null, null, "Operator");
        var watch = await app.WatchAsync();

        (await clerk.Caller.PatchAsync($"/api/users/{above.Id}", new { displayName = "x" })).Refuses(403, "above_you");
        (await clerk.Caller.PostAsync($"/api/users/{above.Id}/deactivate")).Refuses(403, "above_you");
        (await clerk.Caller.PostAsync($"/api/users/{above.Id}/activate")).Refuses(403, "above_you");
        (await clerk.Caller.PostAsync($"/api/users/{above.Id}/unlock")).Refuses(403, "above_you");
        (await clerk.Caller.DeleteAsync($"/api/users/{above.Id}")).Refuses(403, "above_you");
        (await clerk.Caller.DeleteAsync($"/api/users/{above.Id}/roles/Operator")).Refuses(403, "above_you");

        await watch.OnlyRecordedAsync("access.denied", "access.denied"); // One at users.write, one at roles.assign.
    }

    [Fact]
    public async Task Every_operation_needs_a_sign_in_and_its_permission()
    {
        var (user, simple) = (await app.CreateUserAsync(), await app.SignedInUserAsync());
        using var anonymous = app.Anonymous();
        (HttpMethod Method, string Path, object? Body)[] verbs =
        [
            (HttpMethod.Get, "/api/users", null),
            (HttpMethod.Get, $"/api/users/{user.Id}", null),
            (HttpMethod.Post, "/api/users", new { email = TestData.Email() }),
            (HttpMethod.Patch, $"/api/users/{user.Id}", new { displayName = "x" }),
            (HttpMethod.Delete, $"/api/users/{user.Id}", null),
            (HttpMethod.Post, $"/api/users/{user.Id}/activate", null),
            (HttpMethod.Post, $"/api/users/{user.Id}/deactivate", null),
            (HttpMethod.Post, $"/api/users/{user.Id}/unlock", null),
            (HttpMethod.Put, $"/api/users/{user.Id}/roles/Operator", null),
            (HttpMethod.Delete, $"/api/users/{user.Id}/roles/User", null),
        ];
        var watch = await app.WatchAsync();

        foreach (var (method, path, body) in verbs)
        {
            (await anonymous.SendAsync(method, path, body)).Refuses(401, "unauthenticated");
        }

        await watch.NothingHappenedAsync();
        foreach (var (method, path, body) in verbs)
        {
            (await simple.Caller.SendAsync(method, path, body)).Refuses(403, "forbidden");
        }

        await watch.OnlyRecordedAsync("access.denied", "access.denied", "access.denied"); // users.read, users.write, roles.assign.
    }

    [Fact]
    public async Task An_operator_reads_and_changes_nothing()
    {
        var (user, reader) = (await app.CreateUserAsync(), await app.SignedInUserAsync("Operator"));

        (await reader.Caller.GetAsync($"/api/users/{user.Id}")).Is(200);
        (await reader.Caller.GetAsync("/api/users")).Is(200);
        var watch = await app.WatchAsync();
        (await reader.Caller.PostAsync($"/api/users/{user.Id}/deactivate")).Refuses(403, "forbidden");

        await watch.OnlyRecordedAsync("access.denied");
    }

    [Fact]
    public async Task An_unknown_user_is_not_found_by_any_operation()
    {
        using var admin = await app.SignInAdminAsync();
        var id = Guid.CreateVersion7();
        var watch = await app.WatchAsync();

        (await admin.GetAsync($"/api/users/{id}")).Refuses(404, "not_found");
        (await admin.PatchAsync($"/api/users/{id}", new { displayName = "x" })).Refuses(404, "not_found");
        (await admin.DeleteAsync($"/api/users/{id}")).Refuses(404, "not_found");
        (await admin.PostAsync($"/api/users/{id}/activate")).Refuses(404, "not_found");
        (await admin.PostAsync($"/api/users/{id}/deactivate")).Refuses(404, "not_found");
        (await admin.PostAsync($"/api/users/{id}/unlock")).Refuses(404, "not_found");
        (await admin.PutAsync($"/api/users/{id}/roles/User")).Refuses(404, "not_found");
        (await admin.DeleteAsync($"/api/users/{id}/roles/User")).Refuses(404, "not_found");
        (await admin.GetAsync("/api/users/not-a-guid")).Refuses(404, "not_found");

        await watch.NothingHappenedAsync();
    }

    public sealed class OnSqlite(SqliteApp app) : UserPermissionTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : UserPermissionTests(app), IClassFixture<PostgresApp>;
}
