using AdminConsole.Core.Contracts;
using AdminConsole.Core.System;
using AdminConsole.Tests.Authentication;
using AdminConsole.Tests.Tokens;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.OAuth;

public abstract class OwnDeviceTests(AdminApp app)
{
    private static async Task<IReadOnlyList<DeviceSummary>> ListAsync(ApiClient caller) =>
        [.. (await caller.GetAsync("/api/devices")).Is(200).As<Page<DeviceSummary>>().Items.Where(device => device.State == "active")];

    private static async Task EndedAsync(Device device)
    {
        (await device.Caller.MeAsync()).Refuses(401, "unauthenticated");
        (await device.RefreshAsync()).RefusesGrant("invalid_grant");
    }

    [Fact]
    public async Task The_list_has_the_callers_devices_and_ending_one_keeps_the_others()
    {
        var person = await app.SignedInUserAsync();
        var (one, two) = (await app.ConnectAsync(person.Caller, name: "one"), await app.ConnectAsync(person.Caller, name: "two"));
        await app.ConnectAsync((await app.SignedInUserAsync()).Caller);
        Assert.Equal(["one", "two"], (await ListAsync(person.Caller)).Select(device => device.Name).Order());
        var watch = await app.WatchAsync();

        (await person.Caller.DeleteAsync($"/api/devices/{one.Id}")).Is(204);

        await EndedAsync(one);
        (await two.Caller.MeAsync()).Is(200);
        Assert.Equal(two.Id, Assert.Single(await ListAsync(person.Caller)).Id);
        await watch.RecordedAsync("device.revoked");
        (await person.Caller.DeleteAsync($"/api/devices/{one.Id}")).Refuses(404, "not_found");
    }

    [Fact]
    public async Task A_device_can_be_renamed_by_its_owner_until_it_ends()
    {
        var person = await app.SignedInUserAsync();
        var device = await app.ConnectAsync(person.Caller, name: "cli");
        var others = await app.ConnectAsync((await app.SignedInUserAsync()).Caller);
        var watch = await app.WatchAsync();

        var answer = await person.Caller.PatchAsync($"/api/devices/{device.Id}", new { name = "  Ana's laptop " });

        var renamed = answer.Is(200).As<DeviceSummary>();

        Assert.Equal(("Ana's laptop", device.Id), (renamed.Name, renamed.Id));
        Assert.Equal("Ana's laptop", Assert.Single(await ListAsync(person.Caller)).Name);
        await watch.RecordedAsync("device.renamed");
        (await person.Caller.PatchAsync($"/api/devices/{device.Id}", new { name = "Ana's laptop" })).Is(200);
        await watch.RecordedAsync("device.renamed");
        foreach (var name in new[] { "", " ", new string('x', 101), "a\u202eb" })
        {
            (await person.Caller.PatchAsync($"/api/devices/{device.Id}", new { name })).Refuses(400, "validation_failed");
        }

        (await person.Caller.PatchAsync($"/api/devices/{others.Id}", new { name = "mine" })).Refuses(404, "not_found");
        (await person.Caller.DeleteAsync($"/api/devices/{device.Id}")).Is(204);
        (await person.Caller.PatchAsync($"/api/devices/{device.Id}", new { name = "late" })).Refuses(404, "not_found");
    }

    [Fact]
    public async Task An_ended_or_expired_device_is_listed_for_30_days()
    {
        await using var own = await AdminApp.StartAsync(app.Provider);
        await own.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        using var person = await own.SignInAdminAsync();
        var (ended, expiring) = (await own.ConnectAsync(person, name: "ended"), await own.ConnectAsync(person, name: "expiring"));
        (await person.DeleteAsync($"/api/devices/{ended.Id}")).Is(204);
        async Task<string[]> ListedAsync()
        {
            await own.Services.GetRequiredService<Housekeeping>().RunOnceAsync(default);
            using var caller = await own.SignInAdminAsync();
            return
            [
                .. (await caller.GetAsync("/api/devices"))
                    .Is(200)
                    .As<Page<DeviceSummary>>()
                    .Items.Select(device => $"{device.Name} {device.State} {(device.EndedAt is null ? "" : "ended")}".Trim()),
            ];
        }

        Assert.Equal(["expiring active", "ended ended ended"], await ListedAsync());
        await EndedAsync(ended);
        own.Clock.Advance(TimeSpan.FromDays(31));
        Assert.Equal(["expiring expired"], await ListedAsync());
        own.Clock.Advance(TimeSpan.FromDays(31));
        Assert.Empty(await ListedAsync());
        Assert.Equal(0, await own.ReadAsync(db => db.ConnectedDevices.IgnoreQueryFilters().CountAsync()));
    }

    [Fact]
    public async Task Another_users_device_is_not_found()
    {
        var (owner, stranger) = (await app.SignedInUserAsync(), await app.SignedInUserAsync());
        var device = await app.ConnectAsync(owner.Caller);
        var watch = await app.WatchAsync();

        (await stranger.Caller.DeleteAsync($"/api/devices/{device.Id}")).Refuses(404, "not_found");
        (await app.Anonymous().DeleteAsync($"/api/devices/{device.Id}")).Refuses(401, "unauthenticated");

        await watch.NothingHappenedAsync();
        (await device.Caller.MeAsync()).Is(200);
    }

    [Fact]
    public async Task A_password_connects_a_device_by_the_rules_of_a_sign_in()
    {
        var (person, watch) = (await app.SignedInUserAsync(), await app.WatchAsync());
        using var program = app.Anonymous();

        (await program.PostAsync("/api/auth/token", new { login = person.Email, password = "wrong password 1" })).Refuses(
            401,
            "invalid_credentials"
        );
        var answer = (
            await program.PostAsync(
                "/api/auth/token",
                new
                {
                    login = person.Email,
                    password = TestData.Password,
                    deviceName = "cron",
                }
            )
        ).Is(200);

        var device = new Device(app, answer.As<TokenResponse>());
        Assert.Empty(answer.SetCookies);
        Assert.Equal("no-store", Assert.Single(answer.Headers["Cache-Control"]));
        Assert.Equal("cron", Assert.Single(await ListAsync(person.Caller)).Name);
        Assert.Single((await person.Caller.GetAsync("/api/sessions")).As<Page<SessionSummary>>().Items);
        (await device.Caller.MeAsync()).Is(200);
        await watch.RecordedAsync("auth.sign_in_failed", "auth.signed_in", "device.connected");
        (await program.PostAsync("/api/auth/token", new { login = person.Email })).RefusesFields("password");
    }

    [Fact]
    public async Task A_password_alone_does_not_connect_where_a_second_factor_is_set()
    {
        var enrolled = await EnrolledUser.CreateAsync(app);
        using var program = app.Anonymous();

        (await program.PostAsync("/api/auth/token", new { login = enrolled.User.Email, password = TestData.Password })).Refuses(
            401,
            "mfa_required"
        );
        (
            await program.PostAsync(
                "/api/auth/token",
                new
                {
                    login = enrolled.User.Email,
                    password = TestData.Password,
                    code = enrolled.WrongCode(),
                }
            )
        ).Is(401);

        (
            await program.PostAsync(
                "/api/auth/token",
                new
                {
                    login = enrolled.User.Email,
                    password = TestData.Password,
                    code = enrolled.Code(),
                }
            )
        ).Is(200);
        (
            await program.PostAsync(
                "/api/auth/token",
                new
                {
                    login = enrolled.User.Email,
                    password = TestData.Password,
                    recoveryCode = enrolled.RecoveryCodes[0],
                }
            )
        ).Is(200);
    }

    [Fact]
    public async Task Both_tokens_of_a_device_can_be_introspected()
    {
        using var admin = await app.SignInAdminAsync();
        var service = app.With((await admin.CreateTokenAsync("tokens.introspect")).Token);
        var person = await app.SignedInUserAsync("Operator");
        var device = await app.ConnectAsync(person.Caller, "users.read profile.read");
        var spent = device;
        device = await device.RefreshedAsync();

        var (access, refresh) = (
            (await service.IntrospectAsync(device.Tokens.AccessToken)).Is(200).Json,
            (await service.IntrospectAsync(device.Tokens.RefreshToken)).Is(200).Json
        );

        foreach (var claims in new[] { access, refresh })
        {
            Assert.Equal(
                (true, "profile.read users.read", "adminctl", person.Email, person.Id.ToString()),
                (
                    claims.GetProperty("active").GetBoolean(),
                    claims.GetProperty("scope").GetString(),
                    claims.GetProperty("client_id").GetString(),
                    claims.GetProperty("username").GetString(),
                    claims.GetProperty("sub").GetString()
                )
            );
        }

        Assert.Equal(
            (device.Claim("jti").GetString(), device.Claim("exp").GetInt64(), "Bearer"),
            (access.GetProperty("jti").GetString(), access.GetProperty("exp").GetInt64(), access.GetProperty("token_type").GetString())
        );
        Assert.True(refresh.GetProperty("exp").GetInt64() > access.GetProperty("exp").GetInt64());
        Assert.Equal("""{"active":false}""", (await service.IntrospectAsync(spent.Tokens.RefreshToken)).Text);
        Assert.True((await device.Caller.IntrospectAsync(device.Tokens.RefreshToken)).Json.GetProperty("active").GetBoolean());
        Assert.Equal(
            """{"active":false}""",
            (await (await app.ConnectAsync((await app.SignedInUserAsync()).Caller)).Caller.IntrospectAsync(device.Tokens.RefreshToken)).Text
        );
        await device.RefreshedAsync();
        (await person.Caller.DeleteAsync($"/api/devices/{device.Id}")).Is(204);
        Assert.Equal("""{"active":false}""", (await service.IntrospectAsync(device.Tokens.AccessToken)).Text);
        Assert.Equal("""{"active":false}""", (await service.IntrospectAsync(device.Tokens.RefreshToken)).Text);
    }

    public sealed class OnSqlite(SqliteApp app) : OwnDeviceTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : OwnDeviceTests(app), IClassFixture<PostgresApp>;
}
