using AdminConsole.Core.Audit;
using AdminConsole.Core.Data;
using AdminConsole.Core.Identity;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Identity;

namespace AdminConsole.Core.Authentication;

/// <summary>A code of the authenticator, or without one a recovery code: looked at before the change, used up inside
/// it.</summary>
internal static class SecondFactors
{
    /// <summary>As the session's method and the audit log call what was given.</summary>
    public static string NameOf(string? code) => string.IsNullOrWhiteSpace(code) ? "recovery_code" : "totp";

    /// <summary>Whether it may be used up. Spends nothing; whether a recovery code is one of the user's, only spending
    /// it tells.</summary>
    public static async Task<bool> FitsAsync(this AppUserManager users, AppUser user, string? code, string? recoveryCode) =>
        string.IsNullOrWhiteSpace(code)
            ? RecoveryCode.HashOf(user.Id, recoveryCode) is not null
            : await users.VerifyTwoFactorTokenAsync(user, TokenOptions.DefaultAuthenticatorProvider, code);

    /// <summary>Inside a change. False where it was used before, or the factor has since been replaced.</summary>
    public static async Task<bool> UseUpAsync(
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
        change.Record(AuditActions.RecoveryCodeUsed, user.AsTarget(), new { left }, change.Actor.As(user.Id, user.SignInName));
        return true;
    }
}
