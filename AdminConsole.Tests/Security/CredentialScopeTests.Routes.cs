using System.Net.Http.Headers;
using System.Text;
using AdminConsole.Core.Contracts;

namespace AdminConsole.Tests.Security;

/// <summary>The classified routes of the API.</summary>
public abstract partial class CredentialScopeTests
{
    private static readonly Dictionary<string, Rule> Credentials = new()
    {
        ["POST /api/auth/password"] = new(
            w => w.Caller.PostAsync("/api/auth/password", new { currentPassword = TestData.Password, newPassword = TestData.NewPassword }),
            Scope,
            Scope,
            Person
        ),
        ["POST /api/auth/email"] = new(w => w.Caller.PostAsync("/api/auth/email", new { email = TestData.Email() }), Scope, Scope, Person),
        ["POST /api/auth/reauthenticate"] = new(
            w => w.Caller.PostAsync("/api/auth/reauthenticate", new { password = TestData.Password }),
            Scope,
            Scope,
            Person
        ),
        ["POST /api/auth/mfa/totp"] = new(w => w.Caller.PostAsync("/api/auth/mfa/totp"), Scope, Scope, Person),
        ["POST /api/auth/mfa/totp/confirm"] = new(
            w => w.Caller.PostAsync("/api/auth/mfa/totp/confirm", new { enrolment = "x", code = "000000" }),
            Scope,
            Scope,
            Person
        ),
        ["POST /api/auth/cli-code"] = new(w => w.Caller.PostAsync("/api/auth/cli-code"), Ok, Ok, Person),
        ["GET /api/sessions"] = new(w => w.Caller.GetAsync("/api/sessions"), Scope, Scope, Person),
        ["DELETE /api/sessions/{id:guid}"] = new(
            w => w.Caller.SendAsync(HttpMethod.Delete, $"/api/sessions/{w.OwnSession}"),
            Scope,
            Scope,
            Person
        ),
        ["DELETE /api/sessions"] = new(w => w.Caller.SendAsync(HttpMethod.Delete, "/api/sessions"), Scope, Scope, Person),
        ["GET /api/devices"] = new(w => w.Caller.GetAsync("/api/devices"), Ok, Ok, Person),
        ["PATCH /api/devices/{id:guid}"] = new(
            w => w.Caller.SendAsync(HttpMethod.Patch, $"/api/devices/{w.Device}", new { name = "x" }),
            Scope,
            Scope,
            Person
        ),
        ["DELETE /api/devices/{id:guid}"] = new(
            w => w.Caller.SendAsync(HttpMethod.Delete, $"/api/devices/{w.Device}"),
            Scope,
            Scope,
            Person
        ),
        ["GET /api/tokens"] = new(w => w.Caller.GetAsync("/api/tokens"), Ok, Ok, Person),
        ["POST /api/tokens"] = new(
            w => w.Caller.PostAsync("/api/tokens", new { name = "x", scopes = new[] { "users.write" } }),
            Scope,
            Ok,
            Person
        ),
        ["GET /api/tokens/{id:guid}"] = new(w => w.Caller.GetAsync($"/api/tokens/{w.Token}"), Scope, Ok, Person),
        ["PATCH /api/tokens/{id:guid}"] = new(
            w => w.Caller.SendAsync(HttpMethod.Patch, $"/api/tokens/{w.Token}", new { active = true }),
            Scope,
            Ok,
            Person
        ),
        ["POST /api/tokens/{id:guid}/rotate"] = new(
            w => w.Caller.PostAsync($"/api/tokens/{w.Token}/rotate", new { overlapMinutes = 5 }),
            Scope,
            Ok,
            Person
        ),
        ["DELETE /api/tokens/{id:guid}"] = new(w => w.Caller.SendAsync(HttpMethod.Delete, $"/api/tokens/{w.Token}"), Scope, Ok, Person),
        ["POST /api/tokens/current/rotate"] = new(w => w.Caller.RotateAsync(), Forbidden, "token_required", Ok),
        ["GET /api/admin/tokens"] = new(w => w.Caller.GetAsync("/api/admin/tokens"), Forbidden, Ok, Ok),
        ["DELETE /api/admin/tokens/{id:guid}"] = new(
            w => w.Caller.SendAsync(HttpMethod.Delete, $"/api/admin/tokens/{w.Token}"),
            Forbidden,
            Ok,
            Ok
        ),
        ["POST /oauth/introspect"] = new(w => w.Caller.IntrospectAsync("acpat_unknown"), Ok, Ok, Ok),
        ["GET /api/admin/sessions"] = new(w => w.Caller.GetAsync("/api/admin/sessions"), Forbidden, Ok, Ok),
        ["DELETE /api/admin/sessions/{id:guid}"] = new(
            w => w.Caller.SendAsync(HttpMethod.Delete, $"/api/admin/sessions/{w.OtherSession}"),
            Forbidden,
            Ok,
            Ok
        ),
        ["GET /api/users/{id:guid}/sessions"] = new(w => w.Caller.GetAsync($"/api/users/{w.Other}/sessions"), Forbidden, Ok, Ok),
        ["DELETE /api/users/{id:guid}/sessions/{sid:guid}"] = new(
            w => w.Caller.SendAsync(HttpMethod.Delete, $"/api/users/{w.Other}/sessions/{w.OtherSession}"),
            Forbidden,
            Ok,
            Ok
        ),
        ["DELETE /api/users/{id:guid}/sessions"] = new(
            w => w.Caller.SendAsync(HttpMethod.Delete, $"/api/users/{w.Other}/sessions"),
            Forbidden,
            Ok,
            Ok
        ),
        // The own account, which the permission over other users does not include.
        ["POST /api/users/{id:guid}/invitation-link"] = new(
            w => w.Caller.PostAsync($"/api/users/{w.Self}/invitation-link"),
            Forbidden,
            Scope,
            Person
        ),
        ["POST /api/users/{id:guid}/reset-password"] = new(
            w => w.Caller.PostAsync($"/api/users/{w.Self}/reset-password"),
            Forbidden,
            Scope,
            Person
        ),
        ["DELETE /api/users/{id:guid}/reset-password"] = new(
            w => w.Caller.SendAsync(HttpMethod.Delete, $"/api/users/{w.Self}/reset-password"),
            Forbidden,
            Scope,
            Person
        ),
        ["POST /api/users/{id:guid}/set-password"] = new(
            w => w.Caller.PostAsync($"/api/users/{w.Self}/set-password", new { password = TestData.NewPassword }),
            Forbidden,
            Scope,
            Person
        ),
        ["POST /api/users/{id:guid}/require-password-change"] = new(
            w => w.Caller.PostAsync($"/api/users/{w.Self}/require-password-change"),
            Forbidden,
            Scope,
            Person
        ),
        ["POST /api/users/{id:guid}/reset-mfa"] = new(w => w.Caller.PostAsync($"/api/users/{w.Self}/reset-mfa"), Forbidden, Scope, Person),
        ["PATCH /api/users/{id:guid}"] = new(
            w => w.Caller.SendAsync(HttpMethod.Patch, $"/api/users/{w.Self}", new { email = TestData.Email("moved") }),
            Forbidden,
            Scope,
            Person
        ),
        ["POST /api/users/import"] = new(
            async w => await w.Caller.SendAsync(HttpMethod.Post, "/api/users/import", await RenamingAsync(w)),
            Forbidden,
            "import_failed",
            "import_failed"
        ),
        ["POST /api/users/bulk"] = new(
            w => w.Caller.PostAsync("/api/users/bulk", new { ids = new[] { w.Other }, action = "require-password-change" }),
            Forbidden,
            Ok,
            Ok
        ),
        ["POST /api/users"] = new(
            w =>
                w.Caller.PostAsync(
                    "/api/users",
                    new
                    {
                        email = TestData.Email(),
                        password = TestData.Password,
                        roles = new[] { "Admin" },
                    }
                ),
            Forbidden,
            Ok,
            Ok
        ),
        ["POST /api/users/{id:guid}/lockdown"] = new(w => w.Caller.PostAsync($"/api/users/{w.Other}/lockdown"), Forbidden, Ok, Ok),
        ["POST /api/users/{id:guid}/deactivate"] = new(w => w.Caller.PostAsync($"/api/users/{w.Other}/deactivate"), Forbidden, Ok, Ok),
        ["DELETE /api/users/{id:guid}"] = new(w => w.Caller.SendAsync(HttpMethod.Delete, $"/api/users/{w.Other}"), Forbidden, Ok, Ok),
        ["POST /api/auth/logout"] = new(w => w.Caller.PostAsync("/api/auth/logout"), Ok, Ok, Ok),
    };

    /// <summary>Routes that require a permission and affect no credential, so that the permission is the only
    /// check.</summary>
    private static readonly string[] ByPermission =
    [
        "GET /api/users",
        "GET /api/users/{id:guid}",
        "POST /api/users/{id:guid}/activate",
        "POST /api/users/{id:guid}/unlock",
        "PUT /api/users/{id:guid}/roles/{role}",
        "DELETE /api/users/{id:guid}/roles/{role}",
        "DELETE /api/users/{id:guid}/audit-trace",
        "GET /api/users/export",
        "GET /api/roles",
        "GET /api/roles/{name}",
        "POST /api/roles",
        "PUT /api/roles/{name}",
        "DELETE /api/roles/{name}",
        "GET /api/permissions",
        "GET /api/settings",
        "PUT /api/settings",
        "GET /api/settings/second-factor-impact",
        "GET /api/directory/providers",
        "POST /api/directory/providers",
        "GET /api/directory/providers/{id:guid}",
        "PUT /api/directory/providers/{id:guid}",
        "DELETE /api/directory/providers/{id:guid}",
        "GET /api/directory/providers/{id:guid}/rules",
        "PUT /api/directory/providers/{id:guid}/rules",
        "POST /api/directory/providers/{id:guid}/check",
        "GET /api/directory/required-roles",
        "PUT /api/directory/required-roles",
        "GET /api/directory/required-roles/impact",
        "PUT /api/users/{id:guid}/break-glass",
        "DELETE /api/users/{id:guid}/break-glass",
        "GET /api/system",
        "GET /api/audit",
        "GET /api/audit/{id:long}",
        "GET /api/audit/export",
        "GET /api/audit/stream",
        "GET /api/audit/verify",
        "GET /api/audit/views",
        "POST /api/audit/views",
        "PATCH /api/audit/views/{id:guid}",
        "DELETE /api/audit/views/{id:guid}",
        "GET /api/system/mail",
        "POST /api/system/mail/retry",
        "POST /api/system/mail/{id:guid}/retry",
        "POST /api/system/mail/test",
    ];

    /// <summary>Routes that use no credential of the request, or only the current one.</summary>
    private static readonly string[] WithoutCredential =
    [
        "GET /api/auth/me",
        "GET /api/auth/setup-required",
        "POST /api/auth/setup",
        "POST /api/auth/login",
        "POST /api/auth/forgot-password",
        "POST /api/auth/reset-password",
        "POST /api/auth/confirm-email",
        "POST /api/auth/token",
        "POST /oauth/token",
        "POST /oauth/device_authorization",
        "POST /oauth/revoke",
        "GET /.well-known/oauth-authorization-server",
        "GET /.well-known/jwks.json",
        "GET /cli/install.sh",
        "GET /cli/download",
    ];

    private static async Task<StringContent> RenamingAsync(World world)
    {
        var me = (await world.Caller.MeAsync()).Is(200).As<Me>();
        return new StringContent(
            $"email,userName\n{me.Email},{TestData.Name("renamed")}\n",
            Encoding.UTF8,
            new MediaTypeHeaderValue("text/csv")
        );
    }
}
