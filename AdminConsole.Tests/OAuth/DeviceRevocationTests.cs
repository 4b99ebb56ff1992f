using System.Net.Http.Headers;
using System.Text;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Tests.Tokens;

namespace AdminConsole.Tests.OAuth;

public abstract class DeviceRevocationTests(AdminApp app)
{
    private static async Task EndedAsync(Device device)
    {
        (await device.Caller.MeAsync()).Refuses(401, "unauthenticated");
        (await device.RefreshAsync()).RefusesGrant("invalid_grant");
    }

    /// <summary>Every operation that ends the devices of a user.</summary>
    public static TheoryData<string> Endings =>
        [
            "deactivate",
            "lockdown",
            "set-password",
            "delete",
            "end sessions",
            "bulk",
            "import",
            "reset",
            "own password",
            "everywhere else",
            "recover",
        ];

    private async Task<ApiResponse> EndAsync(string how, TestUser person, ApiClient admin) =>
        how switch
        {
            "deactivate" or "lockdown" => await admin.PostAsync($"/api/users/{person.Id}/{how}", new { }),
            "set-password" => await admin.PostAsync($"/api/users/{person.Id}/set-password", new { password = TestData.NewPassword }),
            "delete" => await admin.DeleteAsync($"/api/users/{person.Id}"),
            "end sessions" => await admin.DeleteAsync($"/api/users/{person.Id}/sessions"),
            "bulk" => await admin.PostAsync("/api/users/bulk", new { ids = new[] { person.Id }, action = "deactivate" }),
            "import" => await admin.SendAsync(
                HttpMethod.Post,
                "/api/users/import",
                new StringContent($"email,active\n{person.Email},false\n", Encoding.UTF8, new MediaTypeHeaderValue("text/csv"))
            ),
            "reset" => await ResetAsync(person, admin),
            "own password" => await person.Caller.PostAsync(
                "/api/auth/password",
                new { currentPassword = TestData.Password, newPassword = TestData.NewPassword }
            ),
            "everywhere else" => await person.Caller.DeleteAsync("/api/sessions"),
            "recover" => await RecoverAsync(person, admin),
            _ => throw new ArgumentOutOfRangeException(nameof(how)),
        };

    private static async Task<ApiResponse> ResetAsync(TestUser person, ApiClient admin)
    {
        var link = (await admin.PostAsync($"/api/users/{person.Id}/reset-password")).Is(200).As<PasswordResetLink>();
        return await admin.PostAsync(
            "/api/auth/reset-password",
            new
            {
                email = person.Email,
                token = link.ResetToken,
                newPassword = TestData.NewPassword,
            }
        );
    }

    private async Task<ApiResponse> RecoverAsync(TestUser person, ApiClient admin)
    {
        Assert.Null(
            await app.RunAsync<AdminConsole.Core.Authentication.AdminRecovery, Refusal?>(async recovery =>
                (await recovery.RecoverAsync(person.Email, default)).Refusal
            )
        );
        return await admin.GetAsync("/api/auth/me");
    }

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task An_operation_that_ends_all_sessions_ends_all_devices_immediately(string how)
    {
        using var admin = await app.SignInAdminAsync();
        var (person, bystander) = (await app.SignedInUserAsync(), await app.SignedInUserAsync());
        var (device, other) = (await app.ConnectAsync(person.Caller), await app.ConnectAsync(bystander.Caller));
        (await device.Caller.MeAsync()).Is(200);

        Assert.InRange((await EndAsync(how, person, admin)).Status, 200, 204);

        await EndedAsync(device);
        (await other.Caller.MeAsync()).Is(200);
        await other.RefreshedAsync();
    }

    [Fact]
    public async Task A_device_that_changes_the_password_stays_connected_until_it_signs_out()
    {
        var person = await app.SignedInUserAsync();
        var (device, other) = (await app.ConnectAsync(person.Caller), await app.ConnectAsync(person.Caller));

        (
            await device.Caller.PostAsync(
                "/api/auth/password",
                new { currentPassword = TestData.Password, newPassword = TestData.NewPassword }
            )
        ).Is(204);
        (await person.Caller.GetAsync("/api/auth/me")).Refuses(401, "unauthenticated");
        await EndedAsync(other);
        (await device.Caller.MeAsync()).Is(200);

        (await device.Caller.PostAsync("/api/auth/logout")).Is(204);
        await EndedAsync(device);
    }

    [Fact]
    public async Task Revoking_any_token_of_a_device_ends_it()
    {
        var person = await app.SignedInUserAsync();
        var (byRefresh, byAccess, bySpent) = (
            await app.ConnectAsync(person.Caller),
            await app.ConnectAsync(person.Caller),
            await app.ConnectAsync(person.Caller)
        );
        var latest = await bySpent.RefreshedAsync();
        var token = await person.Caller.CreateTokenAsync();
        using var anonymous = app.Anonymous();
        var watch = await app.WatchAsync();

        foreach (
            var presented in new[] { byRefresh.Tokens.RefreshToken, byAccess.Tokens.AccessToken, bySpent.Tokens.RefreshToken, token.Token }
        )
        {
            (await anonymous.FormAsync("/oauth/revoke", ("token", presented), ("token_type_hint", "nonsense"))).Is(200);
            (await anonymous.FormAsync("/oauth/revoke", ("token", presented))).Is(200);
        }

        await EndedAsync(byRefresh);
        await EndedAsync(byAccess);
        await EndedAsync(latest);
        (await app.With(token.Token).MeAsync()).Is(401);
        await watch.RecordedAsync("device.revoked", "device.revoked", "device.revoked", "token.revoked");
        (await anonymous.FormAsync("/oauth/revoke", ("token", "nonsense"))).Is(200);
        (await anonymous.FormAsync("/oauth/revoke")).RefusesGrant("invalid_request");
    }

    public sealed class OnSqlite(SqliteApp app) : DeviceRevocationTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : DeviceRevocationTests(app), IClassFixture<PostgresApp>;
}
