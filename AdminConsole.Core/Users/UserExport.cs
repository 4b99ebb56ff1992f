using System.Runtime.CompilerServices;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;

namespace AdminConsole.Core.Users;

/// <summary>A file that is generated piece by piece while it is written.</summary>
public sealed record UserFile(IAsyncEnumerable<string> Pieces);

/// <summary>Exports users as CSV. Reads 1,000 at a time, so memory use doesn't depend on the number of users.</summary>
public sealed class UserExport(AppDbContext db, TimeProvider clock)
{
    private const int BatchSize = 1_000;

    /// <summary>Returns the file in pieces, sorted by email. The filters of the query apply; its sort order and paging
    /// don't.</summary>
    public Result<UserFile> Begin(Actor actor, UserQuery query, CancellationToken ct) =>
        (actor.Require(Permissions.UsersRead) ?? UserDirectory.Check(query)) is { } refused ? refused : new UserFile(ReadAsync(query, ct));

    private async IAsyncEnumerable<string> ReadAsync(UserQuery query, [EnumeratorCancellation] CancellationToken ct)
    {
        yield return UserCsv.Header;

        var (order, _) = UserSort.Find("email")!.Value;
        var matches = await new UserSearch(db, clock.Now()).PlanAsync(query, ct);
        foreach (var users in matches.ByAddress ?? [matches.Filter is { } filter ? filter(db.Users) : matches.Users])
        {
            string? cursor = null;
            do
            {
                var rest = cursor is null ? users : order.After(users, cursor, descending: false)!;
                var read = await order.Apply(rest, descending: false).Take(BatchSize).ToDetailsAsync(db, clock.Now(), ct);
                if (read.Count > 0)
                {
                    yield return UserCsv.Lines(read);
                }

                cursor = read.Count == BatchSize ? order.CursorOf(read[^1]) : null;
            } while (cursor is not null);
        }
    }
}
