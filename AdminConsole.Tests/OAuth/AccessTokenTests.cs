using System.Buffers.Text;
using System.Text.Json.Nodes;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.OAuth;
using AdminConsole.Tests.Tokens;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Tests.OAuth;

public abstract class AccessTokenTests(AdminApp app)
{
    private Task<SigningKey> KeyAsync() => app.RunAsync<SigningKeys, SigningKey>(async keys => await keys.CurrentAsync(default));

    private static string TextOf(Device device, int part) => DeviceCallers.PartOf(device.Tokens.AccessToken, part).GetRawText();

    private async Task<string> SignedTextAsync(Device device, Func<string, string, (string Header, string Claims)> edit)
    {
        var (header, claims) = edit(TextOf(device, 0), TextOf(device, 1));
        return ForgedTokens.Sign(header, claims, (await KeyAsync()).Parameters);
    }

    // Signs altered contents with the server's key.
    private async Task<string> SignedAsync(Device device, Action<JsonObject>? header = null, Action<JsonObject>? claims = null)
    {
        var key = await KeyAsync();
        var (head, body) = (
            JsonNode.Parse(DeviceCallers.PartOf(device.Tokens.AccessToken, 0).GetRawText())!.AsObject(),
            JsonNode.Parse(DeviceCallers.PartOf(device.Tokens.AccessToken, 1).GetRawText())!.AsObject()
        );
        header?.Invoke(head);
        claims?.Invoke(body);
        return ForgedTokens.Sign(head.ToJsonString(), body.ToJsonString(), key.Parameters);
    }

    [Fact]
    public async Task An_access_token_has_the_claims_of_RFC_9068()
    {
        var person = await app.SignedInUserAsync("Operator");
        var device = await app.ConnectAsync(person.Caller, "users.read profile.read");

        var (header, claims) = (DeviceCallers.PartOf(device.Tokens.AccessToken, 0), DeviceCallers.PartOf(device.Tokens.AccessToken, 1));

        Assert.Equal(("ES256", "at+jwt"), (header.GetProperty("alg").GetString(), header.GetProperty("typ").GetString()));
        Assert.Equal(
            ["aud", "auth_time", "client_id", "exp", "iat", "iss", "jti", "scope", "sid", "sub"],
            claims.EnumerateObject().Select(claim => claim.Name).Order()
        );
        Assert.Equal(
            (person.Id.ToString(), "adminctl", "profile.read users.read"),
            (claims.GetProperty("sub").GetString(), claims.GetProperty("client_id").GetString(), claims.GetProperty("scope").GetString())
        );
        Assert.Equal(app.Root.ToString().TrimEnd('/'), claims.GetProperty("iss").GetString());
        Assert.Equal(900, claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64());
    }

    [Fact]
    public async Task An_access_token_is_limited_to_its_scopes_and_its_users_current_permissions()
    {
        using var admin = await app.SignInAdminAsync();
        var person = await app.SignedInUserAsync();
        var device = await app.ConnectAsync(person.Caller, "users.read profile.read");
        (await device.Caller.GetAsync("/api/users")).Refuses(403, "forbidden");

        (await admin.PutAsync($"/api/users/{person.Id}/roles/Operator")).Is(200);
        (await device.Caller.GetAsync("/api/users")).Is(200);
        var refused = (await device.Caller.GetAsync("/api/audit")).Refuses(403, "forbidden");
        (await admin.DeleteAsync($"/api/users/{person.Id}/roles/Operator")).Is(200);

        (await device.Caller.GetAsync("/api/users")).Refuses(403, "forbidden");
        Assert.Contains("insufficient_scope", Assert.Single(refused.Headers["WWW-Authenticate"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_access_token_is_as_interactive_and_recent_as_its_users_sign_in()
    {
        var person = await app.SignedInUserAsync();
        var device = await app.ConnectAsync(person.Caller);
        (await device.Caller.PostAsync("/api/tokens", new { name = "by a device" })).Is(201);
        var by = await app.ReadAsync(db =>
            db.AuditEvents.Where(entry => entry.ActorId == person.Id && entry.Action == "token.created").SingleAsync()
        );
        Assert.Equal(("jwt", device.Id), (by.Via, by.SessionId));

        app.Clock.Advance(TimeSpan.FromMinutes(16));
        (await device.Caller.MeAsync()).Refuses(401, "token_expired");
        device = await device.RefreshedAsync();
        (await device.Caller.PostAsync("/api/tokens", new { name = "later" })).Refuses(403, "fresh_sign_in_required");
        (await device.Caller.PostAsync("/api/auth/reauthenticate", new { password = TestData.Password })).Is(204);

        (await device.Caller.PostAsync("/api/tokens", new { name = "later" })).Is(201);
    }

    [Fact]
    public async Task Altered_and_foreign_access_tokens_are_refused()
    {
        using var admin = await app.SignInAdminAsync();
        var device = await app.ConnectAsync(admin);
        var parts = device.Tokens.AccessToken.Split('.');
        var unsigned = Base64Url.EncodeToString("""{"alg":"none","typ":"at+jwt","kid":"x"}"""u8);
        string[] bad =
        [
            $"{parts[0]}.{parts[1]}.{new string('A', 86)}",
            $"{parts[0]}.{parts[1]}.",
            $"{parts[0]}.{parts[1]}",
            $"{unsigned}.{parts[1]}.{parts[2]}",
            $"{unsigned}.{parts[1]}.",
            device.Tokens.AccessToken + "=",
            device.Tokens.AccessToken + ".x",
            $"{parts[0]}.{parts[1][..^1]}{(parts[1][^1] == 'A' ? 'B' : 'A')}.{parts[2]}",
            await SignedAsync(device, header: head => head["alg"] = "HS256"),
            await SignedAsync(device, header: head => head["alg"] = "none"),
            await SignedAsync(device, header: head => head["typ"] = "JWT"),
            await SignedAsync(device, header: head => head.Remove("typ")),
            await SignedAsync(device, header: head => head["kid"] = "another"),
            await SignedAsync(device, header: head => head["jwk"] = new JsonObject()),
            await SignedAsync(device, header: head => head["crit"] = new JsonArray("exp")),
            await SignedAsync(device, claims: body => body.Remove("exp")),
            await SignedAsync(device, claims: body => body["exp"] = "9999999999"),
            await SignedAsync(device, claims: body => body["admin"] = true),
            await SignedAsync(device, claims: body => body["aud"] = "https://another.example"),
            await SignedAsync(device, claims: body => body["sub"] = Guid.CreateVersion7().ToString()),
            await SignedAsync(device, claims: body => body["sid"] = Guid.CreateVersion7().ToString()),
            await SignedAsync(device, claims: body => body["exp"] = 1),
            await SignedAsync(device, claims: body => body["aud"] = new JsonArray(body["aud"]!.GetValue<string>())),
            await SignedAsync(device, claims: body => body["iss"] = body["iss"]!.GetValue<string>() + "/"),
            await SignedAsync(device, claims: body => body["aud"] = body["aud"]!.GetValue<string>() + "/"),
            await SignedAsync(device, claims: body => body["aud"] = body["aud"]!.GetValue<string>().ToUpperInvariant()),
            await SignedAsync(device, claims: body => body["nbf"] = 1),
            await SignedAsync(device, claims: body => body["scope"] = new string('x', 2048)),
            await SignedTextAsync(device, (head, body) => (head.Replace("{", """{"alg":"ES256",""", StringComparison.Ordinal), body)),
            await SignedTextAsync(
                device,
                (head, body) => (head, body.Replace("{", """{"client_id":"another",""", StringComparison.Ordinal))
            ),
            await SignedTextAsync(device, (head, body) => (head, body + "x")),
            ForgedTokens.SignByHmac(device.Tokens.AccessToken, (await KeyAsync()).Public.X),
            ForgedTokens.Sign(TextOf(device, 0), TextOf(device, 1), SigningKey.Create(9, DateTimeOffset.UnixEpoch).Parameters),
        ];

        foreach (var token in bad)
        {
            var answer = await app.With(token).GetAsync("/api/users");
            Assert.True(answer.Status == 401, $"{token}: {answer.Status}");
        }

        (await app.With(await SignedAsync(device)).GetAsync("/api/users")).Is(200);
    }

    [Fact]
    public async Task An_access_token_is_valid_for_its_issuer_only()
    {
        await using var own = await AdminApp.StartAsync(app.Provider, environment: "Production");
        await own.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        using var admin = await own.SignInAdminAsync();
        var device = await own.ConnectAsync(admin);
        Assert.Equal("https://console.example.com", device.Claim("iss").GetString());
        var key = await own.RunAsync<SigningKeys, SigningKey>(async keys => await keys.CurrentAsync(default));
        var claims = JsonNode.Parse(DeviceCallers.PartOf(device.Tokens.AccessToken, 1).GetRawText())!.AsObject();
        (claims["iss"], claims["aud"]) = ("https://old.example.com", "https://old.example.com");

        (await device.Caller.MeAsync()).Is(200);
        (await own.With(ForgedTokens.Sign(TextOf(device, 0), claims.ToJsonString(), key.Parameters)).MeAsync()).Is(401);
    }

    [Fact]
    public async Task A_cached_token_is_verified_without_the_database()
    {
        await using var own = await AdminApp.StartAsync(
            app.Provider,
            settings: ("Logging:LogLevel:Microsoft.EntityFrameworkCore.Database.Command", "Information")
        );
        await own.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        using var admin = await own.SignInAdminAsync();
        var device = await own.ConnectAsync(admin);
        (await device.Caller.MeAsync()).Is(200);
        int Commands() =>
            own.Log.Lines.Count(line =>
                line.Contains("ConnectedDevices", StringComparison.Ordinal) && line.Contains("SELECT", StringComparison.Ordinal)
            );
        var before = Commands();

        (await device.Caller.MeAsync()).Is(200);
        (await device.Caller.IntrospectAsync(device.Tokens.AccessToken)).Is(200);

        Assert.Equal(before, Commands());
    }

    [Fact]
    public async Task A_lookup_overtaken_by_the_end_of_its_device_is_not_cached()
    {
        var verifier = app.Services.GetRequiredService<TokenVerifier>();
        var person = await app.SignedInUserAsync();
        for (var round = 0; round < 50; round++)
        {
            var device = await app.ConnectAsync(person.Caller);
            var looking = Task.Run(async () => await verifier.VerifyAsync(device.Tokens.AccessToken, null, default));

            (await person.Caller.DeleteAsync($"/api/devices/{device.Id}")).Is(204);
            await looking;

            Assert.Null(verifier.TryGetCached(device.Tokens.AccessToken, null));
        }
    }

    [Fact]
    public async Task A_role_that_requires_a_second_factor_restricts_devices_too()
    {
        await using var own = await AdminApp.StartAsync(app.Provider);
        await own.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        using var admin = await own.SignInAdminAsync();
        var person = await own.SignedInUserAsync("Operator");
        var device = await own.ConnectAsync(person.Caller);
        (await device.Caller.GetAsync("/api/users")).Is(200);

        (
            await admin.SendAsync(
                HttpMethod.Put,
                "/api/settings",
                new SystemSettings { SecondFactorRoles = ["Operator"], SecondFactorGraceDays = 0 }
            )
        ).Is(200);

        (await device.Caller.GetAsync("/api/users")).Refuses(403, "mfa_enrolment_required");
    }

    public sealed class OnSqlite(SqliteApp app) : AccessTokenTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : AccessTokenTests(app), IClassFixture<PostgresApp>;
}
