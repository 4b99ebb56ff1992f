using AdminConsole.Core.Account;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;

namespace AdminConsole.Tests.Account;

public abstract class ProfileTests(AdminApp app)
{
    private Task<Result<UserDetails>> RenameAsync(Actor actor, string displayName, string userName) =>
        app.RunAsync<OwnProfile, Result<UserDetails>>(profile => profile.RenameAsync(actor, displayName, userName, default));

    // Creates a user with the permission to change usernames, including their own.
    private async Task<UserDetails> ManagerAsync() =>
        await app.CreateUserAsync(null, TestData.Password, await app.CreateRoleAsync("users.credentials"));

    private Actor Fresh(UserDetails user) => As(user) with { AuthenticatedAt = app.Clock.GetUtcNow() };

    private static Actor As(UserDetails user) =>
        Actor.Anonymous() with
        {
            UserId = user.Id,
            Name = user.Email!,
            Via = AuthenticationMethod.Session,
        };

    [Fact]
    public async Task A_user_reads_their_own_profile_only()
    {
        var user = await app.CreateUserAsync(password: TestData.Password);

        var seen = await app.RunAsync<OwnProfile, Result<UserDetails>>(profile => profile.GetAsync(As(user), default));
        var unseen = await app.RunAsync<OwnProfile, Result<UserDetails>>(profile =>
            profile.GetAsync(As(user) with { Via = AuthenticationMethod.Token }, default)
        );

        Assert.Equal(user.Email, seen.Value.Email);
        Assert.Equal("interactive_required", unseen.Refusal?.Code);
    }

    [Fact]
    public async Task A_user_changes_their_display_name()
    {
        var user = await ManagerAsync();
        var watch = await app.WatchAsync();

        var renamed = await RenameAsync(Fresh(user), "  Ana Lima ", "ana.lima");

        Assert.Equal(("Ana Lima", "ana.lima", user.Email), (renamed.Value.DisplayName, renamed.Value.UserName, renamed.Value.Email));
        await watch.RecordedAsync("user.updated");
    }

    [Fact]
    public async Task A_username_is_changed_by_administrators_and_a_display_name_by_its_user()
    {
        var (user, manager) = (await app.CreateUserAsync(password: TestData.Password), await ManagerAsync());

        Assert.Null((await RenameAsync(As(user), "Ana Lima", user.UserName)).Refusal);
        Assert.Equal("forbidden", (await RenameAsync(Fresh(user), "Ana Lima", TestData.Name())).Refusal?.Code);
        Assert.Equal(
            "fresh_sign_in_required",
            (await RenameAsync(As(manager) with { AuthenticatedAt = app.Clock.GetUtcNow().AddHours(-1) }, "Ana Lima", TestData.Name()))
                .Refusal
                ?.Code
        );
        Assert.Null((await RenameAsync(Fresh(manager), "Ana Lima", TestData.Name())).Refusal);
    }

    [Theory]
    [InlineData("", "fine", "validation_failed")]
    [InlineData("Ana", "not fine!", "validation_failed")]
    [InlineData("Ana", "admin@example.com", "validation_failed")]
    public async Task Invalid_names_change_nothing(string displayName, string userName, string code)
    {
        var user = await app.CreateUserAsync(password: TestData.Password);
        var watch = await app.WatchAsync();

        var refused = await RenameAsync(As(user), displayName, userName);

        Assert.Equal(code, refused.Refusal?.Code);
        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task A_taken_name_a_token_and_an_anonymous_caller_are_refused()
    {
        var (first, second) = (await ManagerAsync(), await ManagerAsync());
        var name = TestData.Name();
        await RenameAsync(Fresh(first), "First", name);
        var watch = await app.WatchAsync();

        Assert.Equal("duplicate_user_name", (await RenameAsync(Fresh(second), "Second", name)).Refusal?.Code);
        Assert.Equal(
            "interactive_required",
            (await RenameAsync(As(second) with { Via = AuthenticationMethod.Token }, "Second", "other")).Refusal?.Code
        );
        Assert.Equal("unauthenticated", (await RenameAsync(Actor.Anonymous(), "Second", "other")).Refusal?.Code);

        await watch.NothingHappenedAsync();
    }

    public sealed class OnSqlite(SqliteApp app) : ProfileTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : ProfileTests(app), IClassFixture<PostgresApp>;
}
