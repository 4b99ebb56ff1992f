using AdminConsole.Core.Contracts;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Audit;

public abstract class ErasureTests(AdminApp app)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_person_is_erased_and_the_chain_still_verifies(bool deletedFirst)
    {
        using var admin = await app.SignInAdminAsync();
        var name = TestData.Name("secret-person");
        var user = await app.CreateUserAsync($"{name}@example.com", TestData.Password);
        using var caller = app.Anonymous();
        (await caller.PostAsync("/api/auth/login", new { login = user.Email, password = "wrong" }, ("User-Agent", name))).Is(401);
        (await caller.PostAsync("/api/auth/login", new { login = user.Email, password = TestData.Password }, ("User-Agent", name))).Is(200);
        (await admin.DeleteAsync($"/api/users/{user.Id}/sessions")).Is(204);
        if (deletedFirst)
        {
            (await admin.DeleteAsync($"/api/users/{user.Id}")).Is(204);
        }

        var erased = (await admin.DeleteAsync($"/api/users/{user.Id}/audit-trace")).Is(200).As<AuditErased>();

        Assert.Equal(deletedFirst ? 5 : 4, erased.ErasedEvents);
        Assert.DoesNotContain(
            name,
            string.Join('\n', await app.Database.QueryAsync("""SELECT * FROM "AuditEvents" """)),
            StringComparison.OrdinalIgnoreCase
        );
        Assert.True((await admin.GetAsync("/api/audit/verify")).As<AuditVerification>().Valid);
        var last = (await admin.GetAsync($"/api/audit?target={user.Id}&limit=1")).As<Page<AuditEntry>>().Items[0];
        Assert.Equal(
            ("user.updated", null, erased.ErasedEvents),
            (last.Action, last.Target!.Name, last.Details!.Value.GetProperty("erasedEvents").GetInt32())
        );
        Assert.Equal(0, (await admin.DeleteAsync($"/api/users/{user.Id}/audit-trace")).Is(200).As<AuditErased>().ErasedEvents);
    }

    [Fact]
    public async Task Other_users_are_unchanged()
    {
        using var admin = await app.SignInAdminAsync();
        var (gone, stays) = (await app.CreateUserAsync(), await app.CreateUserAsync());
        var before = (await admin.GetAsync($"/api/audit?target={stays.Id}")).Text;

        (await admin.DeleteAsync($"/api/users/{gone.Id}/audit-trace")).Is(200);

        Assert.Equal(before, (await admin.GetAsync($"/api/audit?target={stays.Id}")).Text);
    }

    [Fact]
    public async Task Erasure_needs_both_permissions_another_existing_user_and_a_recent_sign_in()
    {
        var half = await app.SignedInUserAsync(await app.CreateRoleAsync(Permissions.UsersWrite));
        var both = await app.SignedInUserAsync(await app.CreateRoleAsync(Permissions.UsersWrite, Permissions.SettingsWrite));
        var admin = await app.SignedInUserAsync(AppRole.Admin);
        using var anonymous = app.Anonymous();

        (await anonymous.DeleteAsync($"/api/users/{admin.Id}/audit-trace")).Refuses(401, "unauthenticated");
        (await half.Caller.DeleteAsync($"/api/users/{admin.Id}/audit-trace")).Refuses(403, "forbidden");
        (await both.Caller.DeleteAsync($"/api/users/{admin.Id}/audit-trace")).Refuses(403, "above_you");
        (await admin.Caller.DeleteAsync($"/api/users/{admin.Id}/audit-trace")).Refuses(409, "self_forbidden");
        (await admin.Caller.DeleteAsync($"/api/users/{Guid.CreateVersion7()}/audit-trace")).Refuses(404, "not_found");
        app.Clock.Advance(TimeSpan.FromMinutes(16));
        (await admin.Caller.DeleteAsync($"/api/users/{both.Id}/audit-trace")).Refuses(403, "fresh_sign_in_required");

        Assert.False(await app.ReadAsync(db => db.AuditEvents.AnyAsync(entry => entry.ActorId == admin.Id && entry.ActorName == null)));
    }

    public sealed class OnSqlite(SqliteApp app) : ErasureTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : ErasureTests(app), IClassFixture<PostgresApp>;
}
