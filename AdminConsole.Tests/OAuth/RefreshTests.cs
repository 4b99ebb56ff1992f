using AdminConsole.Core.Contracts;
using AdminConsole.Core.OAuth;
using AdminConsole.Core.System;
using AdminConsole.Tests.Email;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.OAuth;

public abstract class RefreshTests(AdminApp app)
{
    private const int Many = 32;

    private static readonly TimeSpan PastLeeway = TimeSpan.FromSeconds(11);

    [Fact]
    public async Task Each_refresh_issues_a_new_pair_and_extends_the_device()
    {
        var person = await app.SignedInUserAsync();
        var first = await app.ConnectAsync(person.Caller);
        var watch = await app.WatchAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(1));

        var second = await first.RefreshedAsync();
        var third = await second.RefreshedAsync();

        Assert.Equal(3, new[] { first, second, third }.Select(device => device.Tokens.RefreshToken).Distinct().Count());
        Assert.Equal(3, new[] { first, second, third }.Select(device => device.Claim("jti").GetString()).Distinct().Count());
        Assert.Equal((first.Id, first.Id), (second.Id, third.Id));
        Assert.Equal(first.Claim("auth_time").GetInt64(), third.Claim("auth_time").GetInt64());
        Assert.Equal(("Bearer", 900, "profile.read tokens.rotate"), (third.Tokens.TokenType, third.Tokens.ExpiresIn, third.Tokens.Scope));
        (await third.Caller.MeAsync()).Is(200);
        var listed = Assert.Single((await person.Caller.GetAsync("/api/devices")).As<Page<DeviceSummary>>().Items);
        Assert.True(listed.LastUsedAt > listed.CreatedAt);
        await watch.RecordedAsync();
    }

    [Fact]
    public async Task A_retry_gets_the_same_response_again()
    {
        var device = await app.ConnectAsync((await app.SignedInUserAsync()).Caller);
        var first = await device.RefreshedAsync();
        app.Clock.Advance(TimeSpan.FromSeconds(8));

        var again = await device.RefreshedAsync();

        Assert.Equal(first.Tokens.RefreshToken, again.Tokens.RefreshToken);
        Assert.Equal(
            ("jti", first.Claim("jti").GetString(), first.Claim("exp").GetInt64()),
            ("jti", again.Claim("jti").GetString(), again.Claim("exp").GetInt64())
        );
        await again.RefreshedAsync();
    }

    [Fact]
    public async Task A_late_consumed_token_signs_the_device_out_and_is_recorded_and_mailed()
    {
        var person = await app.SignedInUserAsync();
        var (device, other) = (await app.ConnectAsync(person.Caller, name: "stolen"), await app.ConnectAsync(person.Caller));
        var thief = await device.RefreshedAsync();
        (await thief.Caller.MeAsync()).Is(200);
        app.Clock.Advance(PastLeeway);
        var watch = await app.WatchAsync();

        (await device.RefreshAsync()).RefusesGrant("invalid_grant");

        (await thief.Caller.MeAsync()).Refuses(401, "unauthenticated");
        (await thief.RefreshAsync()).RefusesGrant("invalid_grant");
        (await device.RefreshAsync()).RefusesGrant("invalid_grant");
        await watch.RecordedAsync("refresh.reuse_detected");
        Assert.Contains("stolen", (await app.MailsAsync("device-reused", person.Email))[0].Subject, StringComparison.Ordinal);
        await other.RefreshedAsync();
    }

    [Fact]
    public async Task A_token_with_a_consumed_successor_counts_as_reused_immediately()
    {
        var device = await app.ConnectAsync((await app.SignedInUserAsync()).Caller);
        var latest = await (await device.RefreshedAsync()).RefreshedAsync();

        (await device.RefreshAsync()).RefusesGrant("invalid_grant");

        (await latest.RefreshAsync()).RefusesGrant("invalid_grant");
    }

    [Fact]
    public async Task Of_32_concurrent_refreshes_one_consumes_the_token_and_all_get_the_same_response()
    {
        for (var round = 0; round < 3; round++)
        {
            var device = await app.ConnectAsync((await app.SignedInUserAsync()).Caller);
            var watch = await app.WatchAsync();

            var answers = await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => device.RefreshAsync()));

            var successor = Assert.Single(answers.Select(answer => answer.Is(200).As<TokenResponse>().RefreshToken).Distinct());
            Assert.Equal(
                1,
                await app.ReadAsync(db => db.ConnectedDevices.Where(row => row.Id == device.Id).Select(row => row.Generation).SingleAsync())
            );
            await (device with { Tokens = device.Tokens with { RefreshToken = successor } }).RefreshedAsync();
            await watch.RecordedAsync();
        }
    }

    [Fact]
    public async Task Without_a_grace_period_one_of_32_refreshes_succeeds_and_reuse_is_recorded_once()
    {
        await using var strict = await AdminApp.StartAsync(app.Provider);
        await strict.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        using var admin = await strict.SignInAdminAsync();
        (await admin.SendAsync(HttpMethod.Put, "/api/settings", new SystemSettings { RefreshLeewaySeconds = 0 })).Is(200);
        for (var round = 0; round < 3; round++)
        {
            var device = await strict.ConnectAsync(admin);
            var watch = await strict.WatchAsync();

            var answers = await Task.WhenAll(Enumerable.Range(0, Many).Select(_ => device.RefreshAsync()));

            Assert.Equal(1, answers.Count(answer => answer.Status == 200));
            await watch.RecordedAsync("refresh.reuse_detected");
            Assert.All(
                (await admin.GetAsync("/api/devices")).As<Page<DeviceSummary>>().Items,
                device => Assert.Equal("ended", device.State)
            );
        }
    }

    [Fact]
    public async Task A_refusal_does_not_consume_the_token()
    {
        var device = await app.ConnectAsync((await app.SignedInUserAsync()).Caller, "profile.read");
        var watch = await app.WatchAsync();

        (await device.RefreshAsync(("client_id", "another-client"))).RefusesGrant("invalid_grant");
        (await device.RefreshAsync(("scope", "profile.read users.read"))).RefusesGrant("invalid_scope");
        (await device.RefreshAsync(("scope", "nonsense"))).RefusesGrant("invalid_scope");

        await watch.NothingHappenedAsync();
        (await device.RefreshAsync(("client_id", "adminctl"), ("scope", "profile.read"))).Is(200);
    }

    [Fact]
    public async Task A_foreign_refresh_token_is_refused_and_ends_no_device()
    {
        var device = await app.ConnectAsync((await app.SignedInUserAsync()).Caller);
        var token = device.Tokens.RefreshToken;
        var watch = await app.WatchAsync();

        foreach (
            var bad in new[]
            {
                "x",
                token[..^1],
                token + "0",
                token[..20] + (token[20] == 'a' ? 'b' : 'a') + token[21..],
                token.ToUpperInvariant(),
                "acref_" + new string('z', 87),
                "acref_" + new string('0', 87),
                device.Tokens.AccessToken,
                new string('é', 93),
            }
        )
        {
            (await app.Anonymous().FormAsync("/oauth/token", ("grant_type", "refresh_token"), ("refresh_token", bad))).RefusesGrant(
                "invalid_grant"
            );
        }

        await watch.NothingHappenedAsync();
        await device.RefreshedAsync();
    }

    [Fact]
    public async Task A_device_expires_unused_after_30_days_and_after_a_year_in_any_case()
    {
        await using var own = await AdminApp.StartAsync(app.Provider);
        await own.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        using var person = await own.SignInAdminAsync();
        var (unused, used) = (await own.ConnectAsync(person), await own.ConnectAsync(person));
        for (var month = 0; month < 12; month++)
        {
            own.Clock.Advance(TimeSpan.FromDays(30) - TimeSpan.FromHours(1));
            used = await used.RefreshedAsync();
        }

        (await unused.RefreshAsync()).RefusesGrant("invalid_grant");
        own.Clock.Advance(TimeSpan.FromDays(7));
        (await used.RefreshAsync()).RefusesGrant("invalid_grant");

        own.Clock.Advance(ConnectedDevices.EndedDeviceRetention);
        await own.Services.GetRequiredService<Housekeeping>().RunOnceAsync(default);
        Assert.Equal(
            (0, 0),
            await own.ReadAsync(async db =>
                (await db.ConnectedDevices.IgnoreQueryFilters().CountAsync(), await db.DeviceRequests.CountAsync())
            )
        );
    }

    [Fact]
    public async Task A_concurrent_deactivation_leaves_no_valid_token()
    {
        using var admin = await app.SignInAdminAsync();
        for (var round = 0; round < 5; round++)
        {
            var person = await app.SignedInUserAsync();
            var device = await app.ConnectAsync(person.Caller);

            var racing = Task.WhenAll(Enumerable.Range(0, Many).Select(_ => device.RefreshAsync()));
            (await admin.PostAsync($"/api/users/{person.Id}/deactivate", new { })).Is(200);
            var answers = await racing;

            foreach (var answer in answers.Where(answer => answer.Status == 200))
            {
                var got = device with { Tokens = answer.As<TokenResponse>() };
                (await got.Caller.MeAsync()).Is(401);
                (await got.RefreshAsync()).RefusesGrant("invalid_grant");
            }
        }
    }

    public sealed class OnSqlite(SqliteApp app) : RefreshTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : RefreshTests(app), IClassFixture<PostgresApp>;
}
