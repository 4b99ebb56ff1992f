using AdminConsole.Core.Changes;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Identity;

namespace AdminConsole.Core.Authentication;

/// <summary>Verifies an authenticator code or, without one, a recovery code. Check the code before the change, then
/// consume it inside the change.</summary>
internal static class SecondFactors
{
    /// <summary>The name of the factor in the session's method and in the audit log.</summary>
    public static string NameOf(string? code) => string.IsNullOrWhiteSpace(code) ? "recovery_code" : "totp";

    /// <summary>Returns whether the code may be accepted, without consuming it. Only the format of a recovery code is
    /// checked here; whether it belongs to the user is known when it is consumed.</summary>
    public static async Task<bool> VerifyFormatAsync(this AppUserManager users, AppUser user, string? code, string? recoveryCode) =>
        string.IsNullOrWhiteSpace(code)
            ? RecoveryCode.HashOf(user.Id, recoveryCode) is not null
            : await users.VerifyTwoFactorTokenAsync(user, TokenOptions.DefaultAuthenticatorProvider, code);

    /// <summary>Consumes the code, inside a change. Returns false if it was used before or the factor has since been
    /// replaced.</summary>
    public static async Task<bool> ConsumeAsync(
        this AppUserManager users,
        ChangeContext change,
        AppUser user,
        string? code,
        string? recoveryCode
    )
    {
        if (!string.IsNullOrWhiteSpace(code))
        {
            return await users.VerifyTwoFactorTokenAsync(user, TokenOptions.DefaultAuthenticatorProvider, code);
        }

        if (!(await users.RedeemTwoFactorRecoveryCodeAsync(user, recoveryCode!)).Succeeded)
        {
            return false;
        }

        var left = await users.CountRecoveryCodesAsync(user);
        change.Record(AuditActions.RecoveryCodeUsed, user.AsTarget(), new { left }, change.Actor.WithUser(user.Id, user.SignInName));
        return true;
    }
}
