using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Users;

/// <summary>Users as changes look for them.</summary>
public static class UserQueries
{
    /// <summary>The users, one at most, whose <see cref="AppUser.SignInName"/> this is, in normalized form.</summary>
    public static IQueryable<AppUser> WithSignInName(this IQueryable<AppUser> users, string name) =>
        users.Where(user => user.NormalizedEmail == name || (user.Email == null && user.NormalizedUserName == name));

    /// <summary>The users who sign in by this name or a spelling of it, in normalized form: their email or their
    /// username.</summary>
    public static IQueryable<AppUser> WithLogin(this IQueryable<AppUser> users, string login) =>
        users.Where(user => user.NormalizedEmail == login || user.NormalizedUserName == login);

    /// <summary>
    /// Locks the rows until the change under way ends, so that another change that locks or writes them waits and sees
    /// what this one
    /// did. Answers how many there are.
    /// </summary>
    internal static Task<int> LockAsync(this IQueryable<AppUser> users, CancellationToken ct) =>
        users.ExecuteUpdateAsync(set => set.SetProperty(user => user.ConcurrencyStamp, user => user.ConcurrencyStamp), ct);
}
