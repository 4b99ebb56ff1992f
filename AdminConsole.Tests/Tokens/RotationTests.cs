using AdminConsole.Core.Contracts;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Tokens;

public abstract class RotationTests(AdminApp app)
{
    private const int Many = 32;

    private static async Task<string> StateAsync(ApiClient caller, Guid id) =>
        (await caller.GetAsync($"/api/tokens/{id}")).Is(200).As<TokenSummary>().State;

    [Fact]
    public async Task The_successor_has_the_name_and_scopes_and_the_old_token_is_revoked_immediately()
    {
        var person = await app.SignedInUserAsync("Operator");
        var old = await person.Caller.CreateTokenAsync("users.read", "audit.read");
        (await app.With(old.Token).MeAsync()).Is(200);
        var watch = await app.WatchAsync();

        var successor = (await person.Caller.RotateAsync(old.Id)).Is(201).As<CreatedToken>();

        Assert.Equal((old.Name, old.Id), (successor.Name, successor.RotatedFrom));
        Assert.Equal(old.Scopes, successor.Scopes);
        Assert.Equal(successor.CreatedAt.AddDays(90), successor.ExpiresAt);
        Assert.NotEqual(old.Prefix, successor.Prefix);
        (await app.With(successor.Token).GetAsync("/api/users")).Is(200);
        (await app.With(old.Token).MeAsync()).Refuses(401, "unauthenticated");
        Assert.Equal("rotated", await StateAsync(person.Caller, old.Id));
        await watch.RecordedAsync("token.rotated", "token.reuse_detected");
    }

    [Fact]
    public async Task Within_the_grace_period_both_tokens_work_and_afterwards_only_the_new_one()
    {
        await using var own = await AdminApp.StartAsync(app.Provider);
        await own.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        using var person = await own.SignInAdminAsync();
        var old = await person.CreateTokenAsync();

        var successor = (await person.RotateAsync(old.Id, new { overlapMinutes = 60 })).Is(201).As<CreatedToken>();
        (await own.With(old.Token).MeAsync()).Is(200);
        (await own.With(successor.Token).MeAsync()).Is(200);
        own.Clock.Advance(TimeSpan.FromMinutes(59));
        (await own.With(old.Token).MeAsync()).Is(200);
        own.Clock.Advance(TimeSpan.FromMinutes(1.1));

        (await own.With(old.Token).MeAsync()).Refuses(401, "unauthenticated");
        (await own.With(successor.Token).MeAsync()).Is(200);
    }

    [Fact]
    public async Task The_old_token_works_until_the_new_one_is_first_used()
    {
        var person = await app.SignedInUserAsync();
        var old = await person.Caller.CreateTokenAsync();
        (await app.With(old.Token).MeAsync()).Is(200);

        var successor = (await person.Caller.RotateAsync(old.Id, new { endOnFirstUse = true })).Is(201).As<CreatedToken>();
        (await app.With(old.Token).MeAsync()).Is(200);
        (await app.With(old.Token).MeAsync()).Is(200);
        (await app.With(successor.Token).MeAsync()).Is(200);

        (await app.With(old.Token).MeAsync()).Refuses(401, "unauthenticated");
        var summary = (await person.Caller.GetAsync($"/api/tokens/{old.Id}")).As<TokenSummary>();
        Assert.False(summary.EndsOnFirstUse);
        Assert.NotNull(summary.OverlapEndsAt);
    }

    [Fact]
    public async Task A_token_rotates_itself_with_the_scope_for_it()
    {
        var person = await app.SignedInUserAsync();
        var able = await person.Caller.CreateTokenAsync("tokens.rotate");
        var unable = await person.Caller.CreateTokenAsync("profile.read");

        var successor = (await app.With(able.Token).RotateAsync(new { overlapMinutes = 10 })).Is(201).As<CreatedToken>();

        (await app.With(successor.Token).MeAsync()).Is(200);
        (await app.With(able.Token).RotateAsync()).Refuses(409, "already_rotated");
        (await app.With(unable.Token).RotateAsync()).Refuses(403, "forbidden");
        (await person.Caller.PostAsync("/api/tokens/current/rotate", new { })).Refuses(400, "token_required");
        using var anonymous = app.Anonymous();
        (await anonymous.PostAsync("/api/tokens/current/rotate", new { })).Refuses(401, "unauthenticated");
    }

    [Theory]
    [InlineData("""{"overlapMinutes": -1}""")]
    [InlineData("""{"overlapMinutes": 1441}""")]
    public async Task A_grace_period_is_a_day_at_most(string body)
    {
        var person = await app.SignedInUserAsync();
        var token = await person.Caller.CreateTokenAsync();
        var watch = await app.WatchAsync();

        (await person.Caller.PostAsync($"/api/tokens/{token.Id}/rotate", body)).RefusesFields("overlapMinutes");
        (await person.Caller.RotateAsync(Guid.CreateVersion7())).Refuses(404, "not_found");

        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task Of_concurrent_rotations_one_succeeds()
    {
        for (var round = 0; round < 3; round++)
        {
            var person = await app.SignedInUserAsync();
            var token = await person.Caller.CreateTokenAsync();

            var answers = await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => person.Caller.RotateAsync(token.Id)));

            var winner = Assert.Single(answers, answer => answer.Status == 201).As<CreatedToken>();
            Assert.All(answers.Where(answer => answer.Status != 201), answer => answer.Refuses(409, "already_rotated"));
            Assert.Equal(2, await app.ReadAsync(db => db.PersonalAccessTokens.CountAsync(row => row.OwnerId == person.Id)));
            (await app.With(winner.Token).MeAsync()).Is(200);
        }
    }

    [Fact]
    public async Task Use_of_a_rotated_out_token_is_recorded_once_a_day_and_the_current_one_stays_valid()
    {
        await using var own = await AdminApp.StartAsync(app.Provider);
        await own.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        using var person = await own.SignInAdminAsync();
        var old = await person.CreateTokenAsync();
        var successor = (await person.RotateAsync(old.Id)).Is(201).As<CreatedToken>();
        var watch = await own.WatchAsync();

        await Task.WhenAll(
            Enumerable.Range(0, Many).Select(async _ => (await own.With(old.Token).MeAsync()).Refuses(401, "unauthenticated"))
        );
        await watch.RecordedAsync("token.reuse_detected");
        own.Clock.Advance(TimeSpan.FromHours(23));
        (await own.With(old.Token).MeAsync()).Refuses(401, "unauthenticated");
        await watch.RecordedAsync("token.reuse_detected");
        own.Clock.Advance(TimeSpan.FromHours(1.1));
        (await own.With(old.Token).MeAsync()).Refuses(401, "unauthenticated");

        await watch.RecordedAsync("token.reuse_detected", "token.reuse_detected");
        (await own.With(successor.Token).MeAsync()).Is(200);
        using var again = await own.SignInAdminAsync();
        Assert.NotNull((await again.GetAsync($"/api/tokens/{old.Id}")).As<TokenSummary>().ReuseDetectedAt);
    }

    [Fact]
    public async Task Rotating_a_rotated_out_token_revokes_its_lineage_once()
    {
        for (var round = 0; round < 3; round++)
        {
            var person = await app.SignedInUserAsync();
            var first = await person.Caller.CreateTokenAsync("tokens.rotate");
            var second = (await app.With(first.Token).RotateAsync()).Is(201).As<CreatedToken>();
            var third = (await app.With(second.Token).RotateAsync()).Is(201).As<CreatedToken>();
            var bystander = await person.Caller.CreateTokenAsync();
            (await app.With(third.Token).MeAsync()).Is(200);
            var watch = await app.WatchAsync();

            var answers = await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => app.With(first.Token).RotateAsync()));

            Assert.All(answers, answer => answer.Refuses(401, "unauthenticated"));
            (await app.With(third.Token).MeAsync()).Refuses(401, "unauthenticated");
            foreach (var token in new[] { first, second, third })
            {
                Assert.Equal("revoked", await StateAsync(person.Caller, token.Id));
            }

            (await app.With(bystander.Token).MeAsync()).Is(200);
            Assert.Equal(["token.reuse_detected", "token.revoked", "token.revoked"], (await watch.EventsAsync()).Order());
        }
    }

    [Fact]
    public async Task A_lineage_that_is_revoked_during_a_rotation_has_no_valid_token()
    {
        for (var round = 0; round < 5; round++)
        {
            var person = await app.SignedInUserAsync();
            var first = await person.Caller.CreateTokenAsync("tokens.rotate");
            var second = (await app.With(first.Token).RotateAsync()).Is(201).As<CreatedToken>();

            await Task.WhenAll(
                Enumerable
                    .Range(0, Many)
                    .Select(number =>
                        number % 2 == 0
                            ? app.With(first.Token).RotateAsync()
                            : app.With(second.Token).RotateAsync(new { overlapMinutes = 5 })
                    )
            );

            Assert.Equal(
                0,
                await app.ReadAsync(db =>
                    db.PersonalAccessTokens.CountAsync(token => token.OwnerId == person.Id && token.RevokedAt == null)
                )
            );
        }
    }

    public sealed class OnSqlite(SqliteApp app) : RotationTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : RotationTests(app), IClassFixture<PostgresApp>;
}
