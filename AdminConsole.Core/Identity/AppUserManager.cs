using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Identity.Passwords;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AdminConsole.Core.Identity;

/// <summary>Identity's user manager. Its writes belong to the current change (<see cref="AppDbContext.ChangeAsync"/>),
/// which checks the permission, saves and records. Outside a change, every write throws. A password must be prepared
/// first, because rules and hashing take longer than a transaction may.</summary>
public sealed class AppUserManager : UserManager<AppUser>
{
    internal const string PasswordField = "password";

    private readonly AppDbContext db;
    private readonly PasswordHashing hashing;
    private readonly PreparedPasswords prepared;
    private readonly TimeProvider clock;
    private readonly List<IPasswordValidator<AppUser>> rules;

    public AppUserManager(
        IUserStore<AppUser> store,
        IOptions<IdentityOptions> options,
        PreparedPasswords prepared,
        IEnumerable<IUserValidator<AppUser>> userValidators,
        IEnumerable<IPasswordValidator<AppUser>> passwordValidators,
        ILookupNormalizer normalizer,
        IdentityErrorDescriber errors,
        IServiceProvider services,
        ILogger<UserManager<AppUser>> logger
    )
        : base(store, options, prepared, userValidators, [], normalizer, errors, services, logger)
    {
        this.prepared = prepared;
        db = services.GetRequiredService<AppDbContext>();
        hashing = services.GetRequiredService<PasswordHashing>();
        clock = services.GetRequiredService<TimeProvider>();
        rules = [.. passwordValidators];
        // Password rules do not run again inside a change: the password was prepared, or this validator throws.
        PasswordValidators.Add(new Prepared(prepared));
    }

    protected override CancellationToken CancellationToken => db.CurrentToken;

    /// <summary>Checks a new password against every rule and hashes it, before the change that sets it. Returns null if
    /// the password may be set, otherwise the refusal of the first rule it breaks, under <paramref name="field"/>, or
    /// <c>busy</c>.</summary>
    /// <param name="user">The user the password is for; only the names are read.</param>
    /// <param name="password">The password as typed.</param>
    /// <param name="field">The name of the password field in the request.</param>
    public async Task<Refusal?> PrepareAsync(AppUser user, string password, string field)
    {
        // The rules check the same text that is hashed.
        var composed = UnicodeText.Compose(password);
        prepared.Breach = BreachState.Off;
        foreach (var rule in rules)
        {
            if ((await rule.ValidateAsync(this, user, composed)).ToRefusal(PasswordField) is { } refused)
            {
                return refused.Errors?.TryGetValue(PasswordField, out var messages) == true
                    ? Refusal.InvalidField(field, messages[0])
                    : refused;
            }
        }

        var hashed = await hashing.HashAsync(composed);
        if (hashed.Refusal is null)
        {
            prepared.Accept(password, new AcceptedPassword(hashed.Value, prepared.Breach));
        }

        return hashed.Refusal;
    }

    /// <summary>Returns the breach check result of a prepared password, for the audit log.</summary>
    public string BreachCheckOf(string password) => prepared.GetAccepted(password).BreachCheck;

    /// <summary>Sets or replaces the password, inside a change. Set <paramref name="mustChange"/> if the user did not
    /// choose it.</summary>
    public async Task<IdentityResult> SetPasswordAsync(AppUser user, string password, bool mustChange)
    {
        var set = await UpdatePasswordHash(user, password, validatePassword: true);
        if (!set.Succeeded)
        {
            return set;
        }

        if (mustChange)
        {
            user.RequirePasswordChange(db.RequireChange().At);
        }

        return await UpdateUserAsync(user);
    }

    /// <summary>Returns every role. Within a change, roles are read once.</summary>
    internal Task<List<AppRole>> RolesAsync() => ((AppUserStore)Store).RolesAsync(CancellationToken);

    /// <summary>Uses the application's clock.</summary>
    public override Task<bool> IsLockedOutAsync(AppUser user) => Task.FromResult(user.LockoutEnd > clock.Now());

    /// <summary>Counts a failure, inside a change, and locks the account if the limit in the settings is
    /// reached.</summary>
    public override async Task<IdentityResult> AccessFailedAsync(AppUser user)
    {
        var (change, settings) = (db.RequireChange(), await db.SettingsAsync(CancellationToken));
        var failures = await ((AppUserStore)Store).IncrementAccessFailedCountAsync(user, CancellationToken);
        if (failures >= settings.LockoutFailures)
        {
            await Lockout.LockAsync(db, change, user, settings, CancellationToken);
        }

        return IdentityResult.Success;
    }

    /// <summary>Consumes the code, inside a change. The user's row is not updated.</summary>
    public override async Task<IdentityResult> RedeemTwoFactorRecoveryCodeAsync(AppUser user, string code) =>
        await ((AppUserStore)Store).RedeemCodeAsync(user, code, CancellationToken)
            ? IdentityResult.Success
            : IdentityResult.Failed(ErrorDescriber.RecoveryCodeRedemptionFailed());

    /// <summary>Deletes the failures, inside a change, including those of known browsers, which are counted
    /// separately.</summary>
    public override async Task<IdentityResult> ResetAccessFailedCountAsync(AppUser user)
    {
        await ((AppUserStore)Store).ResetAccessFailedCountAsync(user, CancellationToken);
        return await UpdateUserAsync(user);
    }

    /// <summary>Lifts a lockout and deletes the failures, inside a change.</summary>
    public async Task UnlockAsync(AppUser user)
    {
        // Update the row first: a concurrent failure that locks the account has then committed, or finds no failures.
        await db
            .Users.Where(row => row.Id == user.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.LockoutEnd, (DateTimeOffset?)null), CancellationToken);
        await ((AppUserStore)Store).ResetAccessFailedCountAsync(user, CancellationToken);
        user.Unlock(db.RequireChange().At);
    }

    /// <summary>Runs the custom user validators for a user who is written without the manager, such as in an import.
    /// Returns null if they allow the names, or if no name is new.</summary>
    internal async Task<Refusal?> CheckAddedRulesAsync(AppUser user)
    {
        foreach (var rule in UserValidators.Where(rule => rule is not UserRules && UserRules.HasNewNames(db.Entry(user))))
        {
            if ((await rule.ValidateAsync(this, user)).ToRefusal("email") is { } refused)
            {
                return refused;
            }
        }

        return null;
    }

    /// <summary>Runs the rules only if a name is new. A rule that is added later therefore does not block other changes
    /// of a user.</summary>
    protected override Task<IdentityResult> UpdateUserAsync(AppUser user) =>
        UserRules.HasNewNames(db.Entry(user)) ? base.UpdateUserAsync(user) : Store.UpdateAsync(user, CancellationToken);

    /// <summary>Generates 16 letters in groups of four, without vowels and look-alikes.</summary>
    protected override string CreateTwoFactorRecoveryCode() => RecoveryCode.NewText();

    /// <summary>Not supported, because it would not count failures. Use <c>PasswordSignIn</c>, which does.</summary>
    public override Task<bool> CheckPasswordAsync(AppUser user, string password) =>
        throw new NotSupportedException("Use PasswordSignIn to verify a password. It counts failures.");

    private sealed class Prepared(PreparedPasswords passwords) : IPasswordValidator<AppUser>
    {
        public Task<IdentityResult> ValidateAsync(UserManager<AppUser> manager, AppUser user, string? password)
        {
            passwords.GetAccepted(password ?? "");
            return Task.FromResult(IdentityResult.Success);
        }
    }
}
