using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Users;

/// <summary>Finds users.</summary>
public sealed class UserDirectory(AppDbContext db, TimeProvider clock)
{
    public async Task<Result<UserDetails>> FindAsync(Actor actor, Guid id, CancellationToken ct)
    {
        if (actor.Refused(Permissions.UsersRead) is { } refused)
        {
            return refused;
        }

        var found = await db.Users.Where(user => user.Id == id).ToDetailsAsync(db, clock.Now(), ct);
        return found.Count == 0 ? Refusal.NotFound("No such user.") : found[0];
    }

    /// <summary>One page of users with the count of all that match. Refused as <c>invalid_request</c> for an unknown sort or cursor.</summary>
    public async Task<Result<Page<UserDetails>>> ListAsync(Actor actor, UserQuery query, CancellationToken ct)
    {
        if (actor.Refused(Permissions.UsersRead) is { } refused)
        {
            return refused;
        }

        if (UserOrder.Find(query.Sort) is not var (order, descending))
        {
            return Refusal.Invalid("invalid_request", $"Users cannot be sorted by '{query.Sort}'.");
        }

        if (query.Limit is < 1 or > Limits.MaxPageSize || query.Skip < 0)
        {
            return Refusal.Invalid("invalid_request", $"limit is a number from 1 to {Limits.MaxPageSize}.");
        }

        var matching = Matching(query);
        var rest = query.Cursor is null ? matching : order.After(matching, query.Cursor, descending);
        if (rest is null)
        {
            return Refusal.Invalid("invalid_request", "That cursor did not come from this list.");
        }

        var total = await matching.LongCountAsync(ct);
        var rows = await order.Apply(rest, descending).Skip(query.Skip).Take(query.Limit + 1).ToDetailsAsync(db, clock.Now(), ct);
        var more = rows.Count > query.Limit;
        var items = more ? rows[..query.Limit] : rows;
        return new Page<UserDetails>(items, total, more ? order.CursorOf(items[^1]) : null);
    }

    /// <summary>The ids of all that match, whatever page; refused as <c>too_many</c> beyond what one act on many may take.</summary>
    public async Task<Result<IReadOnlyList<Guid>>> IdsAsync(Actor actor, UserQuery query, CancellationToken ct)
    {
        if (actor.Refused(Permissions.UsersRead) is { } refused)
        {
            return refused;
        }

        var ids = await Matching(query).OrderBy(user => user.Id).Select(user => user.Id).Take(Limits.Bulk + 1).ToListAsync(ct);
        return ids.Count > Limits.Bulk ? Refusal.Invalid("too_many", $"More than {Limits.Bulk:N0} users match; narrow the filter down.") : ids;
    }

    private IQueryable<AppUser> Matching(UserQuery query)
    {
        IQueryable<AppUser> users = db.Users;
        if (!string.IsNullOrWhiteSpace(query.Search))
        {
            var pattern = AppDbContext.Containing(AppUser.Normalize(query.Search.Trim()));
            users = users.Where(user => EF.Functions.Like(user.SearchText, pattern, @"\"));
        }

        if (!string.IsNullOrEmpty(query.Role))
        {
            var role = AppUser.Normalize(query.Role);
            users = users.Where(user => db.UserRoles.Any(held => held.UserId == user.Id && db.Roles.Any(known => known.Id == held.RoleId && known.NormalizedName == role)));
        }

        return query.Active is { } active ? users.Where(user => user.Active == active) : users;
    }
}
