using System.Text.Json;
using AdminConsole.Core.Contracts;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Users;

public abstract class UserTests(AdminApp app)
{
    private Task<string?> LastDetailsAsync(string action) =>
        app.ReadAsync(db =>
            db.AuditEvents.Where(entry => entry.Action == action)
                .OrderByDescending(entry => entry.Id)
                .Select(entry => entry.Details)
                .FirstOrDefaultAsync()
        );

    [Fact]
    public async Task A_new_user_has_defaults_and_a_location()
    {
        using var admin = await app.SignInAdminAsync();
        var watch = await app.WatchAsync();

        var answer = (await admin.PostAsync("/api/users", new { email = "Grete.Default@example.com" })).Is(201);

        var user = answer.As<UserDetails>();
        Assert.Equal($"/api/users/{user.Id}", answer.Location);
        Assert.Equal(
            ("Grete.Default@example.com", "Grete.Default@example.com", "Grete.Default"),
            (user.Email, user.UserName, user.DisplayName)
        );
        Assert.Equal((true, false, false, false), (user.Active, user.HasPassword, user.MustChangePassword, user.MfaEnabled));
        Assert.Equal(["User"], user.Roles);
        Assert.Equal(7, user.Id.Version);
        Assert.Equal(user.Id, (await admin.GetAsync(answer.Location!)).Is(200).As<UserDetails>().Id);
        await watch.RecordedAsync("user.created");
    }

    [Fact]
    public async Task A_user_without_a_password_cannot_sign_in_yet()
    {
        var user = await app.CreateUserAsync();
        using var caller = app.Anonymous();

        (await caller.PostAsync("/api/auth/login", new { login = user.Email, password = TestData.Password })).Refuses(
            401,
            "invalid_credentials"
        );
    }

    [Fact]
    public async Task A_taken_email_or_username_in_any_case_is_a_conflict()
    {
        var (email, userName) = (TestData.Email(), TestData.Name("taken"));
        using var admin = await app.SignInAdminAsync();
        (await admin.PostAsync("/api/users", new { email, userName })).Is(201);
        var watch = await app.WatchAsync();

        (await admin.PostAsync("/api/users", new { email = email.ToUpperInvariant() })).Refuses(409, "duplicate_email");
        (await admin.PostAsync("/api/users", new { email = TestData.Email(), userName = userName.ToUpperInvariant() })).Refuses(
            409,
            "duplicate_user_name"
        );

        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task Of_32_concurrent_creations_with_one_email_one_succeeds()
    {
        using var admin = await app.SignInAdminAsync();
        var email = TestData.Email();
        var watch = await app.WatchAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => admin.PostAsync("/api/users", new { email })));

        Assert.Single(answers, answer => answer.Status == 201);
        Assert.All(answers.Where(answer => answer.Status != 201), answer => answer.Refuses(409, "duplicate_email"));
        await watch.RecordedAsync("user.created");
    }

    [Theory]
    [InlineData("""{}""", "email")]
    [InlineData("""{"email": ""}""", "email")]
    [InlineData("""{"email": "no address"}""", "email")]
    [InlineData("""{"email": "a@b@c"}""", "email")]
    [InlineData("""{"email": "Name <a@example.com>"}""", "email")]
    [InlineData("""{"email": "ok@example.com", "userName": "some body"}""", "userName")]
    [InlineData("""{"email": "ok@example.com", "userName": "admin@example.com"}""", "userName")]
    [InlineData("""{"email": "ok@example.com", "displayName": "two\nlines"}""", "displayName")]
    [InlineData("""{"email": "ok@example.com", "password": "short1"}""", "password")]
    public async Task Malformed_input_creates_no_user(string body, string field)
    {
        using var admin = await app.SignInAdminAsync();
        var watch = await app.WatchAsync();

        (await admin.PostAsync("/api/users", body)).RefusesFields(field);

        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task Texts_have_their_limits()
    {
        using var admin = await app.SignInAdminAsync();
        var watch = await app.WatchAsync();

        (await admin.PostAsync("/api/users", new { email = new string('a', 250) + "@example.com" })).RefusesFields("email");
        (await admin.PostAsync("/api/users", new { email = TestData.Email(), userName = new string('a', 101) })).RefusesFields("userName");
        (await admin.PostAsync("/api/users", new { email = TestData.Email(), displayName = new string('a', 201) })).RefusesFields(
            "displayName"
        );

        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task An_unknown_role_creates_no_user()
    {
        using var admin = await app.SignInAdminAsync();
        var watch = await app.WatchAsync();

        (await admin.PostAsync("/api/users", new { email = TestData.Email(), roles = new[] { "User", "Emperor" } })).Refuses(
            400,
            "unknown_role"
        );

        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task Only_given_fields_change_and_the_event_has_old_and_new_values()
    {
        using var admin = await app.SignInAdminAsync();
        var user = (await admin.PostAsync("/api/users", new { email = TestData.Email(), displayName = "Old Name" }))
            .Is(201)
            .As<UserDetails>();
        var watch = await app.WatchAsync();

        var changed = (await admin.PatchAsync($"/api/users/{user.Id}", new { displayName = "New Name" })).Is(200).As<UserDetails>();

        Assert.Equal(user with { DisplayName = "New Name", UpdatedAt = changed.UpdatedAt, Roles = changed.Roles }, changed);
        Assert.True(changed.UpdatedAt > user.UpdatedAt);
        await watch.RecordedAsync("user.updated");
        Assert.Equal("""{"changes":[{"field":"displayName","old":"Old Name","new":"New Name"}]}""", await LastDetailsAsync("user.updated"));
    }

    [Fact]
    public async Task A_username_equal_to_the_email_follows_it()
    {
        using var admin = await app.SignInAdminAsync();
        var user = await app.CreateUserAsync();
        var email = TestData.Email("moved");

        var changed = (await admin.PatchAsync($"/api/users/{user.Id}", new { email })).Is(200).As<UserDetails>();

        Assert.Equal((email, email), (changed.Email, changed.UserName));
    }

    [Fact]
    public async Task A_change_that_changes_nothing_leaves_no_event()
    {
        using var admin = await app.SignInAdminAsync();
        var user = await app.CreateUserAsync();
        var watch = await app.WatchAsync();

        (
            await admin.PatchAsync(
                $"/api/users/{user.Id}",
                new
                {
                    displayName = user.DisplayName,
                    active = true,
                    roles = new[] { "User" },
                }
            )
        ).Is(200);
        (await admin.PatchAsync($"/api/users/{user.Id}", new { })).Is(200);
        (await admin.PostAsync($"/api/users/{user.Id}/activate")).Is(200);

        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task A_refused_change_leaves_nothing_of_its_other_parts()
    {
        using var admin = await app.SignInAdminAsync();
        var (user, other) = (await app.CreateUserAsync(), await app.CreateUserAsync());
        var watch = await app.WatchAsync();

        (await admin.PatchAsync($"/api/users/{user.Id}", new { displayName = "Half done", roles = new[] { "Emperor" } })).Refuses(
            400,
            "unknown_role"
        );
        (await admin.PatchAsync($"/api/users/{user.Id}", new { email = other.Email })).Refuses(409, "duplicate_email");
        (await admin.PatchAsync($"/api/users/{user.Id}", new { userName = other.UserName, active = false })).Refuses(
            400,
            "validation_failed"
        );
        (await admin.PatchAsync($"/api/users/{user.Id}", new { email = "no address" })).RefusesFields("email");

        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task Deactivating_records_who_when_and_why_and_ends_the_sessions()
    {
        using var admin = await app.SignInAdminAsync();
        var person = await app.SignedInUserAsync();
        var watch = await app.WatchAsync();

        var user = (await admin.PostAsync($"/api/users/{person.Id}/deactivate", new { reason = " on leave " })).Is(200).As<UserDetails>();

        Assert.Equal((false, "on leave", TestData.AdminEmail), (user.Active, user.DeactivatedReason, user.DeactivatedBy!.Name));
        Assert.NotNull(user.DeactivatedAt);
        (await person.Caller.GetAsync("/api/auth/me")).Refuses(401, "unauthenticated");
        Assert.Contains("user.deactivated", await watch.EventsAsync());
        using (var details = JsonDocument.Parse((await LastDetailsAsync("user.deactivated"))!))
        {
            Assert.Equal("on leave", details.RootElement.GetProperty("reason").GetString());
        }

        var back = (await admin.PostAsync($"/api/users/{person.Id}/activate")).Is(200).As<UserDetails>();
        Assert.Equal((true, null, null), (back.Active, back.DeactivatedReason, back.DeactivatedBy));
        (await person.Caller.GetAsync("/api/auth/me")).Refuses(401, "unauthenticated");
    }

    [Fact]
    public async Task Patching_active_equals_activate_and_deactivate()
    {
        using var admin = await app.SignInAdminAsync();
        var user = await app.CreateUserAsync();
        var watch = await app.WatchAsync();

        Assert.False((await admin.PatchAsync($"/api/users/{user.Id}", new { active = false })).Is(200).As<UserDetails>().Active);
        Assert.True((await admin.PatchAsync($"/api/users/{user.Id}", new { active = true })).Is(200).As<UserDetails>().Active);

        await watch.RecordedAsync("user.deactivated", "user.activated");
    }

    [Fact]
    public async Task Deleting_removes_the_user_and_the_event_keeps_the_name()
    {
        using var admin = await app.SignInAdminAsync();
        var person = await app.SignedInUserAsync();
        var watch = await app.WatchAsync();

        (await admin.DeleteAsync($"/api/users/{person.Id}")).Is(204);

        (await admin.GetAsync($"/api/users/{person.Id}")).Refuses(404, "not_found");
        (await admin.DeleteAsync($"/api/users/{person.Id}")).Refuses(404, "not_found");
        (await person.Caller.GetAsync("/api/auth/me")).Refuses(401, "unauthenticated");
        Assert.Contains("user.deleted", await watch.EventsAsync());
        Assert.Equal(
            person.Email,
            (
                await app.ReadAsync(db =>
                    db.AuditEvents.SingleAsync(entry => entry.Action == "user.deleted" && entry.TargetId == person.Id.ToString())
                )
            ).TargetName
        );
        Assert.Equal(0, await app.ReadAsync(db => db.Sessions.CountAsync(session => session.UserId == person.Id)));
    }

    public sealed class OnSqlite(SqliteApp app) : UserTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : UserTests(app), IClassFixture<PostgresApp>;
}
