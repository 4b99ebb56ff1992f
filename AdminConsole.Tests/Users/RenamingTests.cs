using System.Net.Http.Headers;
using System.Text;
using AdminConsole.Core.Authentication;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using AdminConsole.Tests.OAuth;
using AdminConsole.Tests.Tokens;

namespace AdminConsole.Tests.Users;

/// <summary>Email and username are credentials: the permissions to change them, and what a change revokes.</summary>
public abstract class RenamingTests(AdminApp app)
{
    private static StringContent Csv(string text) => new(text, Encoding.UTF8, new MediaTypeHeaderValue("text/csv"));

    private static Task<ApiResponse> ImportAsync(ApiClient caller, string text) =>
        caller.SendAsync(HttpMethod.Post, "/api/users/import", Csv(text));

    [Fact]
    public async Task Renaming_needs_the_credentials_permission_by_patch_and_by_import()
    {
        var editor = await app.SignedInUserAsync(await app.CreateRoleAsync("users.read", "users.write"));
        var user = await app.CreateUserAsync();
        var watch = await app.WatchAsync();

        (await editor.Caller.PatchAsync($"/api/users/{user.Id}", new { email = TestData.Email("mine") })).Refuses(403, "forbidden");
        (await editor.Caller.PatchAsync($"/api/users/{user.Id}", new { userName = TestData.Name() })).Refuses(403, "forbidden");
        var refused = (await ImportAsync(editor.Caller, $"email,userName\n{user.Email},{TestData.Name()}\n")).Refuses(400, "import_failed");
        Assert.Equal("forbidden", refused.Json.GetProperty("rows")[0].GetProperty("code").GetString());

        // The denial is recorded once, with the missing permission.
        await watch.OnlyRecordedAsync("access.denied");
        (
            await editor.Caller.PatchAsync(
                $"/api/users/{user.Id}",
                new
                {
                    displayName = "Ana Lima",
                    email = user.Email,
                    userName = user.UserName,
                }
            )
        ).Is(200);
        (await ImportAsync(editor.Caller, $"email,userName,displayName\n{user.Email},{user.UserName},Ana\n")).Is(200);
    }

    [Fact]
    public async Task Renaming_needs_a_recent_sign_in()
    {
        var manager = await app.SignedInUserAsync(await app.CreateRoleAsync("users.read", "users.write", "users.credentials"));
        var user = await app.CreateUserAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(20));

        (await manager.Caller.PatchAsync($"/api/users/{user.Id}", new { email = TestData.Email("moved") })).Refuses(
            403,
            "fresh_sign_in_required"
        );
        (await ImportAsync(manager.Caller, $"email,userName\n{user.Email},{TestData.Name()}\n")).Refuses(403, "fresh_sign_in_required");

        (await manager.Caller.PostAsync("/api/auth/reauthenticate", new { password = TestData.Password })).Is(204);
        (await manager.Caller.PatchAsync($"/api/users/{user.Id}", new { userName = TestData.Name() })).Is(200);
        (await ImportAsync(manager.Caller, $"email,userName\n{user.Email},{TestData.Name()}\n")).Is(200);
    }

    [Fact]
    public async Task A_token_changes_others_without_a_recent_sign_in_and_never_its_owner()
    {
        var manager = await app.SignedInUserAsync(await app.CreateRoleAsync("users.read", "users.write", "users.credentials"));
        var user = await app.CreateUserAsync();
        var token = app.With((await manager.Caller.CreateTokenAsync("users.write", "users.credentials")).Token);
        var without = app.With((await manager.Caller.CreateTokenAsync("users.write")).Token);
        app.Clock.Advance(TimeSpan.FromMinutes(20));

        (await token.SendAsync(HttpMethod.Patch, $"/api/users/{manager.Id}", new { email = TestData.Email("mine") })).Refuses(
            403,
            "interactive_required"
        );
        (await token.SendAsync(HttpMethod.Patch, $"/api/users/{manager.Id}", new { userName = TestData.Name() })).Refuses(
            403,
            "interactive_required"
        );
        (await token.SendAsync(HttpMethod.Post, "/api/users/import", Csv($"email,userName\n{manager.Email},{TestData.Name()}\n"))).Refuses(
            400,
            "import_failed"
        );
        (await without.SendAsync(HttpMethod.Patch, $"/api/users/{user.Id}", new { email = TestData.Email("mine") })).Refuses(
            403,
            "forbidden"
        );
        (await token.SendAsync(HttpMethod.Patch, $"/api/users/{user.Id}", new { email = TestData.Email("moved") })).Is(200);
    }

    [Fact]
    public async Task A_user_above_the_actor_cannot_be_renamed()
    {
        var manager = await app.SignedInUserAsync(await app.CreateRoleAsync("users.read", "users.write", "users.credentials"));
        var above = await app.CreateUserAsync(roles: "Operator");

        (await manager.Caller.PatchAsync($"/api/users/{above.Id}", new { email = TestData.Email("moved") })).Refuses(403, "above_you");
        (await ImportAsync(manager.Caller, $"email,userName\n{above.Email},{TestData.Name()}\n")).Refuses(400, "import_failed");
    }

    [Fact]
    public async Task A_link_sent_to_a_wrong_address_is_revoked_when_the_address_is_corrected()
    {
        using var admin = await app.SignInAdminAsync();
        var (wrong, right) = (TestData.Email("wrong"), TestData.Email("right"));
        var user = (await admin.PostAsync("/api/users", new { email = wrong, invite = true })).Is(201).As<UserDetails>();
        var secret = (await admin.PostAsync($"/api/users/{user.Id}/reset-password")).Is(200).As<PasswordResetLink>().ResetToken;
        using var stranger = app.Anonymous();

        (await admin.PatchAsync($"/api/users/{user.Id}", new { email = right })).Is(200);

        foreach (var email in new[] { wrong, right })
        {
            (
                await stranger.PostAsync(
                    "/api/auth/reset-password",
                    new
                    {
                        email,
                        token = secret,
                        newPassword = TestData.NewPassword,
                    }
                )
            ).Refuses(400, "invalid_token");
        }

        (await admin.PatchAsync($"/api/users/{user.Id}", new { email = wrong })).Is(200);
        (
            await stranger.PostAsync(
                "/api/auth/reset-password",
                new
                {
                    email = wrong,
                    token = secret,
                    newPassword = TestData.NewPassword,
                }
            )
        ).Refuses(400, "invalid_token");
    }

    [Fact]
    public async Task A_link_works_only_with_its_address()
    {
        using var admin = await app.SignInAdminAsync();
        var user = await app.CreateUserAsync();
        var secret = (await admin.PostAsync($"/api/users/{user.Id}/reset-password")).Is(200).As<PasswordResetLink>().ResetToken;
        var other = TestData.Email("other");

        // Changes the address without revoking the link.
        await app.Database.ExecuteAsync(
            $"""
            UPDATE "Users" SET "Email" = '{other}', "NormalizedEmail" = '{other.ToUpperInvariant()}'
            WHERE "NormalizedEmail" = '{user.Email!.ToUpperInvariant()}'
            """
        );

        (
            await app.Anonymous()
                .PostAsync(
                    "/api/auth/reset-password",
                    new
                    {
                        email = other,
                        token = secret,
                        newPassword = TestData.NewPassword,
                    }
                )
        ).Refuses(400, "invalid_token");
    }

    [Fact]
    public async Task A_deactivation_by_import_revokes_connect_codes()
    {
        using var admin = await app.SignInAdminAsync();
        var person = await app.SignedInUserAsync();
        var code = (await person.Caller.PostAsync("/api/auth/cli-code")).Is(200).As<CliCode>().Code;

        (await ImportAsync(admin, $"email,active\n{person.Email},false\n")).Is(200);
        (await admin.PostAsync($"/api/users/{person.Id}/activate")).Is(200);

        (await app.RedeemAsync(code)).RefusesGrant("invalid_grant");
    }

    [Fact]
    public async Task The_role_hierarchy_is_checked_with_the_permissions_inside_the_transaction()
    {
        // The actors were built while these users still had every permission.
        var helper = await app.CreateUserAsync(null, TestData.Password, await app.CreateRoleAsync("users.credentials", "roles.write"));
        var target = await app.CreateUserAsync(roles: "Operator");
        var stale = TestData.System with
        {
            UserId = helper.Id,
            Name = helper.Email!,
            Via = AuthenticationMethod.Session,
            AuthenticatedAt = app.Clock.GetUtcNow(),
        };
        var watch = await app.WatchAsync();

        var link = await app.RunAsync<PasswordResets, Result<IssuedReset>>(resets => resets.IssueAsync(stale, target.Id, default));
        var role = await app.RunAsync<CustomRoles, Result<RoleSummary>>(roles =>
            roles.CreateAsync(stale, new RoleRequest { Name = TestData.Name("Role"), Permissions = ["settings.write"] }, default)
        );

        Assert.Equal(("above_you", "above_you"), (link.Refusal?.Code, role.Refusal?.Code));
        await watch.OnlyRecordedAsync("access.denied", "access.denied");
    }

    public sealed class OnSqlite(SqliteApp app) : RenamingTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : RenamingTests(app), IClassFixture<PostgresApp>;
}
