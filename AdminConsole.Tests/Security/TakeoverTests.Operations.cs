using System.Net.Http.Headers;
using System.Text;
using AdminConsole.Core.Account;
using AdminConsole.Core.Common;
using AdminConsole.Core.Email;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Security;

namespace AdminConsole.Tests.Security;

/// <summary>The operations that contain a takeover.</summary>
public abstract partial class TakeoverTests
{
    private async Task<ApiResponse> RunAsync(string operation, TestUser person, ApiClient admin, ApiClient current) =>
        operation switch
        {
            "set-password" => await admin.PostAsync($"/api/users/{person.Id}/set-password", new { password = TestData.NewPassword }),
            "require-password-change" or "reset-mfa" or "lockdown" or "deactivate" => await admin.PostAsync(
                $"/api/users/{person.Id}/{operation}"
            ),
            "end-sessions" => await admin.DeleteAsync($"/api/users/{person.Id}/sessions"),
            "deactivate until" => await admin.PostAsync(
                $"/api/users/{person.Id}/deactivate",
                new { until = app.Clock.GetUtcNow().AddYears(1) }
            ),
            "patch active" => await admin.PatchAsync($"/api/users/{person.Id}", new { active = false }),
            "import" => await admin.SendAsync(
                HttpMethod.Post,
                "/api/users/import",
                new StringContent($"email,active\n{person.Email},false\n", Encoding.UTF8, new MediaTypeHeaderValue("text/csv"))
            ),
            "delete" => await admin.DeleteAsync($"/api/users/{person.Id}"),
            "change of the email" => await admin.PatchAsync($"/api/users/{person.Id}", new { email = TestData.Email("corrected") }),
            "confirmed email" => await ConfirmAsync(person),
            "not me" => await NotMeAsync(person, admin),
            "recover-admin" => await ThenAsync(
                admin,
                app.RunAsync<AdminConsole.Core.Authentication.AdminRecovery, Refusal?>(async recovery =>
                    (await recovery.RecoverAsync(person.Email, default)).Refusal
                )
            ),
            "own password" => await current.PostAsync(
                "/api/auth/password",
                new { currentPassword = TestData.Password, newPassword = TestData.NewPassword }
            ),
            "end own others" => await current.DeleteAsync("/api/sessions"),
            "redeem a link" => await RedeemAsync(person),
            _ => await admin.PostAsync("/api/users/bulk", new { ids = new[] { person.Id }, action = operation["bulk ".Length..] }),
        };

    private async Task<ApiResponse> NotMeAsync(TestUser person, ApiClient admin)
    {
        var secret = Secret.Create();
        await AddAsync(db =>
            db.Add(
                new NewDeviceAlert
                {
                    Id = Guid.CreateVersion7(),
                    UserId = person.Id,
                    SecretHash = Secret.Hash(secret),
                    ExpiresAt = app.Clock.GetUtcNow().AddDays(1),
                }
            )
        );
        return await ThenAsync(
            admin,
            app.RunAsync<OwnerLockdown, Refusal?>(async lockdown =>
                (await lockdown.RedeemAsync(Actor.Anonymous(), secret, default)).Refusal
            )
        );
    }

    private async Task<ApiResponse> RedeemAsync(TestUser person)
    {
        var secret = Secret.Create();
        await AddAsync(db => db.Add(Link(person.Id, person.Email, secret, app.Clock.GetUtcNow(), SingleUseTokens.ForgottenPassword)));
        return await app.Anonymous()
            .PostAsync(
                "/api/auth/reset-password",
                new
                {
                    email = person.Email,
                    token = secret,
                    newPassword = TestData.NewPassword,
                }
            );
    }

    private async Task<ApiResponse> ConfirmAsync(TestUser person)
    {
        var (secret, email) = (Secret.Create(), TestData.Email("confirmed"));
        await AddAsync(db => db.Add(Link(person.Id, email, secret, app.Clock.GetUtcNow(), SingleUseTokens.ChangeEmail)));
        return await app.Anonymous().PostAsync("/api/auth/confirm-email", new { email, token = secret });
    }

    private static async Task<ApiResponse> ThenAsync(ApiClient admin, Task<Refusal?> operation)
    {
        Assert.Null(await operation);
        return await admin.GetAsync("/api/auth/me");
    }
}
