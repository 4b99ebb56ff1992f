using AdminConsole.Core.Authentication;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using AdminConsole.Tests.Tokens;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Authentication;

public abstract class AdminRecoveryTests(AdminApp app)
{
    [Fact]
    public async Task A_locked_out_user_is_recovered_as_administrator()
    {
        using var admin = await app.SignInAdminAsync();
        var person = await app.SignedInUserAsync();
        await GiveFactorsAsync(person.Id);
        await person.Caller.CreateTokenAsync();
        Assert.Equal(
            new AccountAccess(1, 0, 1),
            await app.RunAsync<AdminRecovery, AccountAccess>(recovery => recovery.PreviewAsync(person.Email.ToUpperInvariant(), default))
        );
        (await admin.PostAsync($"/api/users/{person.Id}/deactivate")).Is(200);
        var watch = await app.WatchAsync();

        var recovered = (await RecoverAsync(person.Email.ToUpperInvariant())).Value;

        await watch.RecordedAsync("admin.recovered", "user.password_reset_requested");
        Assert.Equal((false, 1), (recovered.Created, recovered.Ended.Tokens));
        using var caller = app.Anonymous();
        (
            await caller.PostAsync(
                "/api/auth/reset-password",
                new
                {
                    email = person.Email,
                    token = recovered.Reset.Secret,
                    newPassword = TestData.NewPassword,
                }
            )
        ).Is(204);
        using var back = await app.SignInAsync(person.Email, TestData.NewPassword);
        Assert.Contains(AppRole.Admin, (await back.GetAsync("/api/auth/me")).As<Me>().Roles);
        Assert.False(await app.ReadAsync(db => db.Authenticators.AnyAsync(row => row.UserId == person.Id)));
    }

    [Fact]
    public async Task An_unknown_address_becomes_an_administrator()
    {
        var email = TestData.Email();

        var recovered = (await RecoverAsync(email)).Value;

        Assert.True(recovered.Created);
        using var caller = app.Anonymous();
        (
            await caller.PostAsync(
                "/api/auth/reset-password",
                new
                {
                    email,
                    token = recovered.Reset.Secret,
                    newPassword = TestData.NewPassword,
                }
            )
        ).Is(204);
        using var admin = await app.SignInAsync(email, TestData.NewPassword);
        (await admin.GetAsync("/api/users")).Is(200);
    }

    [Fact]
    public async Task An_account_without_an_email_is_recovered_by_its_username()
    {
        using var admin = await app.SignInAdminAsync();
        var body = new { userName = TestData.Name("kim"), password = TestData.Password };
        var user = (await admin.PostAsync("/api/users", body)).Is(201).As<UserDetails>();
        var named = (await admin.PostAsync("/api/users", new { email = TestData.Email(), userName = TestData.Name("named") }))
            .Is(201)
            .As<UserDetails>();
        using var signedIn = await app.SignInAsync(user.UserName);
        Assert.Equal(
            new AccountAccess(1, 0, 0),
            await app.RunAsync<AdminRecovery, AccountAccess>(recovery => recovery.PreviewAsync(user.UserName, default))
        );

        var recovered = (await RecoverAsync(user.UserName.ToUpperInvariant())).Value;

        Assert.Equal((user.UserName, false, false), (recovered.Reset.Name, recovered.Reset.HasEmail, recovered.Created));
        using var caller = app.Anonymous();
        var redeemed = new
        {
            email = user.UserName,
            token = recovered.Reset.Secret,
            newPassword = TestData.NewPassword,
        };
        (await caller.PostAsync("/api/auth/reset-password", redeemed)).Is(204);
        using var back = await app.SignInAsync(user.UserName, TestData.NewPassword);
        Assert.Contains(AppRole.Admin, (await back.GetAsync("/api/auth/me")).As<Me>().Roles);
        Assert.Equal("validation_failed", (await RecoverAsync(named.UserName)).Refusal?.Code);
    }

    [Fact]
    public async Task An_invalid_address_is_refused()
    {
        var watch = await app.WatchAsync();

        Assert.Equal("validation_failed", (await RecoverAsync("ana")).Refusal?.Code);

        await watch.NothingHappenedAsync();
    }

    [Fact]
    public async Task Concurrent_recoveries_create_one_administrator_and_one_valid_link()
    {
        var email = TestData.Email();

        var results = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(() => RecoverAsync(email))));

        Assert.Single(results, result => result.Value.Created);
        Assert.Equal(
            1,
            await app.ReadAsync(db =>
                db.SingleUseLinks.CountAsync(reset => db.Users.Any(user => user.Id == reset.UserId && user.Email == email))
            )
        );
    }

    [Fact]
    public async Task Reset_mfa_removes_the_factors_and_nothing_else()
    {
        using var admin = await app.SignInAdminAsync();
        var person = await app.SignedInUserAsync();
        await GiveFactorsAsync(person.Id);
        var watch = await app.WatchAsync();

        (await admin.PostAsync($"/api/users/{person.Id}/reset-mfa")).Is(204);

        await watch.RecordedAsync("auth.mfa_disabled");
        Assert.False((await person.Caller.GetAsync("/api/auth/me")).Is(200).As<Me>().MfaEnabled);
        Assert.False(await app.ReadAsync(db => db.Authenticators.AnyAsync(row => row.UserId == person.Id)));
    }

    [Fact]
    public async Task Reset_mfa_is_refused_without_the_permission_and_on_users_above_the_actor()
    {
        var helpdesk = await app.SignedInUserAsync(await app.CreateRoleAsync(Permissions.UsersCredentials));
        var (person, admin) = (await app.SignedInUserAsync(), await app.SignedInUserAsync(AppRole.Admin));

        (await person.Caller.PostAsync($"/api/users/{admin.Id}/reset-mfa")).Refuses(403, "forbidden");
        (await helpdesk.Caller.PostAsync($"/api/users/{admin.Id}/reset-mfa")).Refuses(403, "above_you");
        (await helpdesk.Caller.PostAsync($"/api/users/{Guid.CreateVersion7()}/reset-mfa")).Refuses(404, "not_found");
        app.Clock.Advance(TimeSpan.FromMinutes(16));
        (await helpdesk.Caller.PostAsync($"/api/users/{person.Id}/reset-mfa")).Refuses(403, "fresh_sign_in_required");
    }

    private Task<Result<RecoveredAdmin>> RecoverAsync(string email) =>
        app.RunAsync<AdminRecovery, Result<RecoveredAdmin>>(recovery => recovery.RecoverAsync(email, default));

    private Task<Result<Unit>> GiveFactorsAsync(Guid id) =>
        app.RunAsync<AppDbContext, Result<Unit>>(db =>
            db.ChangeAsync<Unit>(
                TestData.System,
                null,
                async change =>
                {
                    change.Record(AuditActions.MfaEnabled, null);
                    var user = await db.Users.SingleAsync(row => row.Id == id);
                    user.TwoFactorEnabled = true;
                    db.Add(
                        new Authenticator
                        {
                            UserId = id,
                            Protected = "ABCDEFGH",
                            LastStep = 0,
                            CreatedAt = app.Clock.GetUtcNow(),
                        }
                    );
                    return default(Unit);
                },
                default
            )
        );

    public sealed class OnSqlite(SqliteApp app) : AdminRecoveryTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : AdminRecoveryTests(app), IClassFixture<PostgresApp>;
}
