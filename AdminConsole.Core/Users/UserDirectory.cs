using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Users;

/// <summary>Lists and searches users.</summary>
public sealed class UserDirectory(AppDbContext db, TimeProvider clock)
{
    public async Task<Result<UserDetails>> FindAsync(Actor actor, Guid id, CancellationToken ct)
    {
        if (actor.Require(Permissions.UsersRead) is { } refused)
        {
            return refused;
        }

        var found = await db.Users.Where(user => user.Id == id).ToDetailsAsync(db, clock.Now(), ct);
        return found.Count == 0 ? Refusal.NotFound("No such user.") : found[0];
    }

    /// <summary>Returns one page of users and the total count, which is null above 10,000 (1,000 for a search). Refused
    /// as <c>invalid_request</c> for an unknown sort order or cursor.</summary>
    public async Task<Result<Page<UserDetails>>> ListAsync(Actor actor, UserQuery query, CancellationToken ct)
    {
        if (actor.Require(Permissions.UsersRead) is { } refused)
        {
            return refused;
        }

        if (UserSort.Find(query.Sort) is not var (order, descending))
        {
            return Refusal.Invalid("invalid_request", $"Users can't be sorted by '{query.Sort}'.");
        }

        if (Check(query) is { } invalid)
        {
            return invalid;
        }

        var matches = await new UserSearch(db, clock.Now()).PlanAsync(query, ct);
        var countLimit = Limits.CountLimitFor(query.Search);
        var total =
            matches.Count
            ?? (
                ReferenceEquals(matches.Users, db.Users)
                    ? await db.CountUsersAsync(countLimit + 1, ct)
                    : await matches.CountAsync(countLimit + 1, ct)
            );
        if (total == 0 && query.Cursor is null)
        {
            return new Page<UserDetails>([], 0, null);
        }

        if (await PageAsync(matches, query, order, descending, ct) is not { } rows)
        {
            return Refusal.Invalid("invalid_request", "This cursor isn't from this list.");
        }

        var more = rows.Count > query.Limit;
        var items = more ? rows[..query.Limit] : rows;
        return new Page<UserDetails>(items, total > countLimit ? null : total, more ? order.CursorOf(items[^1]) : null);
    }

    /// <summary>Returns the ids of all matching users, on all pages. Refused as <c>too_many</c> above the limit of a
    /// bulk action.</summary>
    public async Task<Result<IReadOnlyList<Guid>>> IdsAsync(Actor actor, UserQuery query, CancellationToken ct)
    {
        if (actor.Require(Permissions.UsersRead) is { } refused)
        {
            return refused;
        }

        var matches = await new UserSearch(db, clock.Now()).PlanAsync(query, ct);
        var ids = await matches.Users.OrderBy(user => user.Id).Select(user => user.Id).Take(Limits.Bulk + 1).ToListAsync(ct);
        return ids.Count > Limits.Bulk ? Refusal.Invalid("too_many", $"More than {Limits.Bulk:N0} users match. Narrow the filter.") : ids;
    }

    // Reads one row more than requested, to detect a further page. Returns null if the cursor is invalid.
    private async Task<List<UserDetails>?> PageAsync(
        UserSearch.UserSearchPlan matches,
        UserQuery query,
        UserSort order,
        bool descending,
        CancellationToken ct
    )
    {
        IQueryable<AppUser>? From(IQueryable<AppUser> users) => query.Cursor is null ? users : order.After(users, query.Cursor, descending);
        Task<List<UserDetails>> TakeAsync(IQueryable<AppUser> users) =>
            order.Apply(users, descending).Skip(query.Skip).Take(query.Limit + 1).ToDetailsAsync(db, clock.Now(), ct);

        if (matches.Filter is { } filter && From(db.Users) is { } allUsers)
        {
            var window = order.Apply(allUsers, descending).Take(UserSearch.WalkLimit + (UserSearch.WalkPerSkippedRow * query.Skip));
            var matched = await TakeAsync(filter(window));
            if (matched.Count > query.Limit)
            {
                return matched;
            }
        }

        if (order.IsByAddress && matches.ByAddress is { } parts)
        {
            var ordered = (descending ? parts.Reverse() : parts).Select(From).OfType<IQueryable<AppUser>>().ToList();
            return ordered.Count == parts.Count ? await InPartsAsync(ordered) : null;
        }

        if (order.IsByAddress && query.Cursor is null && matches.FirstByAddress is { } first)
        {
            return await TakeAsync(first(descending, query.Skip + query.Limit + 1));
        }

        return From(matches.Users) is { } rest ? await TakeAsync(rest) : null;

        async Task<List<UserDetails>> InPartsAsync(List<IQueryable<AppUser>> parts)
        {
            var (rows, skip) = (new List<UserDetails>(), query.Skip);
            foreach (var users in parts)
            {
                var part = order.Apply(users, descending).Skip(skip).Take(query.Limit + 1 - rows.Count);
                var read = await part.ToDetailsAsync(db, clock.Now(), ct);
                rows.AddRange(read);
                if (rows.Count > query.Limit)
                {
                    break;
                }

                skip = skip == 0 || read.Count > 0 ? 0 : skip - await users.Take(skip).CountAsync(ct);
            }

            return rows;
        }
    }

    /// <summary>Returns the given users, sorted by display name. Users that don't exist are omitted.</summary>
    public async Task<Result<IReadOnlyList<UserDetails>>> FindManyAsync(Actor actor, IReadOnlyCollection<Guid> ids, CancellationToken ct)
    {
        if (actor.Require(Permissions.UsersRead) is { } refused)
        {
            return refused;
        }

        var found = await db.Users.Where(user => EF.Parameter(ids).Contains(user.Id)).ToDetailsAsync(db, clock.Now(), ct);
        return found.OrderBy(user => user.DisplayName, StringComparer.CurrentCultureIgnoreCase).ToList();
    }

    internal static Refusal? Check(UserQuery query) =>
        Validation.CheckLimit(query.Limit)
        ?? (
            query.Status is { } status && !UserStatuses.DisplayNames.ContainsKey(status)
                ? Refusal.Invalid("invalid_request", $"A status is one of: {string.Join(", ", UserStatuses.DisplayNames.Keys)}.")
                : null
        )
        ?? (
            query.InactiveDays is < 1 or > Limits.InactiveDays
                ? Refusal.Invalid("invalid_request", $"Days are 1 to {Limits.InactiveDays}.")
                : null
        )
        ?? (
            query.Skip is < 0 or > Limits.CountLimit
                ? Refusal.Invalid(
                    "invalid_request",
                    $"Up to {Limits.CountLimit} users can be skipped. Use the cursor to read further pages."
                )
            : query.Login?.Length > Limits.Email ? Refusal.Invalid("invalid_request", $"A login has up to {Limits.Email} characters.")
            : query.Search?.Length > Limits.Search || !Validation.IsStorable(query.Search ?? "")
                ? Refusal.Invalid("invalid_request", $"A search has up to {Limits.Search} characters, U+0000 and U+FFFE not among them.")
            : null
        );
}
