using AdminConsole.Core.Contracts;

namespace AdminConsole.Tests.Audit;

/// <summary>Operations on users, their sessions and roles.</summary>
public abstract partial class AuditCoverageTests
{
    private static readonly AuditedOperation[] UserOperations =
    [
        new(
            "an invitation",
            ["user.created", "user.invited"],
            async scenario => await scenario.Admin.PostAsync("/api/users", new { email = TestData.Email(), invite = true })
        ),
        new(
            "POST /api/users",
            ["user.created"],
            async scenario => await scenario.Admin.PostAsync("/api/users", new { email = TestData.Email() })
        ),
        new(
            "PATCH /api/users/{id:guid}",
            ["user.updated"],
            scenario => scenario.OnUserAsync(user => scenario.Admin.PatchAsync($"/api/users/{user.Id}", new { displayName = "Another" }))
        ),
        new(
            "DELETE /api/users/{id:guid}",
            ["user.deleted"],
            scenario => scenario.OnUserAsync(user => scenario.Admin.DeleteAsync($"/api/users/{user.Id}"))
        ),
        new(
            "POST /api/users/{id:guid}/deactivate",
            ["user.deactivated"],
            scenario => scenario.OnUserAsync(user => scenario.Admin.PostAsync($"/api/users/{user.Id}/deactivate"))
        ),
        new(
            "POST /api/users/{id:guid}/activate",
            ["user.activated"],
            scenario =>
                scenario.OnUserAsync(async user =>
                {
                    (await scenario.Admin.PostAsync($"/api/users/{user.Id}/deactivate")).Is(200);
                    return await scenario.Admin.PostAsync($"/api/users/{user.Id}/activate");
                })
        ),
        new(
            "POST /api/users/{id:guid}/unlock",
            ["user.unlocked"],
            scenario => scenario.OnUserAsync(user => scenario.Admin.PostAsync($"/api/users/{user.Id}/unlock"))
        ),
        new(
            "POST /api/users/{id:guid}/lockdown",
            ["user.locked_down"],
            scenario => scenario.OnUserAsync(user => scenario.Admin.PostAsync($"/api/users/{user.Id}/lockdown", new { reason = "test" }))
        ),
        new(
            "PUT /api/users/{id:guid}/roles/{role}",
            ["user.role_added"],
            scenario => scenario.OnUserAsync(user => scenario.Admin.PutAsync($"/api/users/{user.Id}/roles/Operator"))
        ),
        new(
            "DELETE /api/users/{id:guid}/roles/{role}",
            ["user.role_removed"],
            scenario => scenario.OnUserAsync(user => scenario.Admin.DeleteAsync($"/api/users/{user.Id}/roles/User"))
        ),
        new(
            "POST /api/users/{id:guid}/reset-password",
            ["user.password_reset_requested"],
            scenario => scenario.OnUserAsync(user => scenario.Admin.PostAsync($"/api/users/{user.Id}/reset-password"))
        ),
        new(
            "POST /api/users/{id:guid}/invitation-link",
            ["user.invited"],
            async scenario =>
            {
                var user = await scenario.App.CreateUserAsync();
                return await scenario.Admin.PostAsync($"/api/users/{user.Id}/invitation-link");
            }
        ),
        new(
            "DELETE /api/users/{id:guid}/reset-password",
            ["user.password_reset_cancelled"],
            scenario =>
                scenario.OnUserAsync(async user =>
                {
                    (await scenario.Admin.PostAsync($"/api/users/{user.Id}/reset-password")).Is(200);
                    return await scenario.Admin.DeleteAsync($"/api/users/{user.Id}/reset-password");
                })
        ),
        new(
            "POST /api/users/{id:guid}/set-password",
            ["user.password_set"],
            scenario =>
                scenario.OnUserAsync(user =>
                    scenario.Admin.PostAsync($"/api/users/{user.Id}/set-password", new { password = TestData.NewPassword })
                )
        ),
        new(
            "POST /api/users/{id:guid}/require-password-change",
            ["user.password_change_required"],
            scenario => scenario.OnUserAsync(user => scenario.Admin.PostAsync($"/api/users/{user.Id}/require-password-change"))
        ),
        new(
            "POST /api/users/{id:guid}/reset-mfa",
            ["auth.mfa_disabled"],
            scenario => scenario.OnUserAsync(user => scenario.Admin.PostAsync($"/api/users/{user.Id}/reset-mfa"))
        ),
        new(
            "DELETE /api/users/{id:guid}/audit-trace",
            ["user.updated"],
            scenario => scenario.OnUserAsync(user => scenario.Admin.DeleteAsync($"/api/users/{user.Id}/audit-trace"))
        ),
        new(
            "POST /api/users/bulk",
            ["user.deactivated"],
            scenario =>
                scenario.OnUserAsync(user =>
                    scenario.Admin.PostAsync("/api/users/bulk", new { ids = new[] { user.Id }, action = "deactivate" })
                )
        ),
        new(
            "POST /api/users/import",
            ["user.created", "user.imported"],
            async scenario =>
                await scenario.Admin.SendAsync(HttpMethod.Post, "/api/users/import", Scenario.Csv($"email\n{TestData.Email()}\n"))
        ),
        new(
            "DELETE /api/users/{id:guid}/sessions/{sid:guid}",
            ["session.ended"],
            async scenario =>
            {
                var person = await scenario.PersonAsync();
                var session = (await scenario.Admin.GetAsync($"/api/users/{person.Id}/sessions")).As<Page<SessionSummary>>().Items[0];
                return await scenario.Admin.DeleteAsync($"/api/users/{person.Id}/sessions/{session.Id}");
            }
        ),
        new(
            "DELETE /api/admin/sessions/{id:guid}",
            ["session.ended"],
            async scenario =>
            {
                var person = await scenario.PersonAsync();
                var session = (await scenario.Admin.GetAsync($"/api/users/{person.Id}/sessions")).As<Page<SessionSummary>>().Items[0];
                return await scenario.Admin.DeleteAsync($"/api/admin/sessions/{session.Id}");
            }
        ),
        new(
            "DELETE /api/users/{id:guid}/sessions",
            ["session.ended"],
            async scenario => await scenario.Admin.DeleteAsync($"/api/users/{(await scenario.PersonAsync()).Id}/sessions")
        ),
        new(
            "POST /api/roles",
            ["role.created"],
            async scenario =>
                await scenario.Admin.PostAsync(
                    "/api/roles",
                    new
                    {
                        name = TestData.Name("Made"),
                        description = "",
                        permissions = Array.Empty<string>(),
                    }
                )
        ),
        new(
            "PUT /api/roles/{name}",
            ["role.updated"],
            async scenario =>
            {
                var role = await scenario.App.CreateRoleAsync();
                return await scenario.Admin.SendAsync(
                    HttpMethod.Put,
                    $"/api/roles/{role}",
                    new
                    {
                        name = role,
                        description = "Other",
                        permissions = Array.Empty<string>(),
                    }
                );
            }
        ),
        new(
            "DELETE /api/roles/{name}",
            ["role.deleted"],
            async scenario => await scenario.Admin.DeleteAsync($"/api/roles/{await scenario.App.CreateRoleAsync()}")
        ),
    ];
}
