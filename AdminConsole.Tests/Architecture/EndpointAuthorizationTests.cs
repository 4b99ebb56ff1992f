using Microsoft.AspNetCore.Authorization;

namespace AdminConsole.Tests.Architecture;

/// <summary>Every endpoint and the callers it admits.</summary>
public sealed class EndpointAuthorizationTests(SqliteApp app) : IClassFixture<SqliteApp>
{
    private const string Anonymous = "anonymous";

    private static readonly Dictionary<string, string> Api = new()
    {
        ["GET /api/auth/setup-required"] = Anonymous,
        ["POST /api/auth/setup"] = Anonymous,
        ["POST /api/auth/login"] = Anonymous,
        ["POST /api/auth/logout"] = Anonymous,
        ["POST /api/auth/forgot-password"] = Anonymous,
        ["POST /api/auth/reset-password"] = Anonymous,
        ["POST /api/auth/confirm-email"] = Anonymous,
        ["POST /api/auth/email"] = "interactive",
        ["GET /api/auth/me"] = "even-with-password-due",
        ["POST /api/auth/password"] = "even-with-password-due",
        ["POST /api/auth/reauthenticate"] = "even-with-factor-due",
        ["POST /api/auth/mfa/totp"] = "even-with-factor-due",
        ["POST /api/auth/mfa/totp/confirm"] = "even-with-factor-due",
        ["GET /api/sessions"] = "signed-in",
        ["DELETE /api/sessions/{id:guid}"] = "signed-in",
        ["DELETE /api/sessions"] = "signed-in",
        ["GET /api/tokens"] = "interactive",
        ["POST /api/tokens"] = "interactive",
        ["GET /api/tokens/{id:guid}"] = "interactive",
        ["PATCH /api/tokens/{id:guid}"] = "interactive",
        ["DELETE /api/tokens/{id:guid}"] = "interactive",
        ["POST /api/tokens/{id:guid}/rotate"] = "interactive",
        ["POST /api/tokens/current/rotate"] = "tokens.rotate",
        ["GET /api/admin/tokens"] = "tokens.read",
        ["DELETE /api/admin/tokens/{id:guid}"] = "tokens.revoke",
        ["POST /oauth/introspect"] = "signed-in",
        ["POST /oauth/token"] = Anonymous,
        ["POST /oauth/device_authorization"] = Anonymous,
        ["POST /oauth/revoke"] = Anonymous,
        ["GET /.well-known/oauth-authorization-server"] = Anonymous,
        ["GET /.well-known/jwks.json"] = Anonymous,
        ["POST /api/auth/token"] = Anonymous,
        ["POST /api/auth/cli-code"] = "interactive",
        ["GET /api/devices"] = "interactive",
        ["PATCH /api/devices/{id:guid}"] = "interactive",
        ["DELETE /api/devices/{id:guid}"] = "interactive",
        ["GET /api/users"] = "users.read",
        ["GET /api/users/{id:guid}"] = "users.read",
        ["POST /api/users"] = "users.write",
        ["PATCH /api/users/{id:guid}"] = "users.write",
        ["DELETE /api/users/{id:guid}"] = "users.write",
        ["POST /api/users/{id:guid}/activate"] = "users.write",
        ["POST /api/users/{id:guid}/deactivate"] = "users.write",
        ["POST /api/users/{id:guid}/unlock"] = "users.write",
        ["PUT /api/users/{id:guid}/roles/{role}"] = "roles.assign",
        ["DELETE /api/users/{id:guid}/roles/{role}"] = "roles.assign",
        ["POST /api/users/{id:guid}/invitation-link"] = "users.credentials",
        ["POST /api/users/{id:guid}/reset-password"] = "users.credentials",
        ["DELETE /api/users/{id:guid}/reset-password"] = "users.credentials",
        ["POST /api/users/{id:guid}/set-password"] = "users.credentials",
        ["POST /api/users/{id:guid}/require-password-change"] = "users.credentials",
        ["POST /api/users/{id:guid}/reset-mfa"] = "users.credentials",
        ["POST /api/users/{id:guid}/lockdown"] = "users.write",
        ["DELETE /api/users/{id:guid}/audit-trace"] = "users.write",
        ["POST /api/users/bulk"] = "signed-in",
        ["GET /api/users/export"] = "users.read",
        ["POST /api/users/import"] = "users.write",
        ["GET /api/users/{id:guid}/sessions"] = "sessions.read",
        ["DELETE /api/users/{id:guid}/sessions/{sid:guid}"] = "sessions.end",
        ["DELETE /api/users/{id:guid}/sessions"] = "sessions.end",
        ["GET /api/admin/sessions"] = "sessions.read",
        ["DELETE /api/admin/sessions/{id:guid}"] = "sessions.end",
        ["GET /api/audit/views"] = "audit.read",
        ["POST /api/audit/views"] = "audit.read",
        ["PATCH /api/audit/views/{id:guid}"] = "audit.read",
        ["DELETE /api/audit/views/{id:guid}"] = "audit.read",
        ["GET /api/system/mail"] = "settings.write",
        ["POST /api/system/mail/retry"] = "settings.write",
        ["POST /api/system/mail/{id:guid}/retry"] = "settings.write",
        ["POST /api/system/mail/test"] = "settings.write",
        ["GET /api/roles"] = "roles.read",
        ["GET /api/roles/{name}"] = "roles.read",
        ["POST /api/roles"] = "roles.write",
        ["PUT /api/roles/{name}"] = "roles.write",
        ["DELETE /api/roles/{name}"] = "roles.write",
        ["GET /api/settings"] = "settings.write",
        ["GET /api/system"] = "settings.write",
        ["PUT /api/settings"] = "settings.write",
        ["GET /api/settings/second-factor-impact"] = "settings.write",
        ["GET /api/directory/providers"] = "directory.write",
        ["POST /api/directory/providers"] = "directory.write",
        ["GET /api/directory/providers/{id:guid}"] = "directory.write",
        ["PUT /api/directory/providers/{id:guid}"] = "directory.write",
        ["DELETE /api/directory/providers/{id:guid}"] = "directory.write",
        ["GET /api/directory/providers/{id:guid}/rules"] = "directory.write",
        ["PUT /api/directory/providers/{id:guid}/rules"] = "directory.write",
        ["POST /api/directory/providers/{id:guid}/check"] = "directory.write",
        ["GET /api/directory/required-roles"] = "directory.write",
        ["PUT /api/directory/required-roles"] = "directory.write",
        ["GET /api/directory/required-roles/impact"] = "directory.write",
        ["PUT /api/users/{id:guid}/break-glass"] = "directory.write",
        ["DELETE /api/users/{id:guid}/break-glass"] = "directory.write",
        ["GET /api/permissions"] = "roles.read",
        ["GET /api/audit"] = "audit.read",
        ["GET /api/audit/{id:long}"] = "audit.read",
        ["GET /api/audit/export"] = "audit.export",
        ["GET /api/audit/stream"] = "audit.read",
        ["GET /api/audit/verify"] = "audit.read",
        ["GET /cli/install.sh"] = Anonymous,
        ["GET /cli/download"] = Anonymous,
    };

    private IEnumerable<(string Route, RouteEndpoint Endpoint)> Endpoints() =>
        app
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint =>
                (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["*"]).Select(method =>
                    ($"{method} /{endpoint.RoutePattern.RawText?.Trim('/')}", endpoint)
                )
            );

    private static string Label(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null
            ? Anonymous
            : string.Join("+", endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(data => data.Policy));

    [Fact]
    public void Every_route_of_the_api_requires_what_this_table_states()
    {
        var found = Endpoints()
            .Where(endpoint =>
                endpoint.Route.Contains(" /api/", StringComparison.Ordinal)
                || endpoint.Route.Contains(" /oauth/", StringComparison.Ordinal)
                || endpoint.Route.Contains(" /.well-known/", StringComparison.Ordinal)
                || endpoint.Route.Contains(" /cli/", StringComparison.Ordinal)
            )
            .Select(endpoint => $"{endpoint.Route}: {Label(endpoint.Endpoint)}")
            .Order(StringComparer.Ordinal);

        Assert.Equal(Api.Select(route => $"{route.Key}: {route.Value}").Order(StringComparer.Ordinal), found);
    }

    [Fact]
    public void Every_other_endpoint_has_an_authorization_label()
    {
        // Endpoints without a label, refused by the fallback policy: the circuit's connection, and file watching in
        // development.
        var unlabelled = Endpoints()
            .Where(endpoint =>
                !endpoint.Route.Contains(" /_blazor", StringComparison.Ordinal)
                && !endpoint.Route.Contains(" /_framework", StringComparison.Ordinal)
                && !endpoint.Route.EndsWith(" /{**path:file}", StringComparison.Ordinal)
            )
            .Where(endpoint => Label(endpoint.Endpoint).Length == 0)
            .Select(endpoint => $"{endpoint.Route} {endpoint.Endpoint.DisplayName}");

        Assert.Empty(unlabelled);
    }

    [Fact]
    public async Task An_endpoint_without_an_authorization_label_is_refused()
    {
        using var caller = app.Anonymous();

        (await caller.PostAsync("/_blazor/negotiate?negotiateVersion=1")).Refuses(401, "unauthenticated");
    }

    [Fact]
    public async Task The_openapi_document_lists_every_route_with_a_summary_and_its_refusals()
    {
        using var caller = app.Anonymous();

        var document = (await caller.GetAsync("/openapi/v1.json")).Is(200).Json;

        var operations = document
            .GetProperty("paths")
            .EnumerateObject()
            .SelectMany(path =>
                path.Value.EnumerateObject()
                    .Where(member => member.Name is "get" or "post" or "put" or "patch" or "delete")
                    .Select(operation =>
                        (Route: $"{operation.Name.ToUpperInvariant()} {path.Name.TrimEnd('/')}", Operation: operation.Value)
                    )
            )
            .ToList();
        var expected = Api.Keys.Select(route =>
            route.Replace(":guid", "", StringComparison.Ordinal).Replace(":long", "", StringComparison.Ordinal)
        );
        Assert.Equal(expected.Order(StringComparer.Ordinal), operations.Select(operation => operation.Route).Order(StringComparer.Ordinal));
        Assert.All(
            operations,
            operation =>
            {
                Assert.NotEmpty(operation.Operation.GetProperty("summary").GetString()!);
                Assert.NotEmpty(operation.Operation.GetProperty("tags").EnumerateArray());
                Assert.NotEmpty(operation.Operation.GetProperty("responses").EnumerateObject());
            }
        );
    }
}
