using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using AdminConsole.Tests.Tokens;

namespace AdminConsole.Tests.OAuth;

/// <summary>A device cannot grant more than its own access.</summary>
public abstract class DeviceAccessTests(AdminApp app)
{
    private static async Task<IEnumerable<string>> PermissionsAsync(TokenCaller caller) =>
        (await caller.MeAsync()).Is(200).As<Me>().Permissions;

    [Fact]
    public async Task A_code_created_by_a_device_has_at_most_its_scopes()
    {
        var person = await app.SignedInUserAsync("Admin");
        var device = await app.ConnectAsync(person.Caller, "profile.read users.read");
        async Task<string> CodeAsync() => (await device.Caller.PostAsync("/api/auth/cli-code")).Is(200).As<CliCode>().Code;

        var same = new Device(app, (await app.RedeemAsync(await CodeAsync())).Is(200).As<TokenResponse>());
        var less = new Device(app, (await app.RedeemAsync(await CodeAsync(), ("scope", "users.read"))).Is(200).As<TokenResponse>());
        var code = await CodeAsync();
        (await app.RedeemAsync(code, ("scope", "users.write"))).RefusesGrant("invalid_scope");

        Assert.Equal(["profile.read", "users.read"], await PermissionsAsync(same.Caller));
        Assert.Equal(["users.read"], await PermissionsAsync(less.Caller));
        (await same.Caller.PostAsync("/api/tokens", new { name = "x", scopes = new[] { "users.write" } })).Refuses(
            403,
            "insufficient_scope"
        );
        (await app.RedeemAsync(code, ("scope", "users.read"))).Is(200);
        Assert.All((await person.Caller.GetAsync("/api/devices")).As<Page<DeviceSummary>>().Items, one => Assert.False(one.FullAccess));
    }

    [Fact]
    public async Task Without_a_scope_a_device_has_full_access_including_permissions_granted_later()
    {
        using var admin = await app.SignInAdminAsync();
        var person = await app.SignedInUserAsync();
        var device = await app.ConnectAsync(person.Caller);
        Assert.True(Assert.Single((await person.Caller.GetAsync("/api/devices")).As<Page<DeviceSummary>>().Items).FullAccess);

        (await admin.PutAsync($"/api/users/{person.Id}/roles/Operator")).Is(200);

        (await device.Caller.GetAsync("/api/users")).Is(200);
        (await device.Caller.GetAsync("/api/sessions")).Is(200);
        (await device.Caller.PostAsync("/api/tokens", new { name = "x", scopes = new[] { "users.read" } })).Is(201);
        (await device.Caller.SendAsync(HttpMethod.Delete, "/api/sessions")).Is(204);
    }

    [Fact]
    public async Task Every_scope_listed_one_by_one_is_still_a_limit()
    {
        var person = await app.SignedInUserAsync("Admin");
        var device = await app.ConnectAsync(person.Caller, string.Join(' ', Permissions.All));

        (await device.Caller.GetAsync("/api/users")).Is(200);
        (await device.Caller.GetAsync("/api/sessions")).Refuses(403, "insufficient_scope");
        (
            await device.Caller.PostAsync(
                "/api/auth/password",
                new { currentPassword = TestData.Password, newPassword = TestData.NewPassword }
            )
        ).Refuses(403, "insufficient_scope");
    }

    [Fact]
    public async Task A_refresh_can_narrow_its_scopes_and_the_next_restore_them()
    {
        var person = await app.SignedInUserAsync("Admin");
        var (scoped, full) = (await app.ConnectAsync(person.Caller, "profile.read users.read"), await app.ConnectAsync(person.Caller));

        scoped = scoped with { Tokens = (await scoped.RefreshAsync(("scope", "profile.read"))).Is(200).As<TokenResponse>() };
        full = full with { Tokens = (await full.RefreshAsync(("scope", "users.read"))).Is(200).As<TokenResponse>() };

        Assert.Equal(("profile.read", "users.read"), (scoped.Tokens.Scope, full.Tokens.Scope));
        Assert.Equal(["profile.read"], await PermissionsAsync(scoped.Caller));
        (await scoped.Caller.GetAsync("/api/users")).Refuses(403, "forbidden");
        (await full.Caller.GetAsync("/api/users")).Is(200);
        (await full.Caller.GetAsync("/api/roles")).Refuses(403, "forbidden");
        (await full.Caller.GetAsync("/api/sessions")).Refuses(403, "insufficient_scope");
        (await full.Caller.PostAsync("/api/tokens", new { name = "x", scopes = new[] { "users.write" } })).Refuses(
            403,
            "insufficient_scope"
        );
        Assert.Equal("users.read", (await full.Caller.IntrospectAsync(full.Tokens.AccessToken)).Json.GetProperty("scope").GetString());

        Assert.Equal("profile.read users.read", (await scoped.RefreshedAsync()).Tokens.Scope);
        (await (await full.RefreshedAsync()).Caller.GetAsync("/api/sessions")).Is(200);
        (await full.RefreshAsync(("scope", "nonsense"))).RefusesGrant("invalid_scope");
    }

    [Fact]
    public async Task A_device_sees_and_manages_only_tokens_within_its_scopes()
    {
        var person = await app.SignedInUserAsync("Admin");
        var (powerful, modest) = (await person.Caller.CreateTokenAsync("users.write"), await person.Caller.CreateTokenAsync("users.read"));
        var device = await app.ConnectAsync(person.Caller, "users.read");

        Assert.Equal(modest.Id, Assert.Single((await device.Caller.GetAsync("/api/tokens")).Is(200).As<Page<TokenSummary>>().Items).Id);
        (await device.Caller.PostAsync($"/api/tokens/{powerful.Id}/rotate", new { })).Refuses(403, "insufficient_scope");
        (await device.Caller.SendAsync(HttpMethod.Delete, $"/api/tokens/{powerful.Id}")).Refuses(403, "insufficient_scope");
        (await device.Caller.SendAsync(HttpMethod.Patch, $"/api/tokens/{powerful.Id}", new { active = false })).Refuses(
            403,
            "insufficient_scope"
        );
        // The default scope of a token, profile.read, is not a scope of this device.
        (await device.Caller.PostAsync("/api/tokens", new { name = "x" })).Refuses(403, "insufficient_scope");

        (await app.With(powerful.Token).GetAsync("/api/auth/me")).Is(200);
        var rotated = (await device.Caller.PostAsync($"/api/tokens/{modest.Id}/rotate", new { })).Is(201).As<CreatedToken>();
        (await device.Caller.SendAsync(HttpMethod.Delete, $"/api/tokens/{rotated.Id}")).Is(204);
    }

    [Fact]
    public async Task A_device_with_scopes_signs_itself_out_and_nothing_else()
    {
        var person = await app.SignedInUserAsync();
        var (scoped, other) = (await app.ConnectAsync(person.Caller, "profile.read"), await app.ConnectAsync(person.Caller));

        (await scoped.Caller.SendAsync(HttpMethod.Delete, $"/api/devices/{other.Id}")).Refuses(403, "insufficient_scope");
        (await scoped.Caller.SendAsync(HttpMethod.Delete, $"/api/devices/{scoped.Id}")).Is(204);

        (await scoped.Caller.MeAsync()).Is(401);
        (await other.Caller.MeAsync()).Is(200);
    }

    [Fact]
    public async Task A_credential_cannot_assign_a_role_or_take_over_an_account_beyond_its_scopes()
    {
        using var admin = await app.SignInAdminAsync();
        var (plain, powerful) = (await app.CreateUserAsync(), await app.CreateUserAsync(roles: "Operator"));
        var token = app.With((await admin.CreateTokenAsync("users.write", "users.credentials", "roles.assign", "roles.write")).Token);

        (await token.SendAsync(HttpMethod.Put, $"/api/users/{plain.Id}/roles/Operator")).Refuses(403, "above_you");
        (
            await token.PostAsync(
                "/api/users",
                new
                {
                    email = TestData.Email(),
                    password = TestData.Password,
                    roles = new[] { "Admin" },
                }
            )
        ).Refuses(403, "above_you");
        (await token.PostAsync("/api/roles", new { name = TestData.Name("Role"), permissions = new[] { "settings.write" } })).Refuses(
            403,
            "above_you"
        );
        (await token.PostAsync($"/api/users/{powerful.Id}/set-password", new { password = TestData.NewPassword })).Refuses(
            403,
            "above_you"
        );
        (await token.PostAsync($"/api/users/{powerful.Id}/reset-password")).Refuses(403, "above_you");
        (await token.SendAsync(HttpMethod.Patch, $"/api/users/{powerful.Id}", new { email = TestData.Email("moved") })).Refuses(
            403,
            "above_you"
        );

        (await token.PostAsync($"/api/users/{plain.Id}/reset-password")).Is(200);
        (await token.PostAsync("/api/roles", new { name = TestData.Name("Role"), permissions = new[] { "users.write" } })).Is(201);
        (await token.PostAsync($"/api/users/{powerful.Id}/deactivate")).Is(200);
    }

    [Fact]
    public async Task Revoking_an_expired_token_ends_no_device()
    {
        var person = await app.SignedInUserAsync();
        var device = await app.ConnectAsync(person.Caller);
        var token = (await person.Caller.PostAsync("/api/tokens", new { name = "short", expiresInDays = 1 })).Is(201).As<CreatedToken>();
        var access = device.Tokens.AccessToken;
        app.Clock.Advance(TimeSpan.FromDays(1.1));
        using var anonymous = app.Anonymous();
        var watch = await app.WatchAsync();

        (await anonymous.FormAsync("/oauth/revoke", ("token", access))).Is(200);
        (await anonymous.FormAsync("/oauth/revoke", ("token", token.Token))).Is(200);

        await watch.NothingHappenedAsync();
        await device.RefreshedAsync();
    }

    public sealed class OnSqlite(SqliteApp app) : DeviceAccessTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : DeviceAccessTests(app), IClassFixture<PostgresApp>;
}
