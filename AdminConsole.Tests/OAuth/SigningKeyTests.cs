using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.OAuth;
using AdminConsole.Tests.Tokens;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace AdminConsole.Tests.OAuth;

public sealed class SigningKeyTests
{
    private static async Task<List<string>> PublishedAsync(AdminApp app) =>
        (await app.Anonymous().GetAsync("/.well-known/jwks.json")).Is(200).As<JwkSet>().Keys.Select(key => key.Kid).ToList();

    // Signs in anew, because an earlier session may have expired.
    private static async Task<string> KeyInUseAsync(AdminApp app)
    {
        using var person = await app.SignInAdminAsync();
        var device = await app.ConnectAsync(person);
        (await app.With(device.Tokens.AccessToken).MeAsync()).Is(200);
        return DeviceCallers.PartOf(device.Tokens.AccessToken, 0).GetProperty("kid").GetString()!;
    }

    [Theory]
    [OnBoth]
    public async Task A_key_is_announced_before_it_signs_and_kept_after_it_did(DatabaseProvider provider)
    {
        await using var app = await AdminApp.StartAsync(provider);
        await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");

        var first = await KeyInUseAsync(app);
        Assert.Equal([first], await PublishedAsync(app));
        app.Clock.Advance(TimeSpan.FromDays(90));
        var both = await PublishedAsync(app);
        Assert.Equal((2, first, first), (both.Count, both[0], await KeyInUseAsync(app)));
        app.Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));
        Assert.Equal(both[1], await KeyInUseAsync(app));
        Assert.Equal(both, await PublishedAsync(app));
        app.Clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal([both[1]], await PublishedAsync(app));
        Assert.Equal(1, await app.ReadAsync(db => db.ServerSecrets.CountAsync(secret => secret.Name.StartsWith(SigningKeys.NamePrefix))));
    }

    [Theory]
    [OnBoth]
    public async Task Of_32_concurrent_requests_for_the_first_key_all_get_the_same(DatabaseProvider provider)
    {
        await using var app = await AdminApp.StartAsync(provider);
        var services = app.Services;
        var nodes = Enumerable
            .Range(0, 32)
            .Select(_ => new SigningKeys(
                services.GetRequiredService<IServiceScopeFactory>(),
                services.GetRequiredService<IDataProtectionProvider>(),
                app.Clock,
                NullLogger<SigningKeys>.Instance
            ))
            .ToList();

        var keys = await Task.WhenAll(nodes.Select(async node => (await node.CurrentAsync(default)).Kid));

        Assert.Single(keys.Distinct());
        nodes.ForEach(node => node.Dispose());
    }

    [Fact]
    public async Task A_token_verifies_concurrently_while_its_key_is_reloaded()
    {
        await using var app = await AdminApp.StartAsync(DatabaseProvider.Sqlite);
        await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        using var person = await app.SignInAdminAsync();
        var token = (await app.ConnectAsync(person)).Tokens.AccessToken;
        var access = app.Services.GetRequiredService<JwtAccessTokens>();

        for (var round = 0; round < 3; round++)
        {
            app.Clock.Advance(TimeSpan.FromMinutes(6));
            GC.Collect();
            var read = await Task.WhenAll(
                Enumerable.Range(0, 32).Select(_ => Task.Run(async () => await access.ReadAsync(token, default)))
            );
            Assert.All(read, Assert.NotNull);
        }
    }

    [Fact]
    public async Task A_key_that_cannot_be_decrypted_is_replaced()
    {
        await using var app = await AdminApp.StartAsync(DatabaseProvider.Sqlite);
        await app.CreateUserAsync(TestData.AdminEmail, TestData.Password, "Admin");
        var lost = await KeyInUseAsync(app);
        await app.Database.ExecuteAsync(
            $"""UPDATE "ServerSecrets" SET "Protected" = 'AAAA' WHERE "Name" LIKE '{SigningKeys.NamePrefix}%' """
        );
        app.Clock.Advance(TimeSpan.FromMinutes(6));

        Assert.NotEqual(lost, await KeyInUseAsync(app));

        Assert.DoesNotContain(lost, await PublishedAsync(app));
    }

    [Fact]
    public async Task Metadata_lists_the_endpoints_with_the_public_address()
    {
        await using var app = await AdminApp.StartAsync(
            DatabaseProvider.Sqlite,
            environment: "Production",
            settings: ("PublicUrl", "https://console.example.com/")
        );

        var metadata = (await app.Anonymous().GetAsync("/.well-known/oauth-authorization-server")).Is(200).Json;

        Assert.Equal("https://console.example.com", metadata.GetProperty("issuer").GetString());
        Assert.Equal("https://console.example.com/oauth/token", metadata.GetProperty("token_endpoint").GetString());
        Assert.Equal(
            "https://console.example.com/oauth/device_authorization",
            metadata.GetProperty("device_authorization_endpoint").GetString()
        );
        Assert.Equal("https://console.example.com/.well-known/jwks.json", metadata.GetProperty("jwks_uri").GetString());
        Assert.Equal(
            TokenEndpointService.All,
            metadata.GetProperty("grant_types_supported").EnumerateArray().Select(grant => grant.GetString()!)
        );
    }
}
