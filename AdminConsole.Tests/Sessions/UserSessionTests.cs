using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using AdminConsole.Core.Sessions;
using AdminConsole.Core.Tokens;
using AdminConsole.Tests.Tokens;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Sessions;

public abstract class UserSessionTests(AdminApp app)
{
    [Fact]
    public async Task An_administrator_sees_and_ends_the_sessions_of_a_user()
    {
        using var admin = await app.SignInAdminAsync();
        var person = await app.SignedInUserAsync();
        using var elsewhere = await app.SignInAsync(person.Email);

        var sessions = (await admin.GetAsync($"/api/users/{person.Id}/sessions")).Is(200).As<Page<SessionSummary>>().Items;
        var watch = await app.WatchAsync();
        (await admin.DeleteAsync($"/api/users/{person.Id}/sessions/{sessions[0].Id}")).Is(204);
        (await admin.DeleteAsync($"/api/users/{person.Id}/sessions/{sessions[0].Id}")).Refuses(404, "not_found");
        // It ends all of them, and has no pages.
        (await admin.DeleteAsync($"/api/users/{person.Id}/sessions?limit=1")).Refuses(400, "invalid_request");
        (await admin.DeleteAsync($"/api/users/{person.Id}/sessions")).Is(204);

        Assert.Equal((2, false), (sessions.Count, sessions.Any(session => session.Current)));
        await watch.RecordedAsync("session.ended", "session.ended");
        (await person.Caller.GetAsync("/api/auth/me")).Refuses(401, "unauthenticated");
        (await elsewhere.GetAsync("/api/auth/me")).Refuses(401, "unauthenticated");
    }

    [Fact]
    public async Task Ending_sessions_needs_the_permission_and_the_role_hierarchy()
    {
        var watcher = await app.SignedInUserAsync(await app.CreateRoleAsync(Permissions.SessionsRead, Permissions.SessionsEnd));
        var (person, admin) = (await app.SignedInUserAsync(), await app.SignedInUserAsync(AppRole.Admin));
        using var anonymous = app.Anonymous();

        (await anonymous.GetAsync($"/api/users/{admin.Id}/sessions")).Refuses(401, "unauthenticated");
        (await person.Caller.GetAsync($"/api/users/{admin.Id}/sessions")).Refuses(403, "forbidden");
        (await person.Caller.DeleteAsync($"/api/users/{admin.Id}/sessions")).Refuses(403, "forbidden");
        (await watcher.Caller.GetAsync($"/api/users/{admin.Id}/sessions")).Is(200);
        (await watcher.Caller.DeleteAsync($"/api/users/{admin.Id}/sessions")).Refuses(403, "above_you");
        (await watcher.Caller.GetAsync($"/api/users/{Guid.CreateVersion7()}/sessions")).Refuses(404, "not_found");

        (await admin.Caller.GetAsync("/api/auth/me")).Is(200);
    }

    [Fact]
    public async Task All_sessions_are_listed_in_pages_and_searched()
    {
        var name = TestData.Name("needle");
        var user = await app.CreateUserAsync($"{name}@example.com", TestData.Password);
        for (var number = 0; number < 3; number++)
        {
            (await app.SignInAsync(user.Email!)).Dispose();
        }

        var first = (await ListAsync(new SessionQuery { Search = name, Limit = 2 })).Value;
        var second = (
            await ListAsync(
                new SessionQuery
                {
                    Search = name,
                    Limit = 2,
                    Cursor = first.Next,
                }
            )
        ).Value;
        var byAddress = (await ListAsync(new SessionQuery { Search = "127.0.0" })).Value;

        Assert.Equal((2, 1, 3L, null), (first.Items.Count, second.Items.Count, first.Total, second.Next));
        Assert.Equal(3, first.Items.Concat(second.Items).Select(row => row.Session.Id).Distinct().Count());
        Assert.All(
            first.Items,
            row => Assert.Equal(new UserRef(user.Id, user.Email, user.UserName) { DisplayName = user.DisplayName }, row.Owner)
        );
        Assert.True(byAddress.Total >= 3);
        Assert.Equal("invalid_request", (await ListAsync(new SessionQuery { Cursor = "?" })).Refusal?.Code);
    }

    [Fact]
    public async Task Many_sessions_are_ended_except_those_of_users_above_the_actor()
    {
        var (one, two, admin) = (await app.SignedInUserAsync(), await app.SignedInUserAsync(), await app.SignedInUserAsync(AppRole.Admin));
        var sessions = await app.ReadAsync(db =>
            db.Sessions.Where(session => session.UserId == one.Id || session.UserId == two.Id).Select(session => session.Id).ToListAsync()
        );
        var above = await app.ReadAsync(db =>
            db.Sessions.Where(session => session.UserId == admin.Id).Select(session => session.Id).SingleAsync()
        );
        var gone = Guid.CreateVersion7();
        var watcher = await app.SignedInUserAsync(await app.CreateRoleAsync(Permissions.SessionsEnd));
        IReadOnlySet<string> held = new HashSet<string>([.. Permissions.Own, Permissions.SessionsEnd]);
        var actor = new Actor
        {
            UserId = watcher.Id,
            Name = watcher.Email,
            Via = AuthenticationMethod.Token,
            RolePermissions = held,
            EffectivePermissions = held,
        };

        var result = (
            await app.RunAsync<SessionDirectory, Result<BulkResult>>(directory =>
                directory.EndManyAsync(actor, [.. sessions, above, gone], null, default)
            )
        ).Value;

        Assert.Equal(sessions.Order(), result.Applied.Order());
        Assert.Equal(
            [(above, "above_you"), (gone, "not_found")],
            result.Refused.Select(refusal => (refusal.Id, refusal.Code)).OrderBy(refusal => refusal.Code)
        );
        (await one.Caller.GetAsync("/api/auth/me")).Refuses(401, "unauthenticated");
        (await admin.Caller.GetAsync("/api/auth/me")).Is(200);
    }

    [Fact]
    public async Task A_list_marks_sessions_and_tokens_of_users_above_the_actor()
    {
        var (above, below) = (await app.SignedInUserAsync(AppRole.Admin), await app.SignedInUserAsync());
        await above.Caller.CreateTokenAsync();
        await below.Caller.CreateTokenAsync();
        var held = new HashSet<string>([.. Permissions.Own, Permissions.SessionsRead, Permissions.TokensRead]);
        var actor = new Actor
        {
            UserId = Guid.CreateVersion7(),
            Name = "watcher",
            Via = AuthenticationMethod.Session,
            RolePermissions = held,
            EffectivePermissions = held,
        };

        async Task<bool> IsAboveAsync(Guid user)
        {
            var sessions = await app.RunAsync<SessionDirectory, Result<Page<OwnedSession>>>(directory =>
                directory.ListAsync(actor, new SessionQuery { User = user }, default)
            );
            var tokens = await app.RunAsync<TokenDirectory, Result<Page<OwnedToken>>>(directory =>
                directory.ListAsync(actor, new TokenQuery { Owner = user }, default)
            );
            var isAbove = Assert.Single(sessions.Value.Items).IsAbove;
            Assert.Equal(isAbove, Assert.Single(tokens.Value.Items).IsAbove);
            return isAbove;
        }

        Assert.True(await IsAboveAsync(above.Id));
        Assert.False(await IsAboveAsync(below.Id));
    }

    private Task<Result<Page<OwnedSession>>> ListAsync(SessionQuery query) =>
        app.RunAsync<SessionDirectory, Result<Page<OwnedSession>>>(directory => directory.ListAsync(TestData.System, query, default));

    public sealed class OnSqlite(SqliteApp app) : UserSessionTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : UserSessionTests(app), IClassFixture<PostgresApp>;
}
