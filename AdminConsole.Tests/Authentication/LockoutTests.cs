using AdminConsole.Core.Contracts;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Authentication;

public abstract class LockoutTests(AdminApp app)
{
    private readonly ApiClient caller = app.Anonymous();

    private Task<ApiResponse> TryAsync(UserDetails user, string password) => TryAsync(caller, user, password);

    // On a slow machine, part of a burst gets "busy" and retries, as a browser would.
    private static async Task<ApiResponse> TryAsync(ApiClient caller, UserDetails user, string password)
    {
        while (true)
        {
            var answer = await caller.PostAsync("/api/auth/login", new { login = user.Email, password });
            if (answer.Status != 503)
            {
                return answer;
            }

            answer.Refuses(503, "busy");
            Assert.Equal("1", Assert.Single(answer.Headers["Retry-After"]));
        }
    }

    private async Task FailAsync(UserDetails user, int times)
    {
        for (var failure = 0; failure < times; failure++)
        {
            (await TryAsync(user, TestData.NewPassword)).Refuses(401, "invalid_credentials");
        }
    }

    private Task<List<string?>> ReasonsAsync(UserDetails user) =>
        app.ReadAsync(db =>
            db.AuditEvents.Where(entry => entry.Action == "auth.sign_in_failed" && entry.TargetId == user.Id.ToString())
                .OrderBy(entry => entry.Id)
                .Select(entry => entry.Details)
                .ToListAsync()
        );

    private Task<AppUser> RowAsync(UserDetails user) => app.ReadAsync(db => db.Users.AsNoTracking().SingleAsync(row => row.Id == user.Id));

    [Fact]
    public async Task Nine_failures_leave_the_account_open()
    {
        var user = await app.CreateUserAsync(password: TestData.Password);

        await FailAsync(user, 9);

        (await TryAsync(user, TestData.Password)).Is(200);
    }

    [Fact]
    public async Task The_tenth_failure_locks_for_15_minutes_and_is_recorded_once()
    {
        var user = await app.CreateUserAsync(password: TestData.Password);

        await FailAsync(user, 12);

        (await TryAsync(user, TestData.Password)).Refuses(401, "invalid_credentials");
        Assert.InRange(((await RowAsync(user)).LockoutEnd - app.Clock.GetUtcNow())!.Value.TotalMinutes, 14, 15);
        Assert.Equal(
            1,
            await app.ReadAsync(db =>
                db.AuditEvents.CountAsync(entry => entry.Action == "auth.locked_out" && entry.TargetId == user.Id.ToString())
            )
        );
        app.Clock.Advance(TimeSpan.FromMinutes(15.1));
        (await TryAsync(user, TestData.Password)).Is(200);
    }

    [Fact]
    public async Task Failures_expire_after_15_minutes()
    {
        var user = await app.CreateUserAsync(password: TestData.Password);
        await FailAsync(user, 9);
        app.Clock.Advance(TimeSpan.FromMinutes(15.1));

        await FailAsync(user, 9);

        (await TryAsync(user, TestData.Password)).Is(200);
    }

    [Fact]
    public async Task No_window_of_15_minutes_has_more_than_10_guesses()
    {
        var user = await app.CreateUserAsync(password: TestData.Password);
        await FailAsync(user, 1);
        app.Clock.Advance(TimeSpan.FromMinutes(14));
        await FailAsync(user, 8);
        app.Clock.Advance(TimeSpan.FromMinutes(2));

        await FailAsync(user, 4);

        Assert.Equal(11, (await ReasonsAsync(user)).Count(details => details!.Contains("wrong_password", StringComparison.Ordinal)));
        Assert.NotNull((await RowAsync(user)).LockoutEnd);
    }

    [Fact]
    public async Task A_known_browser_has_its_own_budget()
    {
        var person = await app.SignedInUserAsync();
        using var stranger = app.Anonymous();
        for (var failure = 0; failure < 12; failure++)
        {
            (await TryAsync(stranger, person.User, TestData.NewPassword)).Refuses(401, "invalid_credentials");
        }

        (await TryAsync(stranger, person.User, TestData.Password)).Refuses(401, "invalid_credentials");
        (await TryAsync(person.Caller, person.User, TestData.Password)).Is(200);

        for (var failure = 0; failure < 10; failure++)
        {
            (await TryAsync(person.Caller, person.User, TestData.NewPassword)).Refuses(401, "invalid_credentials");
        }

        (await TryAsync(person.Caller, person.User, TestData.Password)).Refuses(401, "invalid_credentials");
        app.Clock.Advance(TimeSpan.FromMinutes(15.1));
        (await TryAsync(person.Caller, person.User, TestData.Password)).Is(200);
    }

    [Fact]
    public async Task Unlocking_clears_the_failures_of_known_browsers_too()
    {
        var person = await app.SignedInUserAsync();
        for (var failure = 0; failure < 10; failure++)
        {
            (await TryAsync(person.Caller, person.User, TestData.NewPassword)).Refuses(401, "invalid_credentials");
        }

        (await TryAsync(person.Caller, person.User, TestData.Password)).Refuses(401, "invalid_credentials");
        using var admin = await app.SignInAdminAsync();

        (await admin.PostAsync($"/api/users/{person.User.Id}/unlock")).Is(200);

        (await TryAsync(person.Caller, person.User, TestData.Password)).Is(200);
        Assert.Equal(
            1,
            await app.ReadAsync(db =>
                db.AuditEvents.CountAsync(entry => entry.Action == "auth.locked_out" && entry.TargetId == person.User.Id.ToString())
            )
        );
    }

    [Fact]
    public async Task A_browser_known_to_another_user_is_unknown()
    {
        var (person, victim) = (await app.SignedInUserAsync(), await app.CreateUserAsync(password: TestData.Password));
        await FailAsync(victim, 5);

        for (var failure = 0; failure < 5; failure++)
        {
            (await TryAsync(person.Caller, victim, TestData.NewPassword)).Refuses(401, "invalid_credentials");
        }

        (await TryAsync(victim, TestData.Password)).Refuses(401, "invalid_credentials");
    }

    [Fact]
    public async Task Of_32_concurrent_guesses_at_most_10_are_checked()
    {
        for (var round = 0; round < 2; round++)
        {
            var user = await app.CreateUserAsync(password: TestData.Password);

            var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => TryAsync(user, TestData.NewPassword)));

            Assert.All(answers, answer => answer.Refuses(401, "invalid_credentials"));
            var reasons = await ReasonsAsync(user);
            Assert.Equal(10, reasons.Count(details => details!.Contains("wrong_password", StringComparison.Ordinal)));
            Assert.Equal(
                32,
                reasons.Count(details =>
                    details!.Contains("wrong_password", StringComparison.Ordinal)
                    || details.Contains("locked_out", StringComparison.Ordinal)
                )
            );
            Assert.NotNull((await RowAsync(user)).LockoutEnd);
        }
    }

    [Fact]
    public async Task A_correct_password_in_a_burst_beyond_the_budget_is_refused()
    {
        var user = await app.CreateUserAsync(password: TestData.Password);
        await FailAsync(user, 10);

        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => TryAsync(user, TestData.Password)));

        Assert.All(answers, answer => answer.Refuses(401, "invalid_credentials"));
    }

    [Fact]
    public async Task Concurrent_correct_sign_ins_all_succeed()
    {
        var user = await app.CreateUserAsync(password: TestData.Password);

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 32)
                .Select(async _ =>
                {
                    using var own = app.Anonymous();
                    return await TryAsync(own, user, TestData.Password);
                })
        );

        Assert.All(answers, answer => answer.Is(200));
        Assert.Null((await RowAsync(user)).LockoutEnd);
    }

    [Fact]
    public async Task A_lockout_does_not_affect_an_open_session()
    {
        var person = await app.SignedInUserAsync();

        await FailAsync(person.User, 10);

        (await person.Caller.GetAsync("/api/auth/me")).Is(200);
        (await person.Caller.GetAsync("/api/sessions")).Is(200);
    }

    [Fact]
    public async Task Failed_reauthentications_and_password_changes_count_too()
    {
        var person = await app.SignedInUserAsync();

        for (var failure = 0; failure < 5; failure++)
        {
            (await person.Caller.PostAsync("/api/auth/reauthenticate", new { password = TestData.NewPassword })).Refuses(
                401,
                "invalid_credentials"
            );
            (
                await person.Caller.PostAsync(
                    "/api/auth/password",
                    new { currentPassword = "not it at all 1", newPassword = TestData.NewPassword }
                )
            ).Refuses(401, "invalid_credentials");
        }

        (await TryAsync(person.Caller, person.User, TestData.Password)).Refuses(401, "invalid_credentials");
        (await person.Caller.PostAsync("/api/auth/reauthenticate", new { password = TestData.Password })).Refuses(
            401,
            "invalid_credentials"
        );
    }

    [Fact]
    public async Task An_administrator_unlocks_an_account()
    {
        var user = await app.CreateUserAsync(password: TestData.Password);
        await FailAsync(user, 10);
        using var admin = await app.SignInAdminAsync();
        Assert.NotNull((await admin.GetAsync($"/api/users/{user.Id}")).Is(200).As<UserDetails>().LockedOutUntil);
        var watch = await app.WatchAsync();

        var unlocked = (await admin.PostAsync($"/api/users/{user.Id}/unlock")).Is(200).As<UserDetails>();

        Assert.Null(unlocked.LockedOutUntil);
        await watch.RecordedAsync("user.unlocked");
        (await TryAsync(user, TestData.Password)).Is(200);
    }

    public sealed class OnSqlite(SqliteApp app) : LockoutTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : LockoutTests(app), IClassFixture<PostgresApp>;
}
