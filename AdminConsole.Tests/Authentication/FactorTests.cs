using AdminConsole.Core.Account;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.Authentication;

public abstract class FactorTests(AdminApp app)
{
    private Task<Result<T>> OwnAsync<T>(Func<OwnFactors, Task<Result<T>>> operation) => app.RunAsync(operation);

    [Fact]
    public async Task Setup_requires_a_recent_sign_in_a_correct_code_and_no_existing_factor()
    {
        var user = await app.CreateUserAsync(password: TestData.Password);
        var actor = TestData.System with
        {
            UserId = user.Id,
            Name = user.Email!,
            Via = AuthenticationMethod.Session,
            AuthenticatedAt = app.Clock.GetUtcNow(),
        };
        var offer = (await OwnAsync(own => own.OfferAsync(actor, default))).Value;
        var watch = await app.WatchAsync();

        var wrong = await OwnAsync(own => own.ConfirmAsync(actor, offer, "12345", default));
        var stale = await OwnAsync(own => own.OfferAsync(actor with { AuthenticatedAt = app.Clock.GetUtcNow().AddMinutes(-16) }, default));
        var token = await OwnAsync(own => own.OfferAsync(actor with { Via = AuthenticationMethod.Token }, default));

        Assert.Equal(
            ("validation_failed", "fresh_sign_in_required", "interactive_required"),
            (wrong.Refusal!.Code, stale.Refusal!.Code, token.Refusal!.Code)
        );
        await watch.NothingHappenedAsync();
        var person = await EnrolledUser.CreateAsync(app);
        Assert.Equal("mfa_already_enabled", (await OwnAsync(own => own.OfferAsync(person.Actor, default))).Refusal!.Code);
        Assert.Equal(
            "mfa_already_enabled",
            (
                await OwnAsync(own =>
                    own.ConfirmAsync(person.Actor, offer, Totp.CodeOf(offer.Secret, Totp.StepAt(app.Clock.GetUtcNow())), default)
                )
            )
                .Refusal!
                .Code
        );
    }

    [Fact]
    public async Task Of_32_concurrent_confirmations_one_enables_the_factor()
    {
        var user = await app.CreateUserAsync(password: TestData.Password);
        var actor = TestData.System with
        {
            UserId = user.Id,
            Name = user.Email!,
            Via = AuthenticationMethod.Session,
            AuthenticatedAt = app.Clock.GetUtcNow(),
        };
        var offer = (await OwnAsync(own => own.OfferAsync(actor, default))).Value;
        var code = Totp.CodeOf(offer.Secret, Totp.StepAt(app.Clock.GetUtcNow()));

        var results = await Task.WhenAll(
            Enumerable.Range(0, 32).Select(_ => Task.Run(() => OwnAsync(own => own.ConfirmAsync(actor, offer, code, default))))
        );

        Assert.Single(results, result => result.Refusal is null);
        Assert.Equal(10, await app.ReadAsync(db => db.RecoveryCodes.CountAsync(row => row.UserId == user.Id)));
    }

    [Fact]
    public async Task Disabling_requires_a_code_and_afterwards_the_password_is_enough()
    {
        var person = await EnrolledUser.CreateAsync(app);
        using var caller = app.Anonymous();

        var without = await OwnAsync(own => own.DisableAsync(person.Actor, null, null, default));
        var wrong = await OwnAsync(own => own.DisableAsync(person.Actor, person.WrongCode(), null, default));
        var stale = await OwnAsync(own =>
            own.DisableAsync(person.Actor with { AuthenticatedAt = app.Clock.GetUtcNow().AddMinutes(-16) }, person.Code(), null, default)
        );
        var watch = await app.WatchAsync();
        var right = await OwnAsync(own => own.DisableAsync(person.Actor, null, person.RecoveryCodes[9], default));

        Assert.Equal(
            ("mfa_required", "invalid_credentials", "fresh_sign_in_required", null),
            (without.Refusal!.Code, wrong.Refusal!.Code, stale.Refusal!.Code, right.Refusal?.Code)
        );
        await watch.RecordedAsync("auth.recovery_code_used", "auth.mfa_disabled");
        Assert.False((await person.SignInAsync(caller)).Is(200).As<Me>().MfaEnabled);
        Assert.Equal(0, await app.ReadAsync(db => db.RecoveryCodes.CountAsync(row => row.UserId == person.User.Id)));
    }

    [Fact]
    public async Task New_recovery_codes_invalidate_the_old_ones()
    {
        var person = await EnrolledUser.CreateAsync(app);
        using var caller = app.Anonymous();

        var renewed = (await OwnAsync(own => own.RenewRecoveryCodesAsync(person.Actor, default))).Value;

        Assert.Equal(10, renewed.Distinct().Count());
        (await person.SignInAsync(caller, recoveryCode: person.RecoveryCodes[0])).Refuses(401, "invalid_credentials");
        (await person.SignInAsync(caller, recoveryCode: renewed[0])).Is(200);
    }

    [Fact]
    public async Task A_reset_or_a_deletion_removes_the_factor()
    {
        var (person, gone) = (await EnrolledUser.CreateAsync(app), await EnrolledUser.CreateAsync(app));
        using var admin = await app.SignInAdminAsync();
        using var caller = app.Anonymous();

        (await admin.PostAsync($"/api/users/{person.User.Id}/reset-mfa")).Is(204);
        (await admin.DeleteAsync($"/api/users/{gone.User.Id}")).Is(204);

        (await person.SignInAsync(caller)).Is(200);
        Assert.False(
            await app.ReadAsync(db => db.Authenticators.AnyAsync(row => row.UserId == person.User.Id || row.UserId == gone.User.Id))
        );
    }

    [Fact]
    public async Task Secrets_and_codes_are_neither_stored_nor_logged_in_plain_text()
    {
        var person = await EnrolledUser.CreateAsync(app);
        using var caller = app.Anonymous();
        (await person.SignInAsync(caller, recoveryCode: person.RecoveryCodes[0])).Is(200);
        var code = person.RecoveryCodes[1].Replace("-", "", StringComparison.Ordinal);

        var rows = await app.Database.QueryAsync("""SELECT * FROM "Authenticators" """);
        rows.AddRange(await app.Database.QueryAsync("""SELECT * FROM "RecoveryCodes" """));
        rows.AddRange(await app.Database.QueryAsync("""SELECT * FROM "AuditEvents" """));

        string[] secrets =
        [
            code,
            person.RecoveryCodes[1],
            person.RecoveryCodes[0],
            Convert.ToBase64String(person.Secret),
            Totp.KeyOf(person.Secret),
        ];
        Assert.DoesNotContain(rows, row => secrets.Any(secret => row.Contains(secret, StringComparison.OrdinalIgnoreCase)));
        Assert.DoesNotContain(app.Log.Lines, line => secrets.Any(secret => line.Contains(secret, StringComparison.OrdinalIgnoreCase)));
    }

    public sealed class OnSqlite(SqliteApp app) : FactorTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : FactorTests(app), IClassFixture<PostgresApp>;
}
