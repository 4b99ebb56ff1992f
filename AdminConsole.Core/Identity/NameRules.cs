using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Names;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace AdminConsole.Core.Identity;

/// <summary>Checks that a user's names are well-formed and unique. A stored name that breaks a later rule remains valid
/// until it is changed.</summary>
public sealed class UserRules(AppDbContext db) : IUserValidator<AppUser>
{
    private AppUser? last;
    private (string? Email, string? UserName) lastNames;

    public async Task<IdentityResult> ValidateAsync(UserManager<AppUser> manager, AppUser user)
    {
        var entry = db.Entry(user);
        return (Malformed(entry) ?? (SignsInAnew(entry) ? await TakenAsync(user) : null)).ToIdentityResult();
    }

    /// <summary>True for a user who is not stored yet or whose names differ from the stored ones. Name rules run only
    /// then.</summary>
    internal static bool HasNewNames(EntityEntry<AppUser> entry) =>
        SignsInAnew(entry) || entry.Property(user => user.DisplayName).IsModified;

    // True if the email or username is not stored yet.
    private static bool SignsInAnew(EntityEntry<AppUser> entry) =>
        IsNew(entry) || entry.Property(user => user.Email).IsModified || entry.Property(user => user.UserName).IsModified;

    private static bool IsNew(EntityEntry<AppUser> entry) => entry.State is EntityState.Detached or EntityState.Added;

    private static Refusal? Malformed(EntityEntry<AppUser> entry)
    {
        var user = entry.Entity;
        if (IsNew(entry))
        {
            return UserNameValidation.Check(user.Email, user.UserName, user.DisplayName);
        }

        return (entry.Property(row => row.Email).IsModified && user.Email is not null ? EmailAddress.Check("email", user.Email) : null)
            ?? (SignsInAnew(entry) ? UserNameValidation.CheckUserName(user.UserName!, user.Email) : null)
            ?? (entry.Property(row => row.DisplayName).IsModified ? NameText.Check("displayName", user.DisplayName) : null);
    }

    // Identity validates a new user again at each further step of the change.
    private async Task<Refusal?> TakenAsync(AppUser user)
    {
        var names = (user.Email, user.UserName);
        if (ReferenceEquals(last, user) && lastNames == names)
        {
            return null;
        }

        var taken = await UserNameValidation.CheckUniqueAsync(db, user, db.CurrentToken);
        (last, lastNames) = taken is null ? (user, names) : (null, default);
        return taken;
    }
}

/// <summary>Rejects a role name that looks like another role's, as <c>duplicate_role</c>. Administrators recognize
/// roles by how their names look.</summary>
public sealed class RoleRules(AppDbContext db) : IRoleValidator<AppRole>
{
    public async Task<IdentityResult> ValidateAsync(RoleManager<AppRole> manager, AppRole role)
    {
        var others = await db
            .Roles.AsNoTracking()
            .Where(other => other.Id != role.Id)
            .Select(other => new
            {
                other.Name,
                other.NormalizedName,
                other.BuiltIn,
            })
            .ToListAsync(db.CurrentToken);
        if (others.Exists(other => other.NormalizedName == role.NormalizedName))
        {
            return IdentityResult.Failed(manager.ErrorDescriber.DuplicateRoleName(role.Name!));
        }

        var alike = others.Find(other => Confusables.AreAlike(role.Name!, other.Name!, ignoreMarks: other.BuiltIn));
        return (
            alike is null ? null : Refusal.Conflict("duplicate_role", $"This name looks like the role '{alike.Name}'. Choose another.")
        ).ToIdentityResult();
    }
}

/// <summary>Normalizes names as users and roles do, so that Identity finds them.</summary>
public sealed class LookupNormalizer : ILookupNormalizer
{
    public string? NormalizeName(string? name) => name is null ? null : AppUser.NormalizeLogin(name);

    public string? NormalizeEmail(string? email) => NormalizeName(email);
}
