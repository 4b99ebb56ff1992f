using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Identity.Passwords;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Identity;

namespace AdminConsole.Core.Identity;

/// <summary>
/// Length, letters and digits as the settings say, not the user's own name, and not one of the 10,000 most common
/// passwords.
/// </summary>
public sealed class PasswordPolicyRule(AppDbContext db) : IPasswordValidator<AppUser>
{
    public async Task<IdentityResult> ValidateAsync(UserManager<AppUser> manager, AppUser user, string? password)
    {
        var minimum = (await db.SettingsAsync(CancellationToken.None)).PasswordMinimumLength;
        return PasswordPolicy.Check(password ?? "", minimum, AppUserManager.PasswordField, PasswordOwner.Of(user)).ToIdentityResult();
    }
}

/// <summary>How easily a password is guessed. Takes about as long as a hash, so it runs in the same queue and may be
/// <c>busy </c>. </summary>
public sealed class PasswordStrengthRule(PasswordHashing hashing) : IPasswordValidator<AppUser>
{
    public async Task<IdentityResult> ValidateAsync(UserManager<AppUser> manager, AppUser user, string? password)
    {
        var owner = PasswordOwner.Of(user);
        var estimated = await hashing.QueuedAsync(() => PasswordStrength.Weakness(password ?? "", owner));
        return (
            estimated.Refusal ?? (estimated.Value is { } weakness ? Refusal.InvalidField(AppUserManager.PasswordField, weakness) : null)
        ).ToIdentityResult();
    }
}

/// <summary>Whether a password is in a known breach, where a service is configured. One that doesn't answer doesn't
/// stop anyone.</summary>
public sealed class BreachedPasswordRule(BreachCheck breaches, PreparedPasswords prepared) : IPasswordValidator<AppUser>
{
    public async Task<IdentityResult> ValidateAsync(UserManager<AppUser> manager, AppUser user, string? password)
    {
        prepared.Breach = await breaches.CheckAsync(password ?? "");
        return (
            prepared.Breach == BreachState.Breached
                ? Refusal.InvalidField(AppUserManager.PasswordField, "This password is in a known data breach. Choose another.")
                : null
        ).ToIdentityResult();
    }
}
