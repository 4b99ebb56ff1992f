using AdminConsole.Core.Account;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Tests.Authentication;
using AdminConsole.Tests.Email;
using Microsoft.AspNetCore.Identity;

namespace AdminConsole.Tests.Audit;

/// <summary>Operations of sign-in, the own account and the own sessions.</summary>
public abstract partial class AuditCoverageTests
{
    private static readonly AuditedOperation[] AuthenticationOperations =
    [
        new(
            "POST /api/auth/setup",
            ["setup.completed", "user.created", "auth.signed_in"],
            async scenario =>
            {
                await using var empty = await AdminApp.StartAsync(scenario.App.Provider);
                using var first = empty.Anonymous();
                var watch = await empty.WatchAsync();
                var answer = await first.PostAsync("/api/auth/setup", new { email = TestData.AdminEmail, password = TestData.Password });
                await watch.RecordedAsync("setup.completed", "user.created", "auth.signed_in");
                return answer;
            }
        ),
        new(
            "POST /api/auth/login",
            ["auth.signed_in"],
            async scenario =>
            {
                using var caller = scenario.App.Anonymous();
                return await caller.PostAsync("/api/auth/login", new { login = TestData.AdminEmail, password = TestData.Password });
            }
        ),
        new(
            "a wrong password",
            ["auth.sign_in_failed", "auth.locked_out"],
            async scenario =>
            {
                var person = await scenario.PersonAsync();
                using var stranger = scenario.App.Anonymous();
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
            async scenario => await (await scenario.PersonAsync()).Caller.PostAsync("/api/auth/logout")
        ),
        new(
            "POST /api/auth/forgot-password",
            ["user.password_reset_requested"],
            async scenario =>
                await scenario.Admin.PostAsync("/api/auth/forgot-password", new { email = (await scenario.PersonAsync()).Email })
        ),
        new(
            "POST /api/auth/reset-password",
            ["user.password_reset"],
            async scenario =>
            {
                var user = await scenario.UserAsync();
                var link = (await scenario.Admin.PostAsync($"/api/users/{user.Id}/reset-password")).Is(200).As<PasswordResetLink>();
                return await scenario.Admin.PostAsync(
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
            async scenario =>
                await (await scenario.PersonAsync()).Caller.PostAsync(
                    "/api/auth/password",
                    new { currentPassword = TestData.Password, newPassword = TestData.NewPassword }
                )
        ),
        new(
            "POST /api/auth/email",
            ["user.email_change_requested"],
            async scenario =>
                await (await scenario.PersonAsync()).Caller.PostAsync("/api/auth/email", new { email = TestData.Email("next") })
        ),
        new(
            "POST /api/auth/confirm-email",
            ["user.email_changed"],
            async scenario =>
            {
                var (person, email) = (await scenario.PersonAsync(), TestData.Email("next"));
                (await person.Caller.PostAsync("/api/auth/email", new { email })).Is(202);
                var mail = (await scenario.App.MailsAsync("confirm-email", email))[0];
                return await scenario.Admin.PostAsync("/api/auth/confirm-email", new { email, token = mail.Of("token") });
            }
        ),
        new(
            "POST /api/auth/reauthenticate",
            ["auth.signed_in"],
            async scenario =>
                await (await scenario.PersonAsync()).Caller.PostAsync("/api/auth/reauthenticate", new { password = TestData.Password })
        ),
        new("POST /api/auth/mfa/totp", [], async scenario => await (await scenario.PersonAsync()).Caller.PostAsync("/api/auth/mfa/totp")),
        new(
            "POST /api/auth/mfa/totp/confirm",
            ["auth.mfa_enabled", "auth.recovery_codes_generated"],
            async scenario =>
            {
                var person = await scenario.PersonAsync();
                var offer = (await person.Caller.PostAsync("/api/auth/mfa/totp")).Is(200).As<TotpOffer>();
                return await person.Caller.PostAsync(
                    "/api/auth/mfa/totp/confirm",
                    new { enrolment = offer.Enrolment, code = EnrolledUser.CodeOf(scenario.App, offer) }
                );
            }
        ),
        new(
            "a recovery code",
            ["auth.recovery_code_used", "auth.signed_in"],
            async scenario =>
            {
                var person = await EnrolledUser.CreateAsync(scenario.App);
                using var caller = scenario.App.Anonymous();
                return await person.SignInAsync(caller, recoveryCode: person.RecoveryCodes[0]);
            }
        ),
        new(
            "a passkey",
            ["auth.passkey_added", "auth.passkey_removed"],
            async scenario =>
            {
                var person = await EnrolledUser.CreateAsync(scenario.App);
                await TestPasskeys.AddAsync(scenario.App, person.Actor, [1, 2, 3]);
                Assert.Null((await TestPasskeys.RemoveAsync(scenario.App, person.Actor, [1, 2, 3])).Refusal);
                return null;
            }
        ),
        new(
            "an identity provider",
            ["user.linked", "user.unlinked"],
            async scenario =>
            {
                var person = await EnrolledUser.CreateAsync(scenario.App);
                var login = new UserLoginInfo("Example", $"{person.User.Id}", "Example account");
                Assert.Null(
                    (await scenario.App.RunAsync<OwnLogins, Result<Unit>>(own => own.AddAsync(person.Actor, login, default))).Refusal
                );
                Assert.Null(
                    (await scenario.App.RunAsync<OwnLogins, Result<Unit>>(own => own.RemoveAsync(person.Actor, login, default))).Refusal
                );
                return null;
            }
        ),
        new(
            "DELETE /api/sessions/{id:guid}",
            ["session.ended"],
            async scenario =>
            {
                var person = await scenario.PersonAsync();
                var own = (await person.Caller.GetAsync("/api/sessions")).As<Page<SessionSummary>>().Items[0];
                return await person.Caller.DeleteAsync($"/api/sessions/{own.Id}");
            }
        ),
        new(
            "DELETE /api/sessions",
            ["session.ended"],
            async scenario =>
            {
                var person = await scenario.PersonAsync();
                using var other = await scenario.App.SignInAsync(person.Email);
                return await person.Caller.DeleteAsync("/api/sessions");
            }
        ),
    ];
}
