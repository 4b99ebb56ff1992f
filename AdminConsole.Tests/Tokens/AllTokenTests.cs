using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Tokens;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Tokens;

public abstract class AllTokenTests(AdminApp app)
{
    private static async Task<IReadOnlyList<OwnedToken>> FindAsync(ApiClient caller, string query) =>
        (await caller.GetAsync($"/api/admin/tokens?{query}")).Is(200).As<Page<OwnedToken>>().Items;

    [Fact]
    public async Task Tokens_are_found_by_owner_name_prefix_and_state()
    {
        var person = await app.SignedInUserAsync("Operator");
        var (active, revoked, off) = (
            await person.Caller.CreateTokenAsync(),
            await person.Caller.CreateTokenAsync(),
            await person.Caller.CreateTokenAsync()
        );
        (await person.Caller.DeleteAsync($"/api/tokens/{revoked.Id}")).Is(204);
        (await person.Caller.PatchAsync($"/api/tokens/{off.Id}", new { active = false })).Is(200);
        using var admin = await app.SignInAdminAsync();

        Assert.Equal([off.Id, revoked.Id, active.Id], (await FindAsync(admin, $"owner={person.Id}")).Select(token => token.Id));
        Assert.Equal(
            [off.Id, revoked.Id, active.Id],
            (await FindAsync(admin, $"search={person.Email.ToUpperInvariant()}")).Select(token => token.Id)
        );
        Assert.Equal(active.Id, Assert.Single(await FindAsync(admin, $"search={active.Prefix}")).Id);
        Assert.Equal(active.Id, Assert.Single(await FindAsync(admin, $"search={active.Name}")).Id);
        Assert.Equal(person.Email, (await FindAsync(admin, $"owner={person.Id}&state=active")).Single().Owner.Email);
        Assert.Equal(revoked.Id, (await FindAsync(admin, $"owner={person.Id}&state=revoked")).Single().Id);
        Assert.Equal(off.Id, (await FindAsync(admin, $"owner={person.Id}&state=inactive")).Single().Id);
        Assert.Empty(await FindAsync(admin, $"owner={person.Id}&state=expired"));
        (await admin.GetAsync("/api/admin/tokens?state=flying")).Refuses(400, "invalid_request");
        (await admin.GetAsync("/api/admin/tokens?limit=0")).Refuses(400, "invalid_request");
        (await admin.GetAsync("/api/admin/tokens?cursor=x")).Refuses(400, "invalid_request");
    }

    [Fact]
    public async Task Pages_follow_each_other()
    {
        var person = await app.SignedInUserAsync();
        var made = new List<Guid>();
        for (var number = 0; number < 5; number++)
        {
            made.Add((await person.Caller.CreateTokenAsync()).Id);
        }

        using var admin = await app.SignInAdminAsync();
        var (seen, cursor) = (new List<Guid>(), (string?)null);
        do
        {
            var page = (await admin.GetAsync($"/api/admin/tokens?owner={person.Id}&limit=2{(cursor is null ? "" : $"&cursor={cursor}")}"))
                .Is(200)
                .As<Page<OwnedToken>>();
            Assert.Equal(5, page.Total);
            seen.AddRange(page.Items.Select(token => token.Id));
            cursor = page.Next;
        } while (cursor is not null);

        Assert.Equal(Enumerable.Reverse(made), seen);
    }

    [Fact]
    public async Task Names_are_sorted_in_one_order_on_either_database()
    {
        var person = await app.SignedInUserAsync();
        foreach (var name in new[] { "émile", "Zeta", "alpha", "Beta" })
        {
            (await person.Caller.PostAsync("/api/tokens", new { name, expiresInDays = 30 })).Is(201);
        }

        // Only the page sorts; the API does not.
        async Task<IEnumerable<string>> SortedAsync(string sort)
        {
            var query = new TokenQuery { Owner = person.Id, Sort = sort };
            var page = await app.RunAsync<TokenDirectory, Result<Page<OwnedToken>>>(directory =>
                directory.ListAsync(TestData.System, query, default)
            );
            return page.Value.Items.Select(token => token.Name);
        }

        Assert.Equal(["alpha", "Beta", "Zeta", "émile"], await SortedAsync("name"));
        Assert.Equal(["émile", "Zeta", "Beta", "alpha"], await SortedAsync("-name"));
    }

    [Fact]
    public async Task A_token_is_stale_when_valid_and_unused_for_90_days()
    {
        await using var own = await AdminApp.StartAsync(app.Provider);
        await own.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        using var person = await own.SignInAdminAsync();
        var unused = (await person.PostAsync("/api/tokens", new { name = "unused", expiresInDays = 365 })).Is(201).As<CreatedToken>();
        var used = (await person.PostAsync("/api/tokens", new { name = "used", expiresInDays = 365 })).Is(201).As<CreatedToken>();
        var expired = await person.CreateTokenAsync();
        own.Clock.Advance(TimeSpan.FromDays(91));
        (await own.With(used.Token).MeAsync()).Is(200);
        await own.Services.GetRequiredService<TokenUsageWriter>().FlushAsync(default);
        using var admin = await own.SignInAdminAsync();

        var stale = await FindAsync(admin, "stale=true");

        Assert.Equal(unused.Id, Assert.Single(stale).Id);
        Assert.Equal(expired.Id, Assert.Single(await FindAsync(admin, "state=expired")).Id);
    }

    [Fact]
    public async Task An_administrator_revokes_any_token()
    {
        var person = await app.SignedInUserAsync();
        var token = await person.Caller.CreateTokenAsync();
        (await app.With(token.Token).MeAsync()).Is(200);
        using var admin = await app.SignInAdminAsync();
        var watch = await app.WatchAsync();

        (await admin.DeleteAsync($"/api/admin/tokens/{token.Id}")).Is(204);
        (await admin.DeleteAsync($"/api/admin/tokens/{token.Id}")).Is(204);

        (await app.With(token.Token).MeAsync()).Refuses(401, "unauthenticated");
        (await admin.DeleteAsync($"/api/admin/tokens/{Guid.CreateVersion7()}")).Refuses(404, "not_found");
        await watch.RecordedAsync("token.revoked");
    }

    [Fact]
    public async Task Listing_and_revoking_need_their_permissions_and_the_role_hierarchy()
    {
        var (operator_, user) = (await app.SignedInUserAsync("Operator"), await app.SignedInUserAsync());
        var helper = await app.SignedInUserAsync(await app.CreateRoleAsync("tokens.read", "tokens.revoke"));
        var token = await operator_.Caller.CreateTokenAsync();
        var mine = await user.Caller.CreateTokenAsync();
        using var anonymous = app.Anonymous();
        var watch = await app.WatchAsync();

        (await anonymous.GetAsync("/api/admin/tokens")).Refuses(401, "unauthenticated");
        (await anonymous.DeleteAsync($"/api/admin/tokens/{token.Id}")).Refuses(401, "unauthenticated");
        (await user.Caller.GetAsync("/api/admin/tokens")).Refuses(403, "forbidden");
        (await operator_.Caller.GetAsync("/api/admin/tokens")).Is(200);
        (await operator_.Caller.DeleteAsync($"/api/admin/tokens/{mine.Id}")).Refuses(403, "forbidden");
        (await helper.Caller.DeleteAsync($"/api/admin/tokens/{token.Id}")).Refuses(403, "above_you");

        await watch.OnlyRecordedAsync("access.denied", "access.denied", "access.denied");
        (await helper.Caller.DeleteAsync($"/api/admin/tokens/{mine.Id}")).Is(204);
    }

    [Fact]
    public async Task A_token_with_the_scope_can_do_it_too()
    {
        using var admin = await app.SignInAdminAsync();
        var program = app.With((await admin.CreateTokenAsync("tokens.read", "tokens.revoke")).Token);
        var person = await app.SignedInUserAsync();
        var token = await person.Caller.CreateTokenAsync();

        (await program.GetAsync($"/api/admin/tokens?search={token.Prefix}")).Is(200);
        (await program.SendAsync(HttpMethod.Delete, $"/api/admin/tokens/{token.Id}")).Is(204);

        Assert.NotNull(
            await app.ReadAsync(db => db.PersonalAccessTokens.Where(row => row.Id == token.Id).Select(row => row.RevokedAt).SingleAsync())
        );
    }

    public sealed class OnSqlite(SqliteApp app) : AllTokenTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : AllTokenTests(app), IClassFixture<PostgresApp>;
}
