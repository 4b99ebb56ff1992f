using System.Web;
using AdminConsole.Core.Contracts;
using AdminConsole.Tests.OAuth;
using AdminConsole.Tests.Tokens;

namespace AdminConsole.Tests.Authentication;

/// <summary>Requiring a second factor: impact, grace period, and enrolment through the API.</summary>
public abstract class EnrolmentTests(AdminApp app) : IAsyncLifetime
{
    private string role = "";

    public async ValueTask InitializeAsync() => role = await app.CreateRoleAsync("users.read", "settings.write");

    public async ValueTask DisposeAsync() => await RequireAsync(7);

    private async Task<SystemSettings> RequireAsync(int graceDays, params string[] roles)
    {
        using var admin = await app.SignInAdminAsync();
        return (
            await admin.SendAsync(
                HttpMethod.Put,
                "/api/settings",
                new SystemSettings { SecondFactorRoles = roles, SecondFactorGraceDays = graceDays }
            )
        )
            .Is(200)
            .As<SystemSettings>();
    }

    private string CodeOf(TotpOffer offer)
    {
        var secret = HttpUtility.ParseQueryString(new Uri(offer.OtpauthUri).Query)["secret"]!;
        Assert.Equal(offer.Secret, secret);
        return EnrolledUser.CodeOf(app, offer);
    }

    [Fact]
    public async Task The_impact_counts_members_those_without_a_factor_and_the_caller()
    {
        var other = await app.CreateRoleAsync("users.read");
        var (me, inactive) = (await app.SignedInUserAsync(role), await app.CreateUserAsync(roles: role));
        await EnrolledUser.CreateAsync(app, role);
        await app.CreateUserAsync(roles: role);
        await app.CreateUserAsync(roles: other);
        using var admin = await app.SignInAdminAsync();
        (await admin.PostAsync($"/api/users/{inactive.Id}/deactivate")).Is(200);

        var impact = (await me.Caller.GetAsync($"/api/settings/second-factor-impact?role={role}")).Is(200).As<SecondFactorImpact>();
        var both = (await admin.GetAsync($"/api/settings/second-factor-impact?role={role}&role={other}")).Is(200).As<SecondFactorImpact>();

        Assert.Equal(new SecondFactorImpact(3, 2, IncludesYou: true, 7), impact);
        Assert.Equal(new SecondFactorImpact(4, 3, IncludesYou: false, 7), both);
        (await admin.GetAsync("/api/settings/second-factor-impact?role=Nobody")).Refuses(400, "unknown_role");
        (await (await app.SignedInUserAsync()).Caller.GetAsync($"/api/settings/second-factor-impact?role={role}")).Refuses(
            403,
            "forbidden"
        );
    }

    [Fact]
    public async Task In_the_grace_period_everything_works_and_afterwards_only_enrolment()
    {
        var person = await app.SignedInUserAsync(role);
        var device = await app.ConnectAsync(person.Caller);
        var saved = await RequireAsync(2, role);
        Assert.Equal(app.Clock.GetUtcNow().AddDays(2), saved.SecondFactorRequiredFrom[role], TimeSpan.FromSeconds(1));

        (await person.Caller.GetAsync("/api/users")).Is(200);
        (await device.Caller.GetAsync("/api/users")).Is(200);
        Assert.Equal(saved.SecondFactorRequiredFrom[role], (await person.Caller.GetAsync("/api/auth/me")).As<Me>().MfaRequiredFrom);
        Assert.Equal(saved.SecondFactorRequiredFrom[role], (await device.Caller.MeAsync()).As<Me>().MfaRequiredFrom);
        // Saving again does not restart the grace period, whatever is sent.
        Assert.Equal(saved.SecondFactorRequiredFrom[role], (await RequireAsync(90, role)).SecondFactorRequiredFrom[role]);

        app.Clock.Advance(TimeSpan.FromDays(2.1));
        using var again = await app.SignInAsync(person.Email);

        (await again.GetAsync("/api/users")).Refuses(403, "mfa_enrolment_required");
        device = await device.RefreshedAsync();
        (await device.Caller.GetAsync("/api/users")).Refuses(403, "mfa_enrolment_required");
        Assert.Empty((await RequireAsync(7)).SecondFactorRequiredFrom);
        (await again.GetAsync("/api/users")).Is(200);
    }

    [Fact]
    public async Task A_restricted_user_enrols_through_the_api_even_with_an_old_sign_in()
    {
        var person = await app.SignedInUserAsync(role);
        await RequireAsync(0, role);
        (await person.Caller.GetAsync("/api/users")).Refuses(403, "mfa_enrolment_required");
        app.Clock.Advance(TimeSpan.FromMinutes(20));
        (await person.Caller.PostAsync("/api/auth/mfa/totp")).Refuses(403, "fresh_sign_in_required");
        (await person.Caller.PostAsync("/api/auth/reauthenticate", new { password = TestData.Password })).Is(204);
        var watch = await app.WatchAsync();

        var offer = (await person.Caller.PostAsync("/api/auth/mfa/totp")).Is(200).As<TotpOffer>();
        var codes = (await person.Caller.PostAsync("/api/auth/mfa/totp/confirm", new { enrolment = offer.Enrolment, code = CodeOf(offer) }))
            .Is(200)
            .As<RecoveryCodes>()
            .Codes;

        await watch.RecordedAsync("auth.mfa_enabled", "auth.recovery_codes_generated");
        Assert.Equal(10, codes.Count);
        (await person.Caller.GetAsync("/api/users")).Is(200);
        using var program = app.Anonymous();
        (await program.PostAsync("/api/auth/login", new { login = person.Email, password = TestData.Password })).Refuses(
            401,
            "mfa_required"
        );
        (
            await program.PostAsync(
                "/api/auth/login",
                new
                {
                    login = person.Email,
                    password = TestData.Password,
                    recoveryCode = codes[0],
                }
            )
        ).Is(200);
        (await person.Caller.PostAsync("/api/auth/mfa/totp")).Refuses(409, "mfa_already_enabled");
    }

    [Fact]
    public async Task An_enrolment_is_valid_for_its_owner_for_ten_minutes_or_until_access_is_revoked()
    {
        var (person, thief) = (await app.SignedInUserAsync(), await app.SignedInUserAsync());
        using var admin = await app.SignInAdminAsync();
        async Task<TotpOffer> BeginAsync() => (await person.Caller.PostAsync("/api/auth/mfa/totp")).Is(200).As<TotpOffer>();
        Task<ApiResponse> ConfirmAsync(ApiClient caller, TotpOffer offer, string? code = null) =>
            caller.PostAsync("/api/auth/mfa/totp/confirm", new { enrolment = offer.Enrolment, code = code ?? CodeOf(offer) });
        var offer = await BeginAsync();

        (await ConfirmAsync(thief.Caller, offer)).Refuses(400, "invalid_enrolment");
        (await ConfirmAsync(person.Caller, offer with { Enrolment = "nonsense" })).Refuses(400, "invalid_enrolment");
        (await ConfirmAsync(person.Caller, offer, "abc")).RefusesFields("code");
        (await person.Caller.PostAsync("/api/auth/mfa/totp/confirm", new { })).RefusesFields("code", "enrolment");
        (await app.Anonymous().PostAsync("/api/auth/mfa/totp")).Refuses(401, "unauthenticated");
        (await app.With((await person.Caller.CreateTokenAsync()).Token).PostAsync("/api/auth/mfa/totp")).Refuses(
            403,
            "interactive_required"
        );
        (await admin.PostAsync($"/api/users/{person.Id}/reset-mfa")).Is(204);
        (await ConfirmAsync(person.Caller, offer)).Refuses(400, "invalid_enrolment");

        var late = await BeginAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(10.1));
        (await ConfirmAsync(person.Caller, late)).Refuses(400, "invalid_enrolment");
        (await ConfirmAsync(person.Caller, await BeginAsync())).Is(200);
    }

    public sealed class OnSqlite(SqliteApp app) : EnrolmentTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : EnrolmentTests(app), IClassFixture<PostgresApp>;
}
