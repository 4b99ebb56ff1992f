using AdminConsole.Core.Audit;
using AdminConsole.Core.Authentication;
using AdminConsole.Core.Backups;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Roles;

namespace AdminConsole.Tests.Audit;

/// <summary>Operations on settings, email and the audit log, and the commands of the server.</summary>
public abstract partial class AuditCoverageTests
{
    private static readonly AuditedOperation[] SystemOperations =
    [
        // Saved views are private and leave no event (decision 0012).
        new("POST /api/audit/views", [], async scenario => await SaveViewAsync(await scenario.PersonAsync("Operator"))),
        new(
            "PATCH /api/audit/views/{id:guid}",
            [],
            async scenario =>
            {
                var person = await scenario.PersonAsync("Operator");
                var view = (await SaveViewAsync(person)).As<SavedAuditView>();
                return await person.Caller.SendAsync(HttpMethod.Patch, $"/api/audit/views/{view.Id}", new { name = "Renamed" });
            }
        ),
        new(
            "DELETE /api/audit/views/{id:guid}",
            [],
            async scenario =>
            {
                var person = await scenario.PersonAsync("Operator");
                var view = (await SaveViewAsync(person)).As<SavedAuditView>();
                return await person.Caller.DeleteAsync($"/api/audit/views/{view.Id}");
            }
        ),
        // No mail has failed here; OutboxTests retry failed mail.
        new("POST /api/system/mail/retry", [], async scenario => await scenario.Admin.PostAsync("/api/system/mail/retry")),
        new(
            "POST /api/system/mail/{id:guid}/retry",
            [],
            async scenario =>
            {
                (await scenario.Admin.PostAsync($"/api/system/mail/{Guid.CreateVersion7()}/retry")).Refuses(404, "not_found");
                return null;
            }
        ),
        new("POST /api/system/mail/test", [], async scenario => await scenario.Admin.PostAsync("/api/system/mail/test")),
        new(
            "PUT /api/settings",
            ["settings.updated"],
            async scenario =>
            {
                (await scenario.Admin.SendAsync(HttpMethod.Put, "/api/settings", new SystemSettings { AuditRetentionDays = 30 })).Is(200);
                return await scenario.Admin.SendAsync(HttpMethod.Put, "/api/settings", new SystemSettings());
            }
        ),
        new(
            "an endpoint that needs another permission",
            ["access.denied"],
            async scenario =>
            {
                (await (await scenario.PersonAsync()).Caller.GetAsync("/api/audit")).Is(403);
                return null;
            }
        ),
        new(
            "GET /api/audit",
            ["audit.viewed"],
            async scenario => await (await scenario.PersonAsync("Operator")).Caller.GetAsync("/api/audit")
        ),
        new(
            "GET /api/audit/export",
            ["audit.exported"],
            async scenario => await scenario.Admin.GetAsync("/api/audit/export?action=role.deleted")
        ),
        new("GET /api/audit/verify", ["audit.verified"], async scenario => await scenario.Admin.GetAsync("/api/audit/verify")),
        new(
            "retention",
            ["audit.pruned"],
            async scenario =>
            {
                await using var old = await AdminApp.StartAsync(scenario.App.Provider);
                await old.CreateUserAsync(TestData.AdminEmail, TestData.Password, AppRole.Admin);
                using var admin = await old.SignInAdminAsync();
                (await admin.SendAsync(HttpMethod.Put, "/api/settings", new SystemSettings { AuditRetentionDays = 30 })).Is(200);
                old.Clock.Advance(TimeSpan.FromDays(31));
                var watch = await old.WatchAsync();
                await old.Services.GetRequiredService<AuditRetention>().RunOnceAsync(default);
                await watch.RecordedAsync("audit.pruned");
                return null;
            }
        ),
        new(
            "audit-repair",
            ["audit.repaired"],
            async scenario =>
            {
                await using var tampered = await AdminApp.StartAsync(scenario.App.Provider);
                await tampered.CreateUserAsync();
                var watch = await tampered.WatchAsync();
                await Tampering.DropTriggersAsync(tampered);
                Assert.Null(
                    (
                        await tampered.RunAsync<AuditRepair, Refusal?>(async repair =>
                            (await repair.RepairAsync(accept: false, default)).Refusal
                        )
                    )
                );
                await watch.RecordedAsync("audit.repaired");
                return null;
            }
        ),
        new(
            "restore",
            ["backup.restored"],
            async scenario =>
            {
                await using var restored = await AdminApp.StartAsync(scenario.App.Provider);
                await restored.CreateUserAsync();
                var watch = await restored.WatchAsync();
                Assert.Null(
                    (
                        await restored.RunAsync<RestoredDatabase, Refusal?>(async backup =>
                            (await backup.SettleAsync(keepTokens: false, default)).Refusal
                        )
                    )
                );
                await watch.RecordedAsync("backup.restored", "session.ended");
                return null;
            }
        ),
        new(
            "backup",
            ["backup.created"],
            async scenario =>
            {
                Assert.Null(
                    (
                        await scenario.App.RunAsync<DatabaseBackup, Refusal?>(async backup =>
                            (await backup.CreateAsync(Path.Combine(Directory.CreateTempSubdirectory().FullName, "b"), default)).Refusal
                        )
                    )
                );
                return null;
            }
        ),
        new(
            "recover-admin",
            ["admin.recovered"],
            async scenario =>
            {
                var email = TestData.Email();
                Assert.Null(
                    (
                        await scenario.App.RunAsync<AdminRecovery, Refusal?>(async recovery =>
                            (await recovery.RecoverAsync(email, default)).Refusal
                        )
                    )
                );
                return null;
            }
        ),
    ];

    private static Task<ApiResponse> SaveViewAsync(TestUser person) =>
        person.Caller.PostAsync("/api/audit/views", new { name = "Failures", query = new { action = "auth.sign_in_failed" } });
}
