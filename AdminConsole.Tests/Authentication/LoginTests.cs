using System.Text.Json;
using AdminConsole.Core.Contracts;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Authentication;

public abstract class LoginTests(AdminApp app)
{
    [Fact]
    public async Task Email_and_username_sign_in_in_any_case()
    {
        using var admin = await app.SignInAdminAsync();
        var (email, userName) = (TestData.Email(), TestData.Name("nick"));
        var user = (
            await admin.PostAsync(
                "/api/users",
                new
                {
                    email,
                    userName,
                    password = TestData.Password,
                }
            )
        ).Is(201).As<UserDetails>();

        foreach (var login in new[] { email, email.ToUpperInvariant(), userName, $" {userName} " })
        {
            using var caller = app.Anonymous();
            Assert.Equal(
                user.Id,
                (await caller.PostAsync("/api/auth/login", new { login, password = TestData.Password })).Is(200).As<Me>().Id
            );
        }
    }

    [Fact]
    public async Task The_response_describes_the_user_and_the_time_is_recorded()
    {
        var user = await app.CreateUserAsync(password: TestData.Password);
        using var caller = app.Anonymous();
        var watch = await app.WatchAsync();

        var me = (await caller.PostAsync("/api/auth/login", new { login = user.Email, password = TestData.Password })).Is(200).As<Me>();

        Assert.Equal(
            (user.Id, user.Email, "session", false, false),
            (me.Id, me.Email, me.AuthMethod, me.MustChangePassword, me.MfaEnabled)
        );
        Assert.Equal(["User"], me.Roles);
        Assert.Equal(["profile.read", "tokens.rotate"], me.Permissions);
        await watch.RecordedAsync("auth.signed_in");
        var signedIn = await app.ReadAsync(db => db.AuditEvents.OrderBy(entry => entry.Id).LastAsync());
        Assert.Equal(
            (user.Id, user.Email, "session", user.Id.ToString()),
            (signedIn.ActorId, signedIn.ActorName, signedIn.Via, signedIn.TargetId)
        );
        Assert.NotNull(signedIn.Ip);
        Assert.NotNull(signedIn.RequestId);
        Assert.NotNull((await app.ReadAsync(db => db.Users.SingleAsync(row => row.Id == user.Id))).LastSignInAt);
    }

    [Fact]
    public async Task Unknown_wrong_inactive_passwordless_and_locked_sign_ins_get_the_same_response()
    {
        var (wrong, locked, inactive) = (
            await app.CreateUserAsync(password: TestData.Password),
            await app.CreateUserAsync(password: TestData.Password),
            await app.CreateUserAsync(password: TestData.Password)
        );
        var without = await app.CreateUserAsync();
        using var admin = await app.SignInAdminAsync();
        (await admin.PostAsync($"/api/users/{inactive.Id}/deactivate")).Is(200);
        await app.Database.ExecuteAsync($"""DELETE FROM "SignInFailures" """);
        using var caller = app.Anonymous();
        for (var failure = 0; failure < 10; failure++)
        {
            await caller.PostAsync("/api/auth/login", new { login = locked.Email, password = TestData.NewPassword });
        }

        ApiResponse[] answers =
        [
            await caller.PostAsync("/api/auth/login", new { login = "nobody@example.com", password = TestData.Password }),
            await caller.PostAsync("/api/auth/login", new { login = wrong.Email, password = TestData.NewPassword }),
            await caller.PostAsync("/api/auth/login", new { login = inactive.Email, password = TestData.Password }),
            await caller.PostAsync("/api/auth/login", new { login = without.Email, password = TestData.Password }),
            await caller.PostAsync("/api/auth/login", new { login = locked.Email, password = TestData.Password }),
        ];

        Assert.All(answers, answer => answer.Refuses(401, "invalid_credentials"));
        Assert.Single(
            answers
                .Select(answer =>
                    (answer.Json.GetProperty("detail").GetString(), answer.Json.GetProperty("title").GetString(), answer.SetCookies.Count)
                )
                .Distinct()
        );
        var reasons = await app.ReadAsync(db =>
            db.AuditEvents.Where(entry => entry.Action == "auth.sign_in_failed")
                .OrderByDescending(entry => entry.Id)
                .Take(5)
                .Select(entry => entry.Details)
                .ToListAsync()
        );
        Assert.Equal(
            ["locked_out", "wrong_password", "inactive", "wrong_password", "unknown_user"],
            reasons.Select(details => JsonDocument.Parse(details!).RootElement.GetProperty("reason").GetString())
        );
    }

    [Fact]
    public async Task An_unknown_name_is_not_recorded()
    {
        using var caller = app.Anonymous();
        var watch = await app.WatchAsync();

        (await caller.PostAsync("/api/auth/login", new { login = "MyPassword-typed-here-7", password = "x" })).Refuses(
            401,
            "invalid_credentials"
        );

        await watch.OnlyRecordedAsync("auth.sign_in_failed");
        Assert.DoesNotContain(
            await app.Database.QueryAsync("""SELECT * FROM "AuditEvents" """),
            row => row.Contains("typed-here", StringComparison.OrdinalIgnoreCase)
        );
        Assert.DoesNotContain(
            await app.Database.QueryAsync("""SELECT * FROM "SignInBudgets" """),
            row => row.Contains("typed-here", StringComparison.OrdinalIgnoreCase)
        );
    }

    [Fact]
    public async Task Each_sign_in_creates_a_new_session_key_and_ends_the_previous_session()
    {
        var person = await app.SignedInUserAsync();
        var planted = person.Caller.SessionCookie!;

        (await person.Caller.PostAsync("/api/auth/login", new { login = person.Email, password = TestData.Password })).Is(200);

        Assert.NotEqual(planted, person.Caller.SessionCookie);
        using var old = app.Anonymous();
        (await old.GetAsync("/api/auth/me", ("Cookie", $"AdminConsole={planted}"))).Refuses(401, "unauthenticated");
        Assert.Equal(1, (await person.Caller.GetAsync("/api/sessions")).Is(200).As<Page<SessionSummary>>().Total);
    }

    [Fact]
    public async Task Without_remember_the_cookie_is_a_session_cookie()
    {
        var user = await app.CreateUserAsync(password: TestData.Password);
        using var caller = app.Anonymous();

        var answer = await caller.PostAsync("/api/auth/login", new { login = user.Email, password = TestData.Password });

        var cookie = Assert.Single(answer.Is(200).SetCookies, cookie => cookie.StartsWith("AdminConsole=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("expires", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("max-age", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Remember_makes_a_cookie_for_30_days()
    {
        var user = await app.CreateUserAsync(password: TestData.Password);
        using var caller = app.Anonymous();

        (
            await caller.PostAsync(
                "/api/auth/login",
                new
                {
                    login = user.Email,
                    password = TestData.Password,
                    remember = true,
                }
            )
        ).Is(200);

        var expires = caller.Cookies.GetCookies(caller.Root)["AdminConsole"]!.Expires;
        var days = (expires.ToUniversalTime() - app.Clock.GetUtcNow().UtcDateTime).TotalDays;
        Assert.InRange(days, 29.9, 30.1);
    }

    [Fact]
    public async Task The_session_key_is_not_stored_in_plain_text()
    {
        var person = await app.SignedInUserAsync();

        var rows = await app.Database.QueryAsync("""SELECT * FROM "Sessions" """);

        Assert.NotEmpty(rows);
        Assert.DoesNotContain(rows, row => row.Contains(person.Caller.SessionCookie!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Signing_out_always_works_and_ends_the_session()
    {
        var person = await app.SignedInUserAsync();
        var key = person.Caller.SessionCookie!;
        var watch = await app.WatchAsync();

        (await person.Caller.PostAsync("/api/auth/logout")).Is(204);
        (await person.Caller.PostAsync("/api/auth/logout")).Is(204);

        await watch.RecordedAsync("auth.signed_out");
        using var thief = app.Anonymous();
        (await thief.GetAsync("/api/auth/me", ("Cookie", $"AdminConsole={key}"))).Refuses(401, "unauthenticated");
    }

    [Fact]
    public async Task A_deactivated_users_cookie_is_refused_immediately()
    {
        var person = await app.SignedInUserAsync();
        using var admin = await app.SignInAdminAsync();

        (await admin.PostAsync($"/api/users/{person.Id}/deactivate", new { reason = "left" })).Is(200);

        (await person.Caller.GetAsync("/api/auth/me")).Refuses(401, "unauthenticated");
    }

    public sealed class OnSqlite(SqliteApp app) : LoginTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : LoginTests(app), IClassFixture<PostgresApp>;
}
