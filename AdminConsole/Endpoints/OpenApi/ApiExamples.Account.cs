using AdminConsole.Core.Contracts;

namespace AdminConsole.Endpoints.OpenApi;

internal static partial class ApiExamples
{
    // Examples of sign-in and of operations on the own account.
    private static Dictionary<string, ApiExample> Account() =>
        new()
        {
            ["authSetupRequired"] = new(Answer: new SetupState(false)),
            ["authSetup"] = new(
                "Works only once, while no user exists. From another machine, it requires the setup code that the server "
                    + "printed at startup, except in development.",
                new SetupRequest
                {
                    Email = "root@example.com",
                    DisplayName = "Root",
                    Password = NewPassword,
                },
                AnaHerself with
                {
                    Roles = ["Admin"],
                },
                "setup_code_required",
                "setup_done"
            ),
            ["authLogin"] = new(
                "An unknown username, a wrong password, and a deactivated or locked account get the same answer. Ten "
                    + "failures within 15 minutes lock an account for 15 minutes. If a second factor is set up, the correct "
                    + "password alone is refused as `mfa_required`: send it again with `code` or `recoveryCode`.",
                new LoginRequest
                {
                    Login = Email,
                    Password = NewPassword,
                    Remember = true,
                },
                AnaHerself,
                "invalid_credentials",
                "mfa_required",
                "provider_required"
            ),
            ["authLogout"] = new("Ends the session and deletes the cookie. Does nothing without a session."),
            ["authForgotPassword"] = new(
                "Always answers 202, in the same time, whether or not the account exists. An account that is active and "
                    + "has a password is sent an email; at most three links are open at a time. An account without an email gets "
                    + "its link from an administrator.",
                new ForgotPasswordRequest { Email = Email }
            ),
            ["authResetPassword"] = new(
                "`email` is the one in the link: for an account without an email, the username. The secret works once and "
                    + "expires after an hour, that of an invitation after 7 days. Ends all sessions of the user.",
                new ResetPasswordRequest
                {
                    Email = Email,
                    Token = "0pQv…43 characters…Zk",
                    NewPassword = NewPassword,
                },
                null,
                "invalid_token"
            ),
            ["authChangeEmail"] = new(
                "Sends a link to the new address that works once and expires after an hour. Until it is used, the account "
                    + "keeps its email. An earlier link stops working. Requires a recent sign-in. If another account has the "
                    + "address, the answer is 202 as well, and the owner is notified; with `users.read` it is `duplicate_email`. "
                    + "After three links within an hour, it is `rate_limited`.",
                new ChangeEmailRequest { Email = "ana.pfad@example.com" },
                null,
                "duplicate_email",
                "fresh_sign_in_required"
            ),
            ["authConfirmEmail"] = new(
                "`email` is the one in the link: the new address. All other open links of the account stop working, and "
                    + "the old address is notified. Sessions continue.",
                new ConfirmEmailRequest { Email = "ana.pfad@example.com", Token = "0pQv…43 characters…Zk" },
                null,
                "invalid_token",
                "duplicate_email"
            ),
            ["authMe"] = new(Answer: AnaHerself),
            ["authChangePassword"] = new(
                Request: new ChangePasswordRequest { CurrentPassword = "the current password 1", NewPassword = NewPassword },
                Codes: "invalid_credentials"
            ),
            ["authReauthenticate"] = new(
                "Sensitive operations require a sign-in within the last 15 minutes. If one is refused as "
                    + "`fresh_sign_in_required`, call this and try again.",
                new ReauthenticateRequest { Password = NewPassword, Code = "492039" },
                null,
                "invalid_credentials",
                "mfa_required",
                "provider_required"
            ),
            ["authBegin"] = new(
                "Nothing is stored until a code confirms the setup.",
                null,
                new TotpOffer(
                    "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
                    "otpauth://totp/AdminConsole:ana.silva%40example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
                        + "&issuer=AdminConsole&algorithm=SHA1&digits=6&period=30",
                    "CfDJ8…"
                ),
                "mfa_already_enabled",
                "fresh_sign_in_required"
            ),
            ["authConfirm"] = new(
                "The recovery codes are only in this response. Each signs in once, instead of a code of the authenticator app.",
                new ConfirmTotpRequest { Enrolment = "CfDJ8…", Code = "492039" },
                new RecoveryCodes(["BCDF-GHJK-LMNP-QRST"]),
                "invalid_enrolment",
                "mfa_already_enabled",
                "fresh_sign_in_required"
            ),
        };
}
