using AdminConsole.Core.Contracts;
using AdminConsole.Core.System;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Sessions;

public abstract class SessionTests(AdminApp app)
{
    private static async Task<IReadOnlyList<SessionSummary>> ListAsync(ApiClient caller) =>
        (await caller.GetAsync("/api/sessions")).Is(200).As<Page<SessionSummary>>().Items;

    [Fact]
    public async Task The_list_has_the_callers_sessions_and_marks_the_current_one()
    {
        var person = await app.SignedInUserAsync();
        using var elsewhere = await app.SignInAsync(person.Email, remember: true);
        await app.SignedInUserAsync();

        var sessions = await ListAsync(person.Caller);

        Assert.Equal(2, sessions.Count);
        var current = Assert.Single(sessions, session => session.Current);
        Assert.Equal((false, "password", "127.0.0.1"), (current.Remember, current.Method, current.Ip));
        Assert.Equal(current.CreatedAt.AddHours(8), current.ExpiresAt);
        var remembered = Assert.Single(sessions, session => session.Remember);
        Assert.Equal(remembered.CreatedAt.AddDays(30), remembered.ExpiresAt);
        Assert.Equal(remembered.Id, Assert.Single(await ListAsync(elsewhere), session => session.Current).Id);
    }

    [Fact]
    public async Task Ending_one_session_keeps_the_others()
    {
        var person = await app.SignedInUserAsync();
        using var elsewhere = await app.SignInAsync(person.Email);
        var other = (await ListAsync(person.Caller)).Single(session => !session.Current);
        var watch = await app.WatchAsync();

        (await person.Caller.DeleteAsync($"/api/sessions/{other.Id}")).Is(204);

        (await elsewhere.GetAsync("/api/auth/me")).Refuses(401, "unauthenticated");
        (await person.Caller.GetAsync("/api/auth/me")).Is(200);
        await watch.RecordedAsync("session.ended");
        (await person.Caller.DeleteAsync($"/api/sessions/{other.Id}")).Refuses(404, "not_found");
    }

    [Fact]
    public async Task Another_users_session_is_not_found()
    {
        var (owner, stranger) = (await app.SignedInUserAsync(), await app.SignedInUserAsync());
        var theirs = (await ListAsync(owner.Caller)).Single();
        var watch = await app.WatchAsync();

        (await stranger.Caller.DeleteAsync($"/api/sessions/{theirs.Id}")).Refuses(404, "not_found");

        await watch.NothingHappenedAsync();
        (await owner.Caller.GetAsync("/api/auth/me")).Is(200);
    }

    [Fact]
    public async Task Ending_all_others_keeps_the_current_session()
    {
        var (person, bystander) = (await app.SignedInUserAsync(), await app.SignedInUserAsync());
        using var one = await app.SignInAsync(person.Email);
        using var two = await app.SignInAsync(person.Email);
        var watch = await app.WatchAsync();

        (await person.Caller.DeleteAsync("/api/sessions")).Is(204);

        (await one.GetAsync("/api/auth/me")).Refuses(401, "unauthenticated");
        (await two.GetAsync("/api/auth/me")).Refuses(401, "unauthenticated");
        Assert.True(Assert.Single(await ListAsync(person.Caller)).Current);
        (await bystander.Caller.GetAsync("/api/auth/me")).Is(200);
        await watch.RecordedAsync("session.ended", "session.ended");
    }

    [Fact]
    public async Task An_anonymous_caller_cannot_list_sessions()
    {
        using var caller = app.Anonymous();
        var watch = await app.WatchAsync();

        (await caller.GetAsync("/api/sessions")).Refuses(401, "unauthenticated");
        (await caller.DeleteAsync("/api/sessions")).Refuses(401, "unauthenticated");
        (await caller.DeleteAsync($"/api/sessions/{Guid.CreateVersion7()}")).Refuses(401, "unauthenticated");

        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task A_used_session_slides_and_an_unused_one_ends_after_8_hours()
    {
        var person = await app.SignedInUserAsync();

        app.Clock.Advance(TimeSpan.FromHours(7));
        (await person.Caller.GetAsync("/api/auth/me")).Is(200);
        app.Clock.Advance(TimeSpan.FromHours(7));
        (await person.Caller.GetAsync("/api/auth/me")).Is(200);
        app.Clock.Advance(TimeSpan.FromHours(8.1));

        (await person.Caller.GetAsync("/api/auth/me")).Refuses(401, "unauthenticated");
    }

    [Fact]
    public async Task A_remembered_session_ends_after_30_days_however_much_it_is_used()
    {
        var user = await app.CreateUserAsync(password: TestData.Password);
        using var caller = await app.SignInAsync(user.Email!, remember: true);

        app.Clock.Advance(TimeSpan.FromDays(29));
        (await caller.GetAsync("/api/auth/me")).Is(200);
        app.Clock.Advance(TimeSpan.FromDays(1.1));

        (await caller.GetAsync("/api/auth/me")).Refuses(401, "unauthenticated");
    }

    [Fact]
    public async Task Expired_sessions_are_purged()
    {
        var person = await app.SignedInUserAsync();
        app.Clock.Advance(TimeSpan.FromHours(8.1));
        using var still = await app.SignInAsync(person.Email);

        await app.Services.GetRequiredService<Housekeeping>().RunOnceAsync(default);

        Assert.Equal(1, await app.ReadAsync(db => db.Sessions.CountAsync(session => session.UserId == person.Id)));
        (await still.GetAsync("/api/auth/me")).Is(200);
    }

    [Fact]
    public async Task A_tampered_session_key_is_refused()
    {
        var person = await app.SignedInUserAsync();
        using var forger = app.Anonymous();

        var answer = await forger.GetAsync("/api/auth/me", ("Cookie", $"AdminConsole={person.Caller.SessionCookie![..^4]}AAAA"));

        answer.Refuses(401, "unauthenticated");
    }

    public sealed class OnSqlite(SqliteApp app) : SessionTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : SessionTests(app), IClassFixture<PostgresApp>;
}
