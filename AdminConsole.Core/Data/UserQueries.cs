using AdminConsole.Core.Common;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Data;

/// <summary>Queries and row locks on users.</summary>
public static class UserQueries
{
    /// <summary>Returns the user with this normalized <see cref="AppUser.SignInName"/>; at most one matches.</summary>
    public static IQueryable<AppUser> WithSignInName(this IQueryable<AppUser> users, string name) =>
        users.Where(user => user.NormalizedEmail == name || (user.Email == null && user.NormalizedUserName == name));

    /// <summary>Returns the users who can sign in with this normalized name, which is their email or
    /// username.</summary>
    public static IQueryable<AppUser> WithLogin(this IQueryable<AppUser> users, string login) =>
        users.Where(user => user.NormalizedEmail == login || user.NormalizedUserName == login);

    /// <summary>Locks the rows until the current change ends, and returns their number. A concurrent change that locks
    /// or writes them waits, and then sees the result of this one.</summary>
    internal static Task<int> LockAsync(this IQueryable<AppUser> users, CancellationToken ct) =>
        users.ExecuteUpdateAsync(set => set.SetProperty(user => user.ConcurrencyStamp, user => user.ConcurrencyStamp), ct);

    /// <summary>Locks the actor's row before a token or device is created for the actor. Returns a refusal if the user
    /// is inactive or must change the password; null otherwise. A lockdown writes the same row: it has either
    /// committed, and the user is refused here, or it waits and then finds the new token to revoke.</summary>
    internal static async Task<Refusal?> LockUserRowAsync(this AppDbContext db, Actor actor, CancellationToken ct) =>
        await db.Users.Where(user => user.Id == actor.UserId && user.Active && !user.MustChangePassword).LockAsync(ct) == 1
            ? null
            : Refusals.Unauthenticated;
}
