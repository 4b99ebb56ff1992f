using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Names;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Sessions;

/// <summary>Lists and ends the active sessions of all users.</summary>
public sealed class SessionDirectory(AppDbContext db, UserOperationRunner runner, UserOperations operations, TimeProvider clock)
{
    private const string Reason = "ended by an administrator";

    private static readonly Refusal NoSuchSession = Refusal.NotFound("Session not found.");

    /// <summary>Returns one page of active sessions with the total count. The latest sign-in is first, unless sorted
    /// otherwise.</summary>
    public async Task<Result<Page<OwnedSession>>> ListAsync(Actor actor, SessionQuery query, CancellationToken ct)
    {
        if (
            (
                actor.Require(Permissions.SessionsRead)
                ?? Validation.Check(query)
                ?? Validation.CheckLimit(query.Limit)
                ?? Paging.CheckOrder(query.Sort, query.Cursor, query.Skip)
            ) is
            { } refused
        )
        {
            return refused;
        }

        var after = Guid.Empty;
        if (query.Cursor is not null && !Guid.TryParse(query.Cursor, out after))
        {
            return Paging.WrongCursor;
        }

        var matching = Matching(query);
        // Ids are ordered by creation time, and don't change while sessions are in use.
        var rest = query.Cursor is null ? matching : matching.Where(row => row.Session.Id.CompareTo(after) < 0);
        if (Sorted(rest, query.Sort) is not { } sorted)
        {
            return Paging.WrongOrder;
        }

        var rows = await sorted.Skip(query.Skip).Take(query.Limit + 1).AsNoTracking().ToListAsync(ct);
        var more = rows.Count > query.Limit;
        var roles = await RoleHierarchy.RolesOfAsync(db, [.. rows.Select(row => row.User.Id).Distinct()], ct);
        var items = (more ? rows[..query.Limit] : rows).ConvertAll(row => new OwnedSession(
            row.Session.ToSummary(actor.SessionId),
            row.User.ToRef()
        )
        {
            IsAbove = RoleHierarchy.OutranksActor(roles[row.User.Id], actor),
        });
        return new Page<OwnedSession>(
            items,
            await matching.LongCountAsync(ct),
            more && query.Sort is null ? items[^1].Session.Id.ToString() : null
        );
    }

    /// <summary>Returns a user's active sessions, the latest sign-in first.</summary>
    public async Task<Result<Page<SessionSummary>>> ListOfAsync(Actor actor, Guid userId, PageQuery page, CancellationToken ct)
    {
        if (actor.Require(Permissions.SessionsRead) is { } refused)
        {
            return refused;
        }

        if (!await db.Users.AnyAsync(user => user.Id == userId, ct))
        {
            return Refusal.NotFound("No such user.");
        }

        var now = clock.Now();
        return await db
            .Sessions.Where(session => session.UserId == userId && session.ExpiresAt > now)
            .PageAsync(page, session => session.ToSummary(actor.SessionId), ct);
    }

    /// <summary>Ends one session of a user. Refused as <c>above_you</c> if the user outranks the actor.</summary>
    public Task<Result<Unit>> EndAsync(Actor actor, Guid userId, Guid sessionId, CancellationToken ct) =>
        runner.RunWithoutResultAsync(actor, userId, End([sessionId], mustExist: true), ct);

    /// <summary>Ends all sessions of a user. Refused as <c>above_you</c> if the user outranks the actor.</summary>
    public Task<Result<Unit>> EndAllAsync(Actor actor, Guid userId, CancellationToken ct) =>
        runner.RunWithoutResultAsync(actor, userId, operations.EndSessions, ct);

    /// <summary>Ends the given sessions of any users. Sessions of users who outrank the actor are refused; the others
    /// end.</summary>
    public async Task<Result<BulkResult>> EndManyAsync(
        Actor actor,
        IReadOnlyCollection<Guid> ids,
        IProgress<BulkProgress>? progress,
        CancellationToken ct
    )
    {
        if ((actor.Require(Permissions.SessionsEnd) ?? UserBulk.CheckIds(ids, "ids")) is { } refused)
        {
            return refused;
        }

        var owners = await db
            .Sessions.Where(session => ids.Contains(session.Id))
            .ToDictionaryAsync(session => session.Id, session => session.UserId, ct);
        var outcome = await runner.RunManyAsync(
            actor,
            [.. owners.Values.Distinct()],
            End([.. owners.Keys], mustExist: false),
            dryRun: false,
            progress,
            ct
        );
        return outcome.Then(result =>
        {
            var refusals = result.Refused.ToDictionary(refusal => refusal.Id);
            var notEnded = ids.Distinct()
                .Where(id => !owners.ContainsKey(id))
                .Select(id => new BulkRefusal(id, NoSuchSession.Code) { Message = NoSuchSession.Message })
                .Concat(owners.Where(pair => refusals.ContainsKey(pair.Value)).Select(pair => refusals[pair.Value] with { Id = pair.Key }));
            return new BulkResult([.. owners.Where(pair => !refusals.ContainsKey(pair.Value)).Select(pair => pair.Key)], [.. notEnded])
            {
                BatchId = result.BatchId,
            };
        });
    }

    // Returns null for an unknown sort order. Ids break ties, so that pages neither repeat nor omit rows.
    private static IQueryable<SessionOfUser>? Sorted(IQueryable<SessionOfUser> rows, string? sort) =>
        sort switch
        {
            null or "-createdAt" => rows.OrderByDescending(row => row.Session.Id),
            "createdAt" => rows.OrderBy(row => row.Session.Id),
            "user" => rows.OrderBy(row => row.User.NormalizedUserName).ThenBy(row => row.Session.Id),
            "-user" => rows.OrderByDescending(row => row.User.NormalizedUserName).ThenByDescending(row => row.Session.Id),
            "lastSeenAt" => rows.OrderBy(row => row.Session.LastSeenAt).ThenBy(row => row.Session.Id),
            "-lastSeenAt" => rows.OrderByDescending(row => row.Session.LastSeenAt).ThenByDescending(row => row.Session.Id),
            "expiresAt" => rows.OrderBy(row => row.Session.ExpiresAt).ThenBy(row => row.Session.Id),
            "-expiresAt" => rows.OrderByDescending(row => row.Session.ExpiresAt).ThenByDescending(row => row.Session.Id),
            _ => null,
        };

    private UserOperation End(IReadOnlyCollection<Guid> ids, bool mustExist) =>
        new(
            Permissions.SessionsEnd,
            async (change, user, ct) =>
            {
                var sessions = await db.Sessions.Where(session => session.UserId == user.Id && ids.Contains(session.Id)).ToListAsync(ct);
                db.RemoveRange(sessions);
                sessions.ForEach(session =>
                    change.Record(AuditActions.SessionEnded, session.AsTarget(), new { reason = Reason, user = user.SignInName })
                );
                return mustExist && sessions.Count == 0 ? NoSuchSession : null;
            }
        );

    /// <summary>Ends one session of any user. Refused as <c>above_you</c> if the user outranks the actor.</summary>
    public async Task<Result<Unit>> EndAsync(Actor actor, Guid sessionId, CancellationToken ct)
    {
        if (actor.Require(Permissions.SessionsEnd) is { } refused)
        {
            return refused;
        }

        return
            await db.Sessions.Where(session => session.Id == sessionId).Select(session => (Guid?)session.UserId).SingleOrDefaultAsync(ct)
                is { } owner
            ? await EndAsync(actor, owner, sessionId, ct)
            : NoSuchSession;
    }

    private IQueryable<SessionOfUser> Matching(SessionQuery query)
    {
        var search = query.Search;
        var now = clock.Now();
        var live = db
            .Sessions.Where(session => session.ExpiresAt > now)
            .Where(session => query.User == null || session.UserId == query.User)
            .Join(
                db.Users,
                session => session.UserId,
                user => user.Id,
                (session, user) => new SessionOfUser { Session = session, User = user }
            );
        if (string.IsNullOrWhiteSpace(search))
        {
            return live;
        }

        var (pattern, anywhere) = (AppDbContext.LikePattern(AppUser.Normalize(search.Trim())), TextPattern.CreateContains(search.Trim()));
        return live.Where(row =>
            EF.Functions.Like(row.User.SearchText, pattern, @"\")
            || TextPattern.Matches(row.Session.Ip, anywhere.Glob, anywhere.Regex)
            || TextPattern.Matches(row.Session.UserAgent, anywhere.Glob, anywhere.Regex)
        );
    }

    private sealed class SessionOfUser
    {
        public required Session Session { get; init; }
        public required AppUser User { get; init; }
    }
}
