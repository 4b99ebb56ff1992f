using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.OAuth;
using AdminConsole.Core.Security;
using AdminConsole.Tests.Tokens;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.OAuth;

public abstract class DeviceFlowTests(AdminApp app)
{
    private const int Many = 32;

    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_device_shows_a_code_and_signs_in_once_its_user_approves()
    {
        var person = await app.SignedInUserAsync("Operator");
        var watch = await app.WatchAsync();

        var request = await app.RequestDeviceAsync(("device_name", "build server"), ("scope", "users.read profile.read"));
        (await app.PollAsync(request)).RefusesGrant("authorization_pending");
        var shown = (await app.FindAsync(person.Caller, request.UserCode)).Value;
        Assert.Null((await app.ApproveAsync(person.Caller, request.UserCode)).Refusal);
        app.Clock.Advance(Poll);
        var device = new Device(app, (await app.PollAsync(request)).Is(200).As<TokenResponse>());

        Assert.Matches("^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$", request.UserCode);
        Assert.Equal(
            (900, 5, $"{app.Root}device", $"{app.Root}device?user_code={request.UserCode}"),
            (request.ExpiresIn, request.Interval, request.VerificationUri, request.VerificationUriComplete)
        );
        Assert.Equal((request.UserCode, "build server", "adminctl", "127.0.0.1"), (shown.UserCode, shown.Name, shown.Client, shown.Ip));
        Assert.Equal("profile.read users.read", device.Tokens.Scope);
        var me = (await device.Caller.MeAsync()).Is(200).As<Me>();
        Assert.Equal((person.Id, "jwt"), (me.Id, me.AuthMethod));
        await watch.RecordedAsync("device.code_requested", "device.approved", "device.connected");
        var listed = Assert.Single((await device.Caller.GetAsync("/api/devices")).Is(200).As<Page<DeviceSummary>>().Items);
        Assert.Equal(("build server", "adminctl", true), (listed.Name, listed.Client, listed.Current));
        Assert.Equal(["profile.read", "users.read"], listed.Scopes.Order());
        (await app.PollAsync(request)).RefusesGrant("invalid_grant");
    }

    [Fact]
    public async Task Polling_too_fast_is_told_to_slow_down()
    {
        var request = await app.RequestDeviceAsync();
        (await app.PollAsync(request)).RefusesGrant("authorization_pending");

        (await app.PollAsync(request)).RefusesGrant("slow_down");
        app.Clock.Advance(Poll);

        (await app.PollAsync(request)).RefusesGrant("authorization_pending");
    }

    [Fact]
    public async Task Denied_expired_and_unknown_have_different_errors()
    {
        var person = await app.SignedInUserAsync();
        var (denied, expired) = (await app.RequestDeviceAsync(), await app.RequestDeviceAsync());
        var watch = await app.WatchAsync();
        Assert.Null((await app.AsAsync(person.Caller, (approval, actor) => approval.DenyAsync(actor, denied.UserCode, default))).Refusal);
        await watch.RecordedAsync("device.denied");

        (await app.PollAsync(denied)).RefusesGrant("access_denied");
        app.Clock.Advance(TimeSpan.FromMinutes(15));
        using var again = await app.SignInAsync(person.Email);
        Assert.Equal("unknown_code", (await app.ApproveAsync(again, expired.UserCode)).Refusal?.Code);

        (await app.PollAsync(expired)).RefusesGrant("expired_token");
        (await app.PollAsync(expired with { DeviceCode = Secret.Create() })).RefusesGrant("invalid_grant");
        (
            await app.Anonymous()
                .FormAsync(
                    "/oauth/token",
                    ("grant_type", TokenEndpointService.DeviceCode),
                    ("device_code", denied.DeviceCode),
                    ("client_id", "another")
                )
        ).RefusesGrant("invalid_grant");
    }

    [Fact]
    public async Task The_outcome_of_a_code_is_shown_only_to_the_user_who_decided()
    {
        var (owner, stranger) = (await app.SignedInUserAsync(), await app.SignedInUserAsync());
        var request = await app.RequestDeviceAsync();
        Assert.Null((await app.ApproveAsync(owner.Caller, request.UserCode)).Refusal);

        Assert.Equal("device_decided", (await app.FindAsync(owner.Caller, request.UserCode)).Refusal?.Code);
        var refusal = (await app.FindAsync(stranger.Caller, request.UserCode)).Refusal;
        var unknown = (await app.FindAsync(stranger.Caller, "BBBB-BBBB")).Refusal;

        Assert.Equal(unknown, refusal);
        Assert.Equal(
            "unknown_code",
            (await app.AsAsync(stranger.Caller, (approval, actor) => approval.DenyAsync(actor, request.UserCode, default))).Refusal?.Code
        );
    }

    [Fact]
    public async Task Case_dashes_and_spaces_of_a_code_do_not_matter()
    {
        var person = await app.SignedInUserAsync();
        var request = await app.RequestDeviceAsync();
        var bare = request.UserCode.Replace("-", "", StringComparison.Ordinal);

        foreach (
            var typed in new[]
            {
                bare,
                bare.ToLowerInvariant(),
                $" {bare[..2]} {bare[2..]} ",
                request.UserCode.Replace('-', '–'),
                string.Join('-', bare.ToCharArray()),
            }
        )
        {
            Assert.Equal(request.UserCode, (await app.FindAsync(person.Caller, typed)).Value.UserCode);
        }
    }

    [Fact]
    public async Task Of_32_concurrent_guesses_five_are_checked_and_another_session_may_try()
    {
        var person = await app.SignedInUserAsync();
        using var elsewhere = await app.SignInAsync(person.Email);
        var request = await app.RequestDeviceAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => app.FindAsync(person.Caller, "BBBB-BBBB")));

        Assert.Equal(DeviceApproval.MaxWrongCodes, answers.Count(answer => answer.Refusal?.Code == "unknown_code"));
        Assert.All(answers, answer => Assert.Contains(answer.Refusal?.Code, new[] { "unknown_code", "too_many_codes" }));
        Assert.Equal("too_many_codes", (await app.ApproveAsync(person.Caller, request.UserCode)).Refusal?.Code);
        Assert.Null((await app.ApproveAsync(elsewhere, request.UserCode)).Refusal);
    }

    [Fact]
    public async Task Of_32_concurrent_polls_one_gets_the_device()
    {
        for (var round = 0; round < 3; round++)
        {
            var person = await app.SignedInUserAsync();
            var request = await app.RequestDeviceAsync();
            Assert.Null((await app.ApproveAsync(person.Caller, request.UserCode)).Refusal);

            var answers = await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => app.PollAsync(request)));

            Assert.Single(answers, answer => answer.Status == 200);
            Assert.All(
                answers.Where(answer => answer.Status != 200),
                answer => Assert.Contains(answer.Json.GetProperty("error").GetString(), new[] { "slow_down", "invalid_grant" })
            );
            Assert.Equal(1, await app.ReadAsync(db => db.ConnectedDevices.CountAsync(device => device.UserId == person.Id)));
        }
    }

    [Fact]
    public async Task Of_32_concurrent_redemptions_beyond_the_polling_limit_one_gets_the_device()
    {
        for (var round = 0; round < 3; round++)
        {
            var person = await app.SignedInUserAsync();
            var request = await app.RequestDeviceAsync();
            Assert.Null((await app.ApproveAsync(person.Caller, request.UserCode)).Refusal);
            var hash = Secret.Hash(request.DeviceCode);
            var approved = await app.ReadAsync(db => db.DeviceRequests.AsNoTracking().SingleAsync(row => row.CodeHash == hash));

            var results = await Task.WhenAll(
                Enumerable
                    .Range(0, Many)
                    .Select(_ =>
                        Task.Run(async () =>
                        {
                            await using var scope = app.Services.CreateAsyncScope();
                            return await DeviceFlow.RedeemAsync(
                                scope.ServiceProvider.GetRequiredService<AppDbContext>(),
                                scope.ServiceProvider.GetRequiredService<RefreshTokens>(),
                                Actor.Anonymous(),
                                approved,
                                approved,
                                "device_code",
                                default
                            );
                        })
                    )
            );

            Assert.Single(results, result => result is { Refusal: null });
            Assert.Equal(Many - 1, results.Count(result => result is null));
            Assert.Equal(1, await app.ReadAsync(db => db.ConnectedDevices.CountAsync(device => device.UserId == person.Id)));
        }
    }

    [Fact]
    public async Task Connecting_needs_a_recent_sign_in()
    {
        var person = await app.SignedInUserAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(16));
        var request = await app.RequestDeviceAsync();
        var watch = await app.WatchAsync();

        Assert.Equal("fresh_sign_in_required", (await app.ApproveAsync(person.Caller, request.UserCode)).Refusal?.Code);
        (await person.Caller.PostAsync("/api/auth/cli-code")).Refuses(403, "fresh_sign_in_required");

        await watch.NothingHappenedAsync();
        Assert.Null((await app.AsAsync(person.Caller, (approval, actor) => approval.DenyAsync(actor, request.UserCode, default))).Refusal);
    }

    [Fact]
    public async Task A_device_approved_by_a_user_who_is_deactivated_meanwhile_is_refused()
    {
        using var admin = await app.SignInAdminAsync();
        string[] ends = ["deactivate", "lockdown"];
        foreach (var end in ends)
        {
            var person = await app.SignedInUserAsync();
            var request = await app.RequestDeviceAsync();
            var code = (await person.Caller.PostAsync("/api/auth/cli-code")).As<CliCode>();
            Assert.Null((await app.ApproveAsync(person.Caller, request.UserCode)).Refusal);
            (await admin.PostAsync($"/api/users/{person.Id}/{end}", new { })).Is(200);
            (await admin.PostAsync($"/api/users/{person.Id}/activate")).Is(200);

            (await app.PollAsync(request)).RefusesGrant("invalid_grant");
            (await app.RedeemAsync(code.Code)).RefusesGrant("invalid_grant");
        }
    }

    [Fact]
    public async Task A_code_from_the_console_works_once_of_32_and_is_replaced_by_a_new_one()
    {
        var person = await app.SignedInUserAsync();
        var watch = await app.WatchAsync();
        var old = (await person.Caller.PostAsync("/api/auth/cli-code")).Is(200).As<CliCode>();
        var code = (await person.Caller.PostAsync("/api/auth/cli-code")).Is(200).As<CliCode>();
        Assert.Matches("^([BCDFGHJKLMNPQRSTVWXZ]{4}-){2}[BCDFGHJKLMNPQRSTVWXZ]{4}$", code.Code);
        Assert.Equal(600, code.ExpiresIn);

        (await app.RedeemAsync(old.Code)).RefusesGrant("invalid_grant");
        var answers = await Task.WhenAll(
            Enumerable.Range(0, Many).Select(_ => app.RedeemAsync(code.Code.ToLowerInvariant(), ("device_name", "nas")))
        );

        var device = new Device(app, Assert.Single(answers, answer => answer.Status == 200).As<TokenResponse>());
        Assert.All(answers.Where(answer => answer.Status != 200), answer => answer.RefusesGrant("invalid_grant"));
        Assert.Equal(person.Id.ToString(), device.Claim("sub").GetString());
        await watch.RecordedAsync("device.code_requested", "device.code_requested", "device.connected");
    }

    [Fact]
    public async Task A_code_from_the_console_lasts_ten_minutes_and_is_no_device_code()
    {
        var person = await app.SignedInUserAsync();
        var code = (await person.Caller.PostAsync("/api/auth/cli-code")).As<CliCode>();
        var request = await app.RequestDeviceAsync();

        (await app.PollAsync(request with { DeviceCode = code.Code })).RefusesGrant("invalid_grant");
        (await app.RedeemAsync(request.DeviceCode)).RefusesGrant("invalid_grant");
        (await app.RedeemAsync(code.Code, ("scope", "nonsense"))).RefusesGrant("invalid_scope");
        app.Clock.Advance(TimeSpan.FromMinutes(10));
        (await app.RedeemAsync(code.Code)).RefusesGrant("invalid_grant");
    }

    [Fact]
    public async Task A_personal_access_token_cannot_create_a_code()
    {
        var person = await app.SignedInUserAsync();
        var token = await person.Caller.CreateTokenAsync();

        (await app.With(token.Token).PostAsync("/api/auth/cli-code")).Refuses(403, "interactive_required");
        (await app.With(token.Token).GetAsync("/api/devices")).Refuses(403, "interactive_required");
        (await app.Anonymous().PostAsync("/api/auth/cli-code")).Refuses(401, "unauthenticated");
    }

    [Theory]
    [InlineData("a\u202Eb\u0007c\u2066", "abc")]
    [InlineData("  \u200B ", "adminctl")]
    [InlineData("\ud800x", "x")]
    [InlineData("", "adminctl")]
    public async Task A_device_name_is_sanitized(string given, string shown)
    {
        var person = await app.SignedInUserAsync();

        var request = await app.RequestDeviceAsync(("device_name", given));

        Assert.Equal(shown, (await app.FindAsync(person.Caller, request.UserCode)).Value.Name);
    }

    public sealed class OnSqlite(SqliteApp app) : DeviceFlowTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : DeviceFlowTests(app), IClassFixture<PostgresApp>;
}
