using AdminConsole.Core.Audit;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;

namespace AdminConsole.Tests.Audit;

public abstract class SavedViewTests(AdminApp app)
{
    private static readonly AuditQuery Failures = new()
    {
        Action = "auth.sign_in_failed",
        Ip = "192.0.2.1",
        Search = "ünïcode \0 \"x\"",
    };

    private async Task<Actor> OwnerAsync()
    {
        var user = await app.CreateUserAsync();
        return new Actor
        {
            UserId = user.Id,
            Name = user.Email!,
            Via = AuthenticationMethod.Session,
            RolePermissions = Permissions.All,
            EffectivePermissions = Permissions.All,
        };
    }

    private Task<Result<SavedAuditView>> SaveAsync(Actor actor, string name, AuditQuery? query = null) =>
        app.RunAsync<SavedViews, Result<SavedAuditView>>(views =>
            views.SaveAsync(actor, new SaveViewRequest { Name = name }, query ?? Failures, default)
        );

    private Task<Result<SavedAuditView>> RenameAsync(Actor actor, Guid id, string name) =>
        app.RunAsync<SavedViews, Result<SavedAuditView>>(views =>
            views.RenameAsync(actor, id, new SaveViewRequest { Name = name }, default)
        );

    private Task<Result<Unit>> DeleteAsync(Actor actor, Guid id) =>
        app.RunAsync<SavedViews, Result<Unit>>(views => views.DeleteAsync(actor, id, default));

    private async Task<IReadOnlyList<SavedAuditView>> ListAsync(Actor actor) =>
        (await app.RunAsync<SavedViews, Result<Page<SavedAuditView>>>(views => views.ListAsync(actor, new PageQuery(), default)))
            .Value
            .Items;

    [Fact]
    public async Task A_view_is_saved_renamed_and_deleted_without_an_event()
    {
        var actor = await OwnerAsync();
        var watch = await app.WatchAsync();

        var saved = (await SaveAsync(actor, "  Failures ", Failures with { Before = 7, Limit = 3 })).Value;
        Assert.Equal([new SavedAuditView(saved.Id, "Failures", Failures)], await ListAsync(actor));
        await RenameAsync(actor, saved.Id, "failures");
        Assert.Equal("failures", Assert.Single(await ListAsync(actor)).Name);
        Assert.Null((await DeleteAsync(actor, saved.Id)).Refusal);

        Assert.Empty(await ListAsync(actor));
        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task A_name_is_private_and_unique_per_user()
    {
        var (ana, bob) = (await OwnerAsync(), await OwnerAsync());
        await SaveAsync(ana, "Mine");
        var other = (await SaveAsync(ana, "Other")).Value;

        Assert.Equal("duplicate_name", (await SaveAsync(ana, "MINE")).Refusal?.Code);
        Assert.Equal("duplicate_name", (await RenameAsync(ana, other.Id, "mine")).Refusal?.Code);
        Assert.Null((await SaveAsync(bob, "Mine")).Refusal);

        Assert.Equal(["Mine", "Other"], (await ListAsync(ana)).Select(view => view.Name));
    }

    [Fact]
    public async Task Another_users_view_is_not_found()
    {
        var (ana, bob) = (await OwnerAsync(), await OwnerAsync());
        var view = (await SaveAsync(ana, "Mine")).Value;

        Assert.Equal("not_found", (await RenameAsync(bob, view.Id, "Taken")).Refusal?.Code);
        Assert.Equal("not_found", (await DeleteAsync(bob, view.Id)).Refusal?.Code);

        Assert.Empty(await ListAsync(bob));
        Assert.Equal("Mine", Assert.Single(await ListAsync(ana)).Name);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("a\0b")]
    public async Task A_view_needs_a_name(string name) =>
        Assert.Equal("validation_failed", (await SaveAsync(await OwnerAsync(), name)).Refusal?.Code);

    [Fact]
    public async Task Names_and_filters_have_a_maximum_length()
    {
        var actor = await OwnerAsync();

        Assert.Equal("validation_failed", (await SaveAsync(actor, new string('n', 81))).Refusal?.Code);
        Assert.Equal("invalid_request", (await SaveAsync(actor, "n", new() { Search = new string('s', 5000) })).Refusal?.Code);
        Assert.Empty(await ListAsync(actor));
    }

    [Fact]
    public async Task Views_need_the_permission_to_read_the_log()
    {
        var actor = await OwnerAsync() with { EffectivePermissions = new HashSet<string> { Permissions.UsersRead } };

        Assert.Equal("forbidden", (await SaveAsync(actor, "n")).Refusal?.Code);
        Assert.Equal("unauthenticated", (await SaveAsync(Actor.Anonymous(), "n")).Refusal?.Code);
        Assert.Equal("unauthenticated", (await SaveAsync(TestData.System, "n")).Refusal?.Code);
    }

    [Fact]
    public async Task Concurrent_saves_respect_the_limit_and_unique_names()
    {
        var (many, one) = (await OwnerAsync(), await OwnerAsync());
        await Task.WhenAll(Enumerable.Range(0, SavedViews.MaxViews - 10).Select(number => SaveAsync(many, $"view {number}")));

        var late = await Task.WhenAll(Enumerable.Range(0, 32).Select(number => SaveAsync(many, $"late {number}")));
        var same = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => SaveAsync(one, "the same")));

        Assert.Equal(SavedViews.MaxViews, (await ListAsync(many)).Count);
        Assert.Equal(10, late.Count(result => result.Refusal is null));
        Assert.All(late.Where(result => result.Refusal is not null), result => Assert.Equal("too_many_views", result.Refusal!.Code));
        Assert.Single(same, result => result.Refusal is null);
        Assert.All(same.Where(result => result.Refusal is not null), result => Assert.Equal("duplicate_name", result.Refusal!.Code));
    }

    [Fact]
    public async Task Views_are_deleted_with_their_owner()
    {
        var actor = await OwnerAsync();
        await SaveAsync(actor, "Mine");
        using var admin = await app.SignInAdminAsync();

        (await admin.DeleteAsync($"/api/users/{actor.UserId}")).Is(204);

        Assert.Empty(await app.ReadAsync(db => Task.FromResult(db.SavedViews.Where(view => view.UserId == actor.UserId).ToList())));
    }

    public sealed class OnSqlite(SqliteApp app) : SavedViewTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : SavedViewTests(app), IClassFixture<PostgresApp>;
}
