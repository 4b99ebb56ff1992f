using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using AdminConsole.Tests.OAuth;
using AdminConsole.Tests.Tokens;

namespace AdminConsole.Tests.Security;

/// <summary>Every route of the API × every kind of credential: none creates, shows or revokes a credential beyond its
/// scopes.</summary>
public abstract partial class CredentialScopeTests(AdminApp app)
{
    private const string Ok = "ok";
    private const string Forbidden = "forbidden";
    private const string Scope = "insufficient_scope";
    private const string Person = "interactive_required";

    /// <summary>A request about credentials, and the results for a device with profile.read, a device with every scope,
    /// and a personal access token with every scope.</summary>
    private sealed record Rule(Func<World, Task<ApiResponse>> SendAsync, string Narrow, string Wide, string Token);

    /// <summary>The affected credentials and the caller.</summary>
    private sealed record World(TokenCaller Caller, Guid Self, Guid Other, Guid OtherSession, Guid OwnSession, Guid Device, Guid Token);

    [Fact]
    public void Every_route_is_classified()
    {
        var routes = app
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint =>
                (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []).Select(method =>
                    $"{method} /{endpoint.RoutePattern.RawText?.Trim('/')}"
                )
            )
            .Where(route =>
                !route.StartsWith("HEAD ", StringComparison.Ordinal)
                && new[] { " /api/", " /oauth/", " /.well-known/", " /cli/" }.Any(part => route.Contains(part, StringComparison.Ordinal))
            );

        Assert.Equal(
            Credentials.Keys.Concat(ByPermission).Concat(WithoutCredential).Order(StringComparer.Ordinal),
            routes.Distinct().Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("narrow")]
    [InlineData("wide")]
    [InlineData("token")]
    public async Task Every_route_limits_each_credential_to_its_scopes(string kind)
    {
        using var admin = await app.SignInAdminAsync();
        var failed = new List<string>();
        foreach (var (route, rule) in Credentials)
        {
            var answer = await rule.SendAsync(await WorldAsync(kind, admin));

            var expected = kind switch
            {
                "narrow" => rule.Narrow,
                "wide" => rule.Wide,
                _ => rule.Token,
            };
            var actual = answer.Status < 300 ? Ok : answer.Code ?? answer.Status.ToString();
            if (actual != expected || (expected != Ok && answer.Status is not (400 or 403)))
            {
                failed.Add($"{route}: expected {expected}, got {actual} ({answer.Status}: {answer.Text})");
            }
        }

        Assert.Empty(failed);
    }

    // Created for each route, because an earlier request may have revoked something.
    private async Task<World> WorldAsync(string kind, ApiClient admin)
    {
        var (self, other) = (await app.SignedInUserAsync("Admin"), await app.SignedInUserAsync());
        var token = await self.Caller.CreateTokenAsync("users.write");
        var device = await app.ConnectAsync(self.Caller);
        var everything = string.Join(' ', Permissions.All);
        var caller = kind switch
        {
            "narrow" => (await app.ConnectAsync(self.Caller, "profile.read")).Caller,
            "wide" => (await app.ConnectAsync(self.Caller, everything)).Caller,
            _ => app.With((await self.Caller.CreateTokenAsync([.. Permissions.All])).Token),
        };
        return new World(
            caller,
            self.Id,
            other.Id,
            await SessionAsync(admin, other.Id),
            await SessionAsync(admin, self.Id),
            device.Id,
            token.Id
        );
    }

    private static async Task<Guid> SessionAsync(ApiClient admin, Guid user) =>
        (await admin.GetAsync($"/api/users/{user}/sessions")).Is(200).As<Page<SessionSummary>>().Items[0].Id;

    public sealed class OnSqlite(SqliteApp app) : CredentialScopeTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : CredentialScopeTests(app), IClassFixture<PostgresApp>;
}
