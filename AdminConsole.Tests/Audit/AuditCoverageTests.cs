using System.Net.Http.Headers;
using System.Text;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Security;
using AdminConsole.Tests.Tokens;

namespace AdminConsole.Tests.Audit;

/// <summary>Every audit action is recorded by an operation of the product, and every endpoint that changes something
/// leaves its events.</summary>
public abstract partial class AuditCoverageTests(AdminApp app)
{
    /// <summary>An operation: its entry point, the audit actions it records, and how to run it. A null response means
    /// that the operation asserts its outcome itself.</summary>
    private sealed record AuditedOperation(string EntryPoint, string[] Actions, Func<Scenario, Task<ApiResponse?>> RunAsync);

    /// <summary>The installation, its administrator, and users and tokens made for one operation.</summary>
    private sealed class Scenario(AdminApp app, ApiClient admin)
    {
        public AdminApp App => app;

        public ApiClient Admin => admin;

        public Task<UserDetails> UserAsync() => app.CreateUserAsync();

        public Task<TestUser> PersonAsync(params string[] roles) => app.SignedInUserAsync(roles);

        public async Task<ApiResponse?> OnUserAsync(Func<UserDetails, Task<ApiResponse>> operation) => await operation(await UserAsync());

        public async Task<ApiResponse?> WithTokenAsync(Func<TestUser, CreatedToken, Task<ApiResponse?>> operation)
        {
            var person = await PersonAsync();
            return await operation(person, await person.Caller.CreateTokenAsync(Permissions.TokensRotate));
        }

        public static StringContent Csv(string text) => new(text, Encoding.UTF8, new MediaTypeHeaderValue("text/csv"));
    }

    private static IEnumerable<AuditedOperation> Operations =>
        [.. AuthenticationOperations, .. UserOperations, .. TokenOperations, .. SystemOperations, .. ProviderOperations];

    // These run in an installation of their own and check its audit log themselves.
    private static readonly string[] InOwnInstallation = ["POST /api/auth/setup", "retention", "audit-repair", "restore"];

    [Fact]
    public void Every_action_is_recorded_by_an_operation()
    {
        var recorded = Operations.SelectMany(operation => operation.Actions).Distinct();

        Assert.Equal(AuditActions.All.Order(StringComparer.Ordinal), recorded.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_endpoint_that_changes_something_is_covered()
    {
        var endpoints = app
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint =>
                (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []).Select(method =>
                    $"{method} /{endpoint.RoutePattern.RawText?.Trim('/')}"
                )
            )
            .Where(endpoint =>
                endpoint.Contains(" /api/", StringComparison.Ordinal) && !endpoint.StartsWith("GET ", StringComparison.Ordinal)
            );

        Assert.Empty(endpoints.Except(Operations.Select(operation => operation.EntryPoint)));
    }

    [Fact]
    public async Task Each_operation_succeeds_and_records_its_actions()
    {
        using var admin = await app.SignInAdminAsync();
        var scenario = new Scenario(app, admin);
        foreach (var operation in Operations)
        {
            var watch = await app.WatchAsync();

            var answer = await operation.RunAsync(scenario);

            Assert.True(
                answer is null or { Status: >= 200 and < 300 },
                $"{operation.EntryPoint} answered {answer?.Status}: {answer?.Text}"
            );
            var recorded = await watch.EventsAsync();
            Assert.True(
                InOwnInstallation.Contains(operation.EntryPoint) || operation.Actions.All(recorded.Contains),
                $"{operation.EntryPoint} left {string.Join(", ", recorded)}."
            );
        }
    }

    public sealed class OnSqlite(SqliteApp app) : AuditCoverageTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : AuditCoverageTests(app), IClassFixture<PostgresApp>;
}
