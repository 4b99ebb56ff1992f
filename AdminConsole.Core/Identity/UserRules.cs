using AdminConsole.Core.Data;
using AdminConsole.Core.Names;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Identity;

/// <summary>
/// What a user's names may be, and that nobody else has them. Identity asks at every update, so the database is only asked where a name is
/// new. A stored name that breaks a later rule stays until it is changed.
/// </summary>
public sealed class UserRules(AppDbContext db) : IUserValidator<AppUser>
{
    private AppUser? last;
    private Given? lastNames;

    public async Task<IdentityResult> ValidateAsync(UserManager<AppUser> manager, AppUser user)
    {
        var names = new Given(user.Email, user.UserName, user.DisplayName);
        if ((ReferenceEquals(last, user) && lastNames == names) || !IsNew(user))
        {
            return IdentityResult.Success;
        }

        var refused = Malformed(user) ?? await UserNames.TakenAsync(db, user, db.CurrentToken);
        if (refused is null)
        {
            (last, lastNames) = (user, names);
        }

        return refused.ToIdentityResult();
    }

    private Refusal? Malformed(AppUser user)
    {
        var entry = db.Entry(user);
        return entry.State is EntityState.Detached or EntityState.Added ? UserNames.Check(user.Email, user.UserName, user.DisplayName)
            : (entry.Property(row => row.Email).IsModified && user.Email is not null ? EmailAddress.Check("email", user.Email) : null)
            ?? UserNames.CheckUserName(user.UserName!, user.Email);
    }

    private bool IsNew(AppUser user)
    {
        var entry = db.Entry(user);
        return entry.State is EntityState.Detached or EntityState.Added
            || entry.Property(row => row.NormalizedEmail).IsModified || entry.Property(row => row.NormalizedUserName).IsModified
            || entry.Property(row => row.Email).IsModified || entry.Property(row => row.UserName).IsModified;
    }

    private sealed record Given(string? Email, string? UserName, string DisplayName);
}
