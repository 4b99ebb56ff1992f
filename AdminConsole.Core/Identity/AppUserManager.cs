using AdminConsole.Core.Authentication;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Identity.Passwords;
using AdminConsole.Core.Names;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AdminConsole.Core.Identity;

/// <summary>
/// Identity's manager of users. What it writes belongs to the change under way
/// (<see cref="AppDbContext.ChangeAsync"/>), which checks the
/// permission, saves, and records; outside a change every write throws. A password is prepared first: rules and hashing
/// take longer than a
/// transaction may.
/// </summary>
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
        // Inside a change a password is not judged again: it was prepared, or it is refused by an exception.
        PasswordValidators.Add(new Prepared(prepared));
    }

    protected override CancellationToken CancellationToken => db.CurrentToken;

    /// <summary>
    /// Checks a new password by every rule and hashes it, before the change that sets it. Null where it may be set;
    /// otherwise the refusal
    /// of the first rule it breaks, under <paramref name="field"/>, or <c>busy</c>.
    /// </summary>
    /// <param name="user">The user the password is for; only the names are read.</param>
    /// <param name="password">As it was typed.</param>
    /// <param name="field">What the request calls it.</param>
    public async Task<Refusal?> PrepareAsync(AppUser user, string password, string field)
    {
        // What is judged is what is hashed.
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

    /// <summary>For the audit log: whether known breaches were looked through for a password that was
    /// prepared.</summary>
    public string BreachCheckOf(string password) => prepared.Accepted(password).BreachCheck;

    /// <summary>
    /// Inside a change: replaces the password, or sets the first one. The user must change it where someone else chose
    /// it.
    /// </summary>
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

    /// <summary>Every role there is; within a change, read once.</summary>
    internal Task<List<AppRole>> RolesAsync() => ((AppUserStore)Store).RolesAsync(CancellationToken);

    /// <summary>Uses the application's clock.</summary>
    public override Task<bool> IsLockedOutAsync(AppUser user) => Task.FromResult(user.LockoutEnd > clock.Now());

    /// <summary>Inside a change: counts a failure, and locks the account where it was the last that the settings
    /// allow.</summary>
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

    /// <summary>Inside a change: uses the code up. The user's record stays as it is.</summary>
    public override async Task<IdentityResult> RedeemTwoFactorRecoveryCodeAsync(AppUser user, string code) =>
        await ((AppUserStore)Store).RedeemCodeAsync(user, code, CancellationToken)
            ? IdentityResult.Success
            : IdentityResult.Failed(ErrorDescriber.RecoveryCodeRedemptionFailed());

    /// <summary>Inside a change: forgets the failures, also those of browsers that are known and so have counts of
    /// their own.</summary>
    public override async Task<IdentityResult> ResetAccessFailedCountAsync(AppUser user)
    {
        await ((AppUserStore)Store).ResetAccessFailedCountAsync(user, CancellationToken);
        return await UpdateUserAsync(user);
    }

    /// <summary>Inside a change: lifts a lockout and forgets the failures.</summary>
    public async Task UnlockAsync(AppUser user)
    {
        // First the row: a failure that locks the account at this moment is over then, or sees that there are no
        // failures.
        await db
            .Users.Where(row => row.Id == user.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.LockoutEnd, (DateTimeOffset?)null), CancellationToken);
        await ((AppUserStore)Store).ResetAccessFailedCountAsync(user, CancellationToken);
        user.Unlock(db.RequireChange().At);
    }

    /// <summary>
    /// Asks the rules that were added to ours, for a user who is written without the manager: an import. Null where
    /// they allow the names,
    /// or where no name is new.
    /// </summary>
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

    /// <summary>
    /// Asks the rules only where a name is new, so that a rule that is added later doesn't block other changes of a
    /// user.
    /// </summary>
    protected override Task<IdentityResult> UpdateUserAsync(AppUser user) =>
        UserRules.HasNewNames(db.Entry(user)) ? base.UpdateUserAsync(user) : Store.UpdateAsync(user, CancellationToken);

    /// <summary>16 letters in groups of four, without vowels and what looks alike.</summary>
    protected override string CreateTwoFactorRecoveryCode() => RecoveryCode.NewText();

    /// <summary>Not supported: it counts no failure. Use <c>PasswordSignIn</c>, which does.</summary>
    public override Task<bool> CheckPasswordAsync(AppUser user, string password) =>
        throw new NotSupportedException("A password is checked by PasswordSignIn, which counts failures.");

    private sealed class Prepared(PreparedPasswords passwords) : IPasswordValidator<AppUser>
    {
        public Task<IdentityResult> ValidateAsync(UserManager<AppUser> manager, AppUser user, string? password)
        {
            passwords.Accepted(password ?? "");
            return Task.FromResult(IdentityResult.Success);
        }
    }
}
