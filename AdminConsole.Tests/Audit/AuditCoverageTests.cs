using System.Net.Http.Headers;
using System.Text;
using AdminConsole.Core.Account;
using AdminConsole.Core.Audit;
using AdminConsole.Core.Authentication;
using AdminConsole.Core.Backups;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using AdminConsole.Tests.Email;
using AdminConsole.Tests.OAuth;
using AdminConsole.Tests.Tokens;
using Microsoft.AspNetCore.Identity;

namespace AdminConsole.Tests.Audit;

/// <summary>Nothing happens unrecorded: a way through the product to every action there is, and an event for every door
/// that changes something.</summary>
public abstract class AuditCoverageTests(AdminApp app)
{
    /// <summary>One way through the product: by which door, what is recorded, and how it goes.</summary>
    private sealed record Path(string EntryPoint, string[] Actions, Func<Scene, Task<ApiResponse?>> Walk);

    /// <summary>Who and what a way needs.</summary>
    private sealed class Scene(AdminApp app, ApiClient admin)
    {
        public AdminApp App => app;

        public ApiClient Admin => admin;

        public Task<UserDetails> UserAsync() => app.CreateUserAsync();

        public Task<TestUser> PersonAsync(params string[] roles) => app.PersonAsync(roles);

        public async Task<ApiResponse?> OnUserAsync(Func<UserDetails, Task<ApiResponse>> act) => await act(await UserAsync());

        public async Task<ApiResponse?> WithTokenAsync(Func<TestUser, CreatedToken, Task<ApiResponse?>> act)
        {
            var person = await PersonAsync();
            return await act(person, await person.Caller.CreateTokenAsync(Permissions.TokensRotate));
        }

        public static StringContent Csv(string text) => new(text, Encoding.UTF8, new MediaTypeHeaderValue("text/csv"));
    }

    private static readonly Path[] Paths =
    [
        new(
            "POST /api/auth/setup",
            ["setup.completed", "user.created", "auth.signed_in"],
            async scene =>
            {
                await using var empty = await AdminApp.StartAsync(scene.App.Provider);
                using var first = empty.Anybody();
                var watch = await empty.WatchAsync();
                var answer = await first.PostAsync("/api/auth/setup", new { email = TestData.AdminEmail, password = TestData.Password });
                await watch.RecordedAsync("setup.completed", "user.created", "auth.signed_in");
                return answer;
            }
        ),
        new(
            "POST /api/auth/login",
            ["auth.signed_in"],
            async scene =>
            {
                using var caller = scene.App.Anybody();
                return await caller.PostAsync("/api/auth/login", new { login = TestData.AdminEmail, password = TestData.Password });
            }
        ),
        new(
            "a wrong password",
            ["auth.sign_in_failed", "auth.locked_out"],
            async scene =>
            {
                var person = await scene.PersonAsync();
                using var stranger = scene.App.Anybody();
                for (var attempt = 0; attempt < 10; attempt++)
                {
                    (await stranger.PostAsync("/api/auth/login", new { login = person.Email, password = "wrong password 1" })).Is(401);
                }

                return null;
            }
        ),
        new(
            "POST /api/auth/logout",
            ["auth.signed_out"],
            async scene => await (await scene.PersonAsync()).Caller.PostAsync("/api/auth/logout")
        ),
        new(
            "POST /api/auth/forgot-password",
            ["user.password_reset_requested"],
            async scene => await scene.Admin.PostAsync("/api/auth/forgot-password", new { email = (await scene.PersonAsync()).Email })
        ),
        new(
            "an invitation",
            ["user.created", "user.invited"],
            async scene => await scene.Admin.PostAsync("/api/users", new { email = TestData.Email(), invite = true })
        ),
        new(
            "POST /api/auth/reset-password",
            ["user.password_reset"],
            async scene =>
            {
                var user = await scene.UserAsync();
                var link = (await scene.Admin.PostAsync($"/api/users/{user.Id}/reset-password")).Is(200).As<PasswordResetLink>();
                return await scene.Admin.PostAsync(
                    "/api/auth/reset-password",
                    new
                    {
                        email = user.Email,
                        token = link.ResetToken,
                        newPassword = TestData.NewPassword,
                    }
                );
            }
        ),
        new(
            "POST /api/auth/password",
            ["user.password_changed"],
            async scene =>
                await (await scene.PersonAsync()).Caller.PostAsync(
                    "/api/auth/password",
                    new { currentPassword = TestData.Password, newPassword = TestData.NewPassword }
                )
        ),
        new(
            "POST /api/auth/email",
            ["user.email_change_requested"],
            async scene => await (await scene.PersonAsync()).Caller.PostAsync("/api/auth/email", new { email = TestData.Email("next") })
        ),
        new(
            "POST /api/auth/confirm-email",
            ["user.email_changed"],
            async scene =>
            {
                var (person, email) = (await scene.PersonAsync(), TestData.Email("next"));
                (await person.Caller.PostAsync("/api/auth/email", new { email })).Is(202);
                var mail = (await scene.App.MailsAsync("confirm-email", email))[0];
                return await scene.Admin.PostAsync("/api/auth/confirm-email", new { email, token = mail.Of("token") });
            }
        ),
        new(
            "POST /api/auth/reauthenticate",
            ["auth.signed_in"],
            async scene =>
                await (await scene.PersonAsync()).Caller.PostAsync("/api/auth/reauthenticate", new { password = TestData.Password })
        ),
        new("POST /api/auth/mfa/totp", [], async scene => await (await scene.PersonAsync()).Caller.PostAsync("/api/auth/mfa/totp")),
        new(
            "POST /api/auth/mfa/totp/confirm",
            ["auth.mfa_enabled", "auth.recovery_codes_generated"],
            async scene =>
            {
                var person = await scene.PersonAsync();
                var offer = (await person.Caller.PostAsync("/api/auth/mfa/totp")).Is(200).As<TotpOffer>();
                return await person.Caller.PostAsync(
                    "/api/auth/mfa/totp/confirm",
                    new { enrolment = offer.Enrolment, code = AdminConsole.Tests.Authentication.Enrolled.CodeOf(scene.App, offer) }
                );
            }
        ),
        new(
            "a recovery code",
            ["auth.recovery_code_used", "auth.signed_in"],
            async scene =>
            {
                var person = await AdminConsole.Tests.Authentication.Enrolled.CreateAsync(scene.App);
                using var caller = scene.App.Anybody();
                return await person.SignInAsync(caller, recoveryCode: person.RecoveryCodes[0]);
            }
        ),
        new(
            "a passkey",
            ["auth.passkey_added", "auth.passkey_removed"],
            async scene =>
            {
                var person = await AdminConsole.Tests.Authentication.Enrolled.CreateAsync(scene.App);
                await AdminConsole.Tests.Authentication.Keys.AddAsync(scene.App, person.Actor, [1, 2, 3]);
                Assert.Null((await AdminConsole.Tests.Authentication.Keys.RemoveAsync(scene.App, person.Actor, [1, 2, 3])).Refusal);
                return null;
            }
        ),
        new(
            "an identity provider",
            ["user.linked", "user.unlinked"],
            async scene =>
            {
                var person = await AdminConsole.Tests.Authentication.Enrolled.CreateAsync(scene.App);
                var login = new UserLoginInfo("Example", $"{person.User.Id}", "Example account");
                Assert.Null((await scene.App.RunAsync<OwnLogins, Result<Unit>>(own => own.AddAsync(person.Actor, login, default))).Refusal);
                Assert.Null(
                    (await scene.App.RunAsync<OwnLogins, Result<Unit>>(own => own.RemoveAsync(person.Actor, login, default))).Refusal
                );
                return null;
            }
        ),
        new(
            "DELETE /api/sessions/{id:guid}",
            ["session.ended"],
            async scene =>
            {
                var person = await scene.PersonAsync();
                var own = (await person.Caller.GetAsync("/api/sessions")).As<Page<SessionSummary>>().Items[0];
                return await person.Caller.DeleteAsync($"/api/sessions/{own.Id}");
            }
        ),
        new(
            "DELETE /api/sessions",
            ["session.ended"],
            async scene =>
            {
                var person = await scene.PersonAsync();
                using var other = await scene.App.SignInAsync(person.Email);
                return await person.Caller.DeleteAsync("/api/sessions");
            }
        ),
        new(
            "POST /api/users",
            ["user.created"],
            async scene => await scene.Admin.PostAsync("/api/users", new { email = TestData.Email() })
        ),
        new(
            "PATCH /api/users/{id:guid}",
            ["user.updated"],
            scene => scene.OnUserAsync(user => scene.Admin.PatchAsync($"/api/users/{user.Id}", new { displayName = "Another" }))
        ),
        new(
            "DELETE /api/users/{id:guid}",
            ["user.deleted"],
            scene => scene.OnUserAsync(user => scene.Admin.DeleteAsync($"/api/users/{user.Id}"))
        ),
        new(
            "POST /api/users/{id:guid}/deactivate",
            ["user.deactivated"],
            scene => scene.OnUserAsync(user => scene.Admin.PostAsync($"/api/users/{user.Id}/deactivate"))
        ),
        new(
            "POST /api/users/{id:guid}/activate",
            ["user.activated"],
            scene =>
                scene.OnUserAsync(async user =>
                {
                    (await scene.Admin.PostAsync($"/api/users/{user.Id}/deactivate")).Is(200);
                    return await scene.Admin.PostAsync($"/api/users/{user.Id}/activate");
                })
        ),
        new(
            "POST /api/users/{id:guid}/unlock",
            ["user.unlocked"],
            scene => scene.OnUserAsync(user => scene.Admin.PostAsync($"/api/users/{user.Id}/unlock"))
        ),
        new(
            "POST /api/users/{id:guid}/lockdown",
            ["user.locked_down"],
            scene => scene.OnUserAsync(user => scene.Admin.PostAsync($"/api/users/{user.Id}/lockdown", new { reason = "test" }))
        ),
        new(
            "PUT /api/users/{id:guid}/roles/{role}",
            ["user.role_added"],
            scene => scene.OnUserAsync(user => scene.Admin.PutAsync($"/api/users/{user.Id}/roles/Operator"))
        ),
        new(
            "DELETE /api/users/{id:guid}/roles/{role}",
            ["user.role_removed"],
            scene => scene.OnUserAsync(user => scene.Admin.DeleteAsync($"/api/users/{user.Id}/roles/User"))
        ),
        new(
            "POST /api/users/{id:guid}/reset-password",
            ["user.password_reset_requested"],
            scene => scene.OnUserAsync(user => scene.Admin.PostAsync($"/api/users/{user.Id}/reset-password"))
        ),
        new(
            "POST /api/users/{id:guid}/invitation-link",
            ["user.invited"],
            async scene =>
            {
                var user = await scene.App.CreateUserAsync();
                return await scene.Admin.PostAsync($"/api/users/{user.Id}/invitation-link");
            }
        ),
        new(
            "DELETE /api/users/{id:guid}/reset-password",
            ["user.password_reset_cancelled"],
            scene =>
                scene.OnUserAsync(async user =>
                {
                    (await scene.Admin.PostAsync($"/api/users/{user.Id}/reset-password")).Is(200);
                    return await scene.Admin.DeleteAsync($"/api/users/{user.Id}/reset-password");
                })
        ),
        new(
            "POST /api/users/{id:guid}/set-password",
            ["user.password_set"],
            scene =>
                scene.OnUserAsync(user =>
                    scene.Admin.PostAsync($"/api/users/{user.Id}/set-password", new { password = TestData.NewPassword })
                )
        ),
        new(
            "POST /api/users/{id:guid}/require-password-change",
            ["user.password_change_required"],
            scene => scene.OnUserAsync(user => scene.Admin.PostAsync($"/api/users/{user.Id}/require-password-change"))
        ),
        new(
            "POST /api/users/{id:guid}/reset-mfa",
            ["auth.mfa_disabled"],
            scene => scene.OnUserAsync(user => scene.Admin.PostAsync($"/api/users/{user.Id}/reset-mfa"))
        ),
        new(
            "DELETE /api/users/{id:guid}/audit-trace",
            ["user.updated"],
            scene => scene.OnUserAsync(user => scene.Admin.DeleteAsync($"/api/users/{user.Id}/audit-trace"))
        ),
        new(
            "POST /api/users/bulk",
            ["user.deactivated"],
            scene =>
                scene.OnUserAsync(user => scene.Admin.PostAsync("/api/users/bulk", new { ids = new[] { user.Id }, action = "deactivate" }))
        ),
        new(
            "POST /api/users/import",
            ["user.created", "user.imported"],
            async scene => await scene.Admin.SendAsync(HttpMethod.Post, "/api/users/import", Scene.Csv($"email\n{TestData.Email()}\n"))
        ),
        new(
            "DELETE /api/users/{id:guid}/sessions/{sid:guid}",
            ["session.ended"],
            async scene =>
            {
                var person = await scene.PersonAsync();
                var session = (await scene.Admin.GetAsync($"/api/users/{person.Id}/sessions")).As<Page<SessionSummary>>().Items[0];
                return await scene.Admin.DeleteAsync($"/api/users/{person.Id}/sessions/{session.Id}");
            }
        ),
        new(
            "DELETE /api/admin/sessions/{id:guid}",
            ["session.ended"],
            async scene =>
            {
                var person = await scene.PersonAsync();
                var session = (await scene.Admin.GetAsync($"/api/users/{person.Id}/sessions")).As<Page<SessionSummary>>().Items[0];
                return await scene.Admin.DeleteAsync($"/api/admin/sessions/{session.Id}");
            }
        ),
        new(
            "DELETE /api/users/{id:guid}/reset-password",
            ["user.password_reset_cancelled"],
            async scene =>
                await scene.OnUserAsync(async user =>
                {
                    (await scene.Admin.PostAsync($"/api/users/{user.Id}/reset-password")).Is(200);
                    return await scene.Admin.DeleteAsync($"/api/users/{user.Id}/reset-password");
                })
        ),
        // Views are the operator's own and leave no event (decision 0012).
        new("POST /api/audit/views", [], async scene => await SaveViewAsync(await scene.PersonAsync("Operator"))),
        new(
            "PATCH /api/audit/views/{id:guid}",
            [],
            async scene =>
            {
                var person = await scene.PersonAsync("Operator");
                var view = (await SaveViewAsync(person)).As<SavedAuditView>();
                return await person.Caller.SendAsync(HttpMethod.Patch, $"/api/audit/views/{view.Id}", new { name = "Renamed" });
            }
        ),
        new(
            "DELETE /api/audit/views/{id:guid}",
            [],
            async scene =>
            {
                var person = await scene.PersonAsync("Operator");
                var view = (await SaveViewAsync(person)).As<SavedAuditView>();
                return await person.Caller.DeleteAsync($"/api/audit/views/{view.Id}");
            }
        ),
        // Nothing has failed: what these two do with failed mail is in OutboxTests.
        new("POST /api/system/mail/retry", [], async scene => await scene.Admin.PostAsync("/api/system/mail/retry")),
        new(
            "POST /api/system/mail/{id:guid}/retry",
            [],
            async scene =>
            {
                (await scene.Admin.PostAsync($"/api/system/mail/{Guid.CreateVersion7()}/retry")).Refuses(404, "not_found");
                return null;
            }
        ),
        new("POST /api/system/mail/test", [], async scene => await scene.Admin.PostAsync("/api/system/mail/test")),
        new(
            "DELETE /api/users/{id:guid}/sessions",
            ["session.ended"],
            async scene => await scene.Admin.DeleteAsync($"/api/users/{(await scene.PersonAsync()).Id}/sessions")
        ),
        new(
            "POST /api/roles",
            ["role.created"],
            async scene =>
                await scene.Admin.PostAsync(
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
            async scene =>
            {
                var role = await scene.App.CreateRoleAsync();
                return await scene.Admin.SendAsync(
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
            async scene => await scene.Admin.DeleteAsync($"/api/roles/{await scene.App.CreateRoleAsync()}")
        ),
        new(
            "POST /api/tokens",
            ["token.created"],
            async scene => await (await scene.PersonAsync()).Caller.PostAsync("/api/tokens", new { name = "Nightly job" })
        ),
        new(
            "PATCH /api/tokens/{id:guid}",
            ["token.updated"],
            scene =>
                scene.WithTokenAsync(
                    async (person, token) => await person.Caller.PatchAsync($"/api/tokens/{token.Id}", new { active = false })
                )
        ),
        new(
            "DELETE /api/tokens/{id:guid}",
            ["token.revoked"],
            scene => scene.WithTokenAsync(async (person, token) => await person.Caller.DeleteAsync($"/api/tokens/{token.Id}"))
        ),
        new(
            "DELETE /api/admin/tokens/{id:guid}",
            ["token.revoked"],
            scene => scene.WithTokenAsync(async (_, token) => await scene.Admin.DeleteAsync($"/api/admin/tokens/{token.Id}"))
        ),
        new(
            "POST /api/tokens/{id:guid}/rotate",
            ["token.rotated"],
            scene => scene.WithTokenAsync(async (person, token) => await person.Caller.RotateAsync(token.Id))
        ),
        new(
            "POST /api/tokens/current/rotate",
            ["token.rotated"],
            scene => scene.WithTokenAsync(async (_, token) => await scene.App.With(token.Token).RotateAsync())
        ),
        new(
            "a rotated-out token",
            ["token.reuse_detected"],
            scene =>
                scene.WithTokenAsync(
                    async (person, token) =>
                    {
                        (await person.Caller.RotateAsync(token.Id)).Is(201);
                        (await scene.App.With(token.Token).MeAsync()).Is(401);
                        return null;
                    }
                )
        ),
        new(
            "POST /api/auth/cli-code",
            ["device.code_requested"],
            async scene => await (await scene.PersonAsync()).Caller.PostAsync("/api/auth/cli-code")
        ),
        new(
            "POST /api/auth/token",
            ["auth.signed_in", "device.connected"],
            async scene =>
                await scene.Admin.PostAsync(
                    "/api/auth/token",
                    new { login = (await scene.PersonAsync()).Email, password = TestData.Password }
                )
        ),
        new(
            "PATCH /api/devices/{id:guid}",
            ["device.renamed"],
            async scene =>
            {
                var person = await scene.PersonAsync();
                var device = await scene.App.ConnectAsync(person.Caller);
                return await person.Caller.PatchAsync($"/api/devices/{device.Id}", new { name = "Renamed" });
            }
        ),
        new(
            "DELETE /api/devices/{id:guid}",
            ["device.revoked"],
            async scene =>
            {
                var person = await scene.PersonAsync();
                return await person.Caller.DeleteAsync($"/api/devices/{(await scene.App.ConnectAsync(person.Caller)).Id}");
            }
        ),
        new(
            "a device that is let in",
            ["device.code_requested", "device.approved", "device.connected"],
            async scene =>
            {
                var request = await scene.App.RequestDeviceAsync();
                Assert.Null((await scene.App.ApproveAsync((await scene.PersonAsync()).Caller, request.UserCode)).Refusal);
                return await scene.App.PollAsync(request);
            }
        ),
        new(
            "a device that is kept out",
            ["device.denied"],
            async scene =>
            {
                var request = await scene.App.RequestDeviceAsync();
                Assert.Null(
                    (
                        await scene.App.AsAsync(
                            (await scene.PersonAsync()).Caller,
                            (approval, actor) => approval.DenyAsync(actor, request.UserCode, default)
                        )
                    ).Refusal
                );
                return null;
            }
        ),
        new(
            "a refresh token used twice",
            ["refresh.reuse_detected"],
            async scene =>
            {
                var device = await scene.App.ConnectAsync((await scene.PersonAsync()).Caller);
                await (await device.RefreshedAsync()).RefreshedAsync();
                (await device.RefreshAsync()).Is(400);
                return null;
            }
        ),
        new(
            "PUT /api/settings",
            ["settings.updated"],
            async scene =>
            {
                (await scene.Admin.SendAsync(HttpMethod.Put, "/api/settings", new SystemSettings { AuditRetentionDays = 30 })).Is(200);
                return await scene.Admin.SendAsync(HttpMethod.Put, "/api/settings", new SystemSettings());
            }
        ),
        new(
            "a door that stays closed",
            ["access.denied"],
            async scene =>
            {
                (await (await scene.PersonAsync()).Caller.GetAsync("/api/audit")).Is(403);
                return null;
            }
        ),
        new("GET /api/audit", ["audit.viewed"], async scene => await (await scene.PersonAsync("Operator")).Caller.GetAsync("/api/audit")),
        new(
            "GET /api/audit/export",
            ["audit.exported"],
            async scene => await scene.Admin.GetAsync("/api/audit/export?action=role.deleted")
        ),
        new("GET /api/audit/verify", ["audit.verified"], async scene => await scene.Admin.GetAsync("/api/audit/verify")),
        new(
            "retention",
            ["audit.pruned"],
            async scene =>
            {
                await using var old = await AdminApp.StartAsync(scene.App.Provider);
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
            async scene =>
            {
                await using var tampered = await AdminApp.StartAsync(scene.App.Provider);
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
            async scene =>
            {
                await using var restored = await AdminApp.StartAsync(scene.App.Provider);
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
            async scene =>
            {
                Assert.Null(
                    (
                        await scene.App.RunAsync<DatabaseBackup, Refusal?>(async backup =>
                            (
                                await backup.CreateAsync(
                                    global::System.IO.Path.Combine(Directory.CreateTempSubdirectory().FullName, "b"),
                                    default
                                )
                            ).Refusal
                        )
                    )
                );
                return null;
            }
        ),
        new(
            "recover-admin",
            ["admin.recovered"],
            async scene =>
            {
                var email = TestData.Email();
                Assert.Null(
                    (
                        await scene.App.RunAsync<AdminRecovery, Refusal?>(async recovery =>
                            (await recovery.RecoverAsync(email, default)).Refusal
                        )
                    )
                );
                return null;
            }
        ),
    ];

    // In an installation of their own, where they look by themselves.
    private static readonly string[] Elsewhere = ["POST /api/auth/setup", "retention", "audit-repair", "restore"];

    private static Task<ApiResponse> SaveViewAsync(TestUser person) =>
        person.Caller.PostAsync("/api/audit/views", new { name = "Failures", query = new { action = "auth.sign_in_failed" } });

    [Fact]
    public void Every_action_has_a_way_through_the_product()
    {
        var walked = Paths.SelectMany(path => path.Actions).Distinct();

        Assert.Equal(AuditActions.All.Order(StringComparer.Ordinal), walked.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_door_that_changes_something_has_a_way_through_it()
    {
        var doors = app
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint =>
                (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []).Select(method =>
                    $"{method} /{endpoint.RoutePattern.RawText?.Trim('/')}"
                )
            )
            .Where(door => door.Contains(" /api/", StringComparison.Ordinal) && !door.StartsWith("GET ", StringComparison.Ordinal));

        Assert.Empty(doors.Except(Paths.Select(path => path.EntryPoint)));
    }

    [Fact]
    public async Task Each_way_succeeds_and_leaves_its_events()
    {
        using var admin = await app.SignInAdminAsync();
        var scene = new Scene(app, admin);
        foreach (var path in Paths)
        {
            var watch = await app.WatchAsync();

            var answer = await path.Walk(scene);

            Assert.True(answer is null or { Status: >= 200 and < 300 }, $"{path.EntryPoint} answered {answer?.Status}: {answer?.Text}");
            var recorded = await watch.EventsAsync();
            Assert.True(
                Elsewhere.Contains(path.EntryPoint) || path.Actions.All(recorded.Contains),
                $"{path.EntryPoint} left {string.Join(", ", recorded)}."
            );
        }
    }

    public sealed class OnSqlite(SqliteApp app) : AuditCoverageTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : AuditCoverageTests(app), IClassFixture<PostgresApp>;
}
