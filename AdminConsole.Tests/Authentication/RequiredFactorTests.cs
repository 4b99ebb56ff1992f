using AdminConsole.Core.Account;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Authentication;

public abstract class RequiredFactorTests(AdminApp app) : IAsyncLifetime
{
    private string role = "";

    public async ValueTask InitializeAsync()
    {
        role = await app.CreateRoleAsync("users.read");
        await RequireAsync(role);
    }

    public async ValueTask DisposeAsync() => await RequireAsync();

    private async Task RequireAsync(params string[] roles)
    {
        using var admin = await app.SignInAdminAsync();
        (
            await admin.SendAsync(
                HttpMethod.Put,
                "/api/settings",
                new SystemSettings { SecondFactorRoles = roles, SecondFactorGraceDays = 0 }
            )
        ).Is(200);
    }

    [Fact]
    public async Task A_user_with_the_role_and_no_factor_can_only_set_one_up()
    {
        var person = await app.SignedInUserAsync(role);

        foreach (var path in new[] { "/api/users", "/api/sessions", "/api/tokens" })
        {
            (await person.Caller.GetAsync(path)).Refuses(403, "mfa_enrolment_required");
        }

        (await person.Caller.PostAsync("/api/tokens", new { name = "x" })).Refuses(403, "mfa_enrolment_required");
        (await person.Caller.GetAsync("/api/auth/me")).Is(200);
        (
            await person.Caller.PostAsync(
                "/api/auth/password",
                new { currentPassword = TestData.Password, newPassword = TestData.NewPassword }
            )
        ).Is(204);
        Assert.Equal("/account/security", (await person.Caller.GetAsync("/users", ("Accept", "text/html"))).Is(302).Location);
        (await person.Caller.PostAsync("/api/auth/logout")).Is(204);
    }

    [Fact]
    public async Task With_a_factor_everything_works()
    {
        var person = await EnrolledUser.CreateAsync(app, role);
        using var caller = app.Anonymous();

        (await person.SignInAsync(caller, person.Code())).Is(200);

        (await caller.GetAsync("/api/users")).Is(200);
    }

    [Fact]
    public async Task Other_roles_do_not_require_a_factor()
    {
        var person = await app.SignedInUserAsync("Operator");

        (await person.Caller.GetAsync("/api/users")).Is(200);
    }

    [Fact]
    public async Task The_requirement_applies_to_open_sessions_immediately_and_not_to_tokens()
    {
        var later = await app.CreateRoleAsync("users.read");
        var person = await app.SignedInUserAsync(later);
        var token = (await person.Caller.PostAsync("/api/tokens", new { name = "Job", scopes = new[] { "users.read" } }))
            .Is(201)
            .As<CreatedToken>();
        (await person.Caller.GetAsync("/api/users")).Is(200);

        await RequireAsync(role, later);

        (await person.Caller.GetAsync("/api/users")).Refuses(403, "mfa_enrolment_required");
        using var program = app.Anonymous();
        (await program.GetAsync("/api/users", ("Authorization", $"Bearer {token.Token}"))).Is(200);
    }

    [Fact]
    public async Task The_requirement_follows_a_renamed_role_and_ends_with_a_deleted_one()
    {
        using var admin = await app.SignInAdminAsync();
        var person = await app.SignedInUserAsync(role);
        var renamed = TestData.Name("Renamed");
        var watch = await app.WatchAsync();

        (
            await admin.SendAsync(
                HttpMethod.Put,
                $"/api/roles/{role}",
                new
                {
                    name = renamed,
                    description = "",
                    permissions = new[] { "users.read" },
                }
            )
        ).Is(200);
        (await person.Caller.GetAsync("/api/users")).Refuses(403, "mfa_enrolment_required");
        Assert.Equal([renamed], (await admin.GetAsync("/api/settings")).As<SystemSettings>().SecondFactorRoles);
        (await admin.DeleteAsync($"/api/roles/{renamed}?moveTo=Operator")).Is(204);

        Assert.Empty((await admin.GetAsync("/api/settings")).As<SystemSettings>().SecondFactorRoles);
        (await person.Caller.GetAsync("/api/users")).Is(200);
        Assert.Equal(2, (await watch.EventsAsync()).Count(action => action == "settings.updated"));
    }

    [Fact]
    public async Task A_role_that_does_not_exist_is_refused()
    {
        using var admin = await app.SignInAdminAsync();
        var watch = await app.WatchAsync();

        (await admin.SendAsync(HttpMethod.Put, "/api/settings", new SystemSettings { SecondFactorRoles = ["Nobody"] })).Refuses(
            400,
            "unknown_role"
        );
        (await admin.SendAsync(HttpMethod.Put, "/api/settings", """{"secondFactorRoles": null}""")).Refuses(400, "invalid_request");
        (await admin.SendAsync(HttpMethod.Put, "/api/settings", """{"secondFactorRoles": [null]}""")).RefusesFields("secondFactorRoles");

        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task Setting_up_a_factor_lifts_the_restriction()
    {
        var person = await app.SignedInUserAsync(role);
        var actor = TestData.System with
        {
            UserId = person.Id,
            Name = person.Email,
            Via = "session",
            AuthenticatedAt = app.Clock.GetUtcNow(),
            MustEnrol = true,
        };
        var offer = (await app.RunAsync<OwnFactors, Result<AuthenticatorOffer>>(own => own.OfferAsync(actor, default))).Value;

        Assert.Null(
            (
                await app.RunAsync<OwnFactors, Result<IReadOnlyList<string>>>(own =>
                    own.ConfirmAsync(actor, offer, Totp.CodeOf(offer.Secret, Totp.StepAt(app.Clock.GetUtcNow())), default)
                )
            ).Refusal
        );

        (await person.Caller.GetAsync("/api/users")).Is(200);
        Assert.True(await app.ReadAsync(db => db.Users.AnyAsync(user => user.Id == person.Id && user.TwoFactorEnabled)));
    }

    public sealed class OnSqlite(SqliteApp app) : RequiredFactorTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : RequiredFactorTests(app), IClassFixture<PostgresApp>;
}
