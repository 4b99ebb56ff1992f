using System.Text;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Providers;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Users;

/// <summary>Plans user queries so that their cost doesn't grow with the number of users. Filters that match few users
/// are looked up and then sorted. Filters that match many are applied while walking in sort order, which soon fills a
/// page; if matches are clustered further on, they are looked up as well. A probe count decides between the
/// two.</summary>
internal sealed class UserSearch(AppDbContext db, DateTimeOffset now)
{
    /// <summary>The number of users to walk in sort order before looking up matches instead. Walking them takes as long
    /// as looking up a thousand.</summary>
    public const int WalkLimit = 500;

    /// <summary>The number of additional users to walk for each skipped match.</summary>
    public const int WalkPerSkippedRow = 4;

    // At this many matches, walking until a page is full may be faster than looking up and sorting.
    private const int WalkThreshold = Limits.CountLimit + 1;
    private const int SearchWalkThreshold = Limits.SearchCountLimit + 1;

    // Sorts after every other character.
    private const string MaxCharacter = "\U0010FFFF";

    public async Task<UserSearchPlan> PlanAsync(UserQuery query, CancellationToken ct)
    {
        var found = await SearchAsync(query.Search?.Trim() ?? "", ct);
        if (query.Login is { } login)
        {
            var name = AppUser.NormalizeLogin(login.Trim());
            found = new UserSearchPlan(found.Users, null, Count: null).Where(users => users.WithLogin(name));
        }

        if (!string.IsNullOrEmpty(query.Role))
        {
            found = await WithRoleAsync(found, AppUser.Normalize(query.Role), ct);
        }

        found = (query.Active ?? (query.Status is { } wanted && UserStatusRules.IsInactive(wanted) ? false : null)) switch
        {
            null => found,
            true => found.Where(users => users.Where(user => user.Active)),
            false => await InactiveAsync(found, ct),
        };
        found = query.Status is { } status ? found.Where(users => users.InStatus(status, db, now)) : found;
        found = string.IsNullOrEmpty(query.Source) ? found : await OfSourceAsync(found, query.Source, ct);
        found = query.Mfa is { } mfa ? found.Where(users => users.Where(user => user.TwoFactorEnabled == mfa)) : found;
        found = query.NeverSignedIn is { } never ? found.Where(users => users.Where(user => (user.LastSignInAt == null) == never)) : found;
        return query.InactiveDays is { } days
            ? found.Where(users => users.Where(user => user.LastSignInAt == null || user.LastSignInAt < now.AddDays(-days)))
            : found;
    }

    private async Task<UserSearchPlan> OfSourceAsync(UserSearchPlan found, string source, CancellationToken ct)
    {
        if (source.Equals(UserSources.Local, StringComparison.OrdinalIgnoreCase))
        {
            return found.Where(users => users.Where(user => !db.UserLogins.Any(login => login.UserId == user.Id)));
        }

        var (name, id) = (AppUser.Normalize(source), Guid.TryParse(source, out var parsed) ? parsed : Guid.Empty);
        var provider = await db
            .IdentityProviders.Where(row => row.NormalizedName == name || row.Id == id)
            .Select(row => (Guid?)row.Id)
            .FirstOrDefaultAsync(ct);
        // A provider that an extension registers has its own name.
        var login = provider is { } known ? IdentityProvider.LoginProviderOf(known) : source;
        return found.Where(users => users.Where(user => db.UserLogins.Any(row => row.LoginProvider == login && row.UserId == user.Id)));
    }

    private async Task<UserSearchPlan> SearchAsync(string search, CancellationToken ct)
    {
        var text = AppUser.Normalize(search);
        switch (text.EnumerateRunes().Count())
        {
            case 0:
                return new UserSearchPlan(db.Users, null, Count: null);
            case 1:
                return BeginningWith(text);
            case 2:
                text = "\n" + text;
                break;
        }

        var hits = db.SearchUsers(text);
        IQueryable<AppUser> First(bool descending, int wanted) => db.SearchUsersByEmail(text, descending, wanted);
        var count = await db.CountSearchResultsAsync(text, SearchWalkThreshold, ct);
        if (count < SearchWalkThreshold)
        {
            return new UserSearchPlan(hits, null, count) { FirstByAddress = First };
        }

        var pattern = AppDbContext.LikePattern(text);
        return new UserSearchPlan(hits, users => users.Where(user => EF.Functions.Like(user.SearchText, pattern, @"\")), count)
        {
            FirstByAddress = First,
        };
    }

    // Emails, and usernames of accounts without an email: two ranges of one index.
    private UserSearchPlan BeginningWith(string prefix)
    {
        var name = AppUser.WithoutEmail(prefix);
        IQueryable<AppUser> Range(string from) =>
            db.Users.Where(user => user.NormalizedEmail!.CompareTo(from) >= 0 && user.NormalizedEmail!.CompareTo(from + MaxCharacter) <= 0);
        var either = db.Users.Where(user =>
            (user.NormalizedEmail!.CompareTo(prefix) >= 0 && user.NormalizedEmail!.CompareTo(prefix + MaxCharacter) <= 0)
            || (user.NormalizedEmail!.CompareTo(name) >= 0 && user.NormalizedEmail!.CompareTo(name + MaxCharacter) <= 0)
        );
        // The databases compare by code point, unlike UTF-16 comparison.
        var isEmailFirst = Rune.GetRuneAt(prefix, 0) < Rune.GetRuneAt(name, 0);
        var (first, second) = isEmailFirst ? (prefix, name) : (name, prefix);
        return new UserSearchPlan(either, null, Count: null) { ByAddress = [Range(first), Range(second)] };
    }

    private async Task<UserSearchPlan> WithRoleAsync(UserSearchPlan found, string name, CancellationToken ct)
    {
        var roleId = await db.Roles.Where(role => role.NormalizedName == name).Select(role => role.Id).SingleOrDefaultAsync(ct);
        var holders = db.UserRoles.Where(assignment => assignment.RoleId == roleId);
        var many = await holders.Take(WalkThreshold).CountAsync(ct) == WalkThreshold;
        var isUnfiltered = ReferenceEquals(found.Users, db.Users);
        var narrowed = many
            ? found.Where(users =>
                users.Where(user => db.UserRoles.Any(assignment => assignment.UserId == user.Id && assignment.RoleId == roleId))
            )
            : found.Where(users => holders.Join(users, assignment => assignment.UserId, user => user.Id, (_, user) => user));
        return narrowed with { Count = many && isUnfiltered ? WalkThreshold : null };
    }

    // The condition without a parameter can use the partial index of deactivated users. With many matches, it is
    // applied while walking.
    private async Task<UserSearchPlan> InactiveAsync(UserSearchPlan found, CancellationToken ct)
    {
        var many = await db.Users.Where(user => !user.Active).Take(WalkThreshold).CountAsync(ct) == WalkThreshold;
        var active = false;
        var isUnfiltered = ReferenceEquals(found.Users, db.Users);
        var narrowed = many
            ? found.Where(users => users.Where(user => user.Active == active))
            : found.Where(users => users.Where(user => !user.Active));
        return narrowed with { Count = many && isUnfiltered ? WalkThreshold : null };
    }

    /// <summary>A search as queries that have not run yet.</summary>
    /// <param name="Users">The matching users.</param>
    /// <param name="Filter">Applies the search to any set of users; null if that is not faster.</param>
    /// <param name="Count">The number of matches, counted to one more than <see cref="Limits.CountLimitFor"/>; null if
    /// unknown.</param>
    internal sealed record UserSearchPlan(IQueryable<AppUser> Users, Func<IQueryable<AppUser>, IQueryable<AppUser>>? Filter, int? Count)
    {
        /// <summary>Returns the first or last matches by email, at least the given number if available. Null if that is
        /// not faster.</summary>
        public Func<bool, int, IQueryable<AppUser>>? FirstByAddress { get; init; }

        /// <summary>The matches in consecutive parts, sorted by email. Each part is one index range, read in order; a
        /// query over several ranges would be sorted by the database. Null if a single query is as fast.</summary>
        public IReadOnlyList<IQueryable<AppUser>>? ByAddress { get; init; }

        public UserSearchPlan Where(Func<IQueryable<AppUser>, IQueryable<AppUser>> narrow) =>
            new(narrow(Users), Filter is { } filter ? users => narrow(filter(users)) : null, Count: null)
            {
                ByAddress = ByAddress?.Select(narrow).ToList(),
            };

        /// <summary>Counts the matches, up to a limit.</summary>
        public async Task<int> CountAsync(int limit, CancellationToken ct)
        {
            var count = 0;
            foreach (var part in ByAddress ?? [Users])
            {
                count += count == limit ? 0 : await part.Take(limit - count).CountAsync(ct);
            }

            return count;
        }
    }
}
