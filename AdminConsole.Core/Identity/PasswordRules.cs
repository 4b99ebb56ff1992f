using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Identity.Passwords;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Identity;

namespace AdminConsole.Core.Identity;

/// <summary>Checks a password against the <see cref="PasswordPolicy"/>, with the minimum length from the
/// settings.</summary>
public sealed class PasswordPolicyRule(AppDbContext db) : IPasswordValidator<AppUser>
{
    public async Task<IdentityResult> ValidateAsync(UserManager<AppUser> manager, AppUser user, string? password)
    {
        var minimum = (await db.SettingsAsync(CancellationToken.None)).PasswordMinimumLength;
        return PasswordPolicy.Check(password ?? "", minimum, AppUserManager.PasswordField, PasswordOwner.Of(user)).ToIdentityResult();
    }
}

/// <summary>Rejects passwords that are easy to guess. The estimate takes about as long as a hash, so it runs in the
/// same queue and may be refused as <c>busy</c>.</summary>
public sealed class PasswordStrengthRule(PasswordHashing hashing) : IPasswordValidator<AppUser>
{
    public async Task<IdentityResult> ValidateAsync(UserManager<AppUser> manager, AppUser user, string? password)
    {
        var owner = PasswordOwner.Of(user);
        var estimated = await hashing.EnqueueAsync(() => PasswordStrength.Weakness(password ?? "", owner));
        return (
            estimated.Refusal ?? (estimated.Value is { } weakness ? Refusal.InvalidField(AppUserManager.PasswordField, weakness) : null)
        ).ToIdentityResult();
    }
}

/// <summary>Rejects passwords in known data breaches, if a service is configured. Accepts the password if the service
/// does not respond.</summary>
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
