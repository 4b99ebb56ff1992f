using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Names;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Tokens;

/// <summary>Lists and revokes the personal access tokens of all users, for administrators.</summary>
public sealed class TokenDirectory(AppDbContext db, UserOperationRunner runner, TokenUsageWriter lastUsed, TimeProvider clock)
{
    private const string Reason = "revoked by an administrator";

    private static readonly Refusal NoSuchToken = Refusal.NotFound("Token not found.");

    /// <summary>Returns one page, newest first unless sorted otherwise, with the total number of matches.</summary>
    public async Task<Result<Page<OwnedToken>>> ListAsync(Actor actor, TokenQuery query, CancellationToken ct)
    {
        if (
            (
                actor.Require(Permissions.TokensRead)
                ?? Validation.Check(query)
                ?? Validation.CheckLimit(query.Limit)
                ?? Paging.CheckOrder(query.Sort, query.Cursor, query.Skip)
            ) is
            { } refused
        )
        {
            return refused;
        }

        if (query.State is not null && !TokenStates.All.Contains(query.State))
        {
            return Refusal.Invalid("invalid_request", $"A state is one of: {string.Join(", ", TokenStates.All)}.");
        }

        var after = Guid.Empty;
        if (query.Cursor is not null && !Guid.TryParse(query.Cursor, out after))
        {
            return Paging.WrongCursor;
        }

        var now = clock.Now();
        var matching = Matching(query, now);
        // Ids are ordered by creation time.
        var rest = query.Cursor is null ? matching : matching.Where(row => row.Token.Id.CompareTo(after) < 0);
        if (Sorted(rest, query.Sort) is not { } sorted)
        {
            return Paging.WrongOrder;
        }

        var rows = await sorted.Skip(query.Skip).Take(query.Limit + 1).AsNoTracking().ToListAsync(ct);
        var more = rows.Count > query.Limit;
        var roles = await RoleHierarchy.RolesOfAsync(db, [.. rows.Select(row => row.Owner.Id).Distinct()], ct);
        var items = (more ? rows[..query.Limit] : rows).ConvertAll(row => new OwnedToken(
            lastUsed.WithCurrentUsage(row.Token.ToSummary(now)),
            row.Owner.ToRef()
        )
        {
            IsAbove = RoleHierarchy.OutranksActor(roles[row.Owner.Id], actor),
        });
        return new Page<OwnedToken>(items, await matching.LongCountAsync(ct), more && query.Sort is null ? items[^1].Id.ToString() : null);
    }

    /// <summary>Revokes a token permanently. Succeeds if it is already revoked. Refused as <c>above_you</c>.</summary>
    public async Task<Result<Unit>> RevokeAsync(Actor actor, Guid id, CancellationToken ct)
    {
        if (actor.Require(Permissions.TokensRevoke) is { } refused)
        {
            return refused;
        }

        return
            await db.PersonalAccessTokens.Where(token => token.Id == id).Select(token => (Guid?)token.OwnerId).SingleOrDefaultAsync(ct)
                is { } owner
            ? await runner.RunWithoutResultAsync(actor, owner, Revoke([id]), ct)
            : NoSuchToken;
    }

    /// <summary>Revokes tokens of any users. Tokens of users who outrank the actor are refused; the others are
    /// revoked.</summary>
    public async Task<Result<BulkResult>> RevokeManyAsync(Actor actor, IReadOnlyCollection<Guid> ids, CancellationToken ct)
    {
        if ((actor.Require(Permissions.TokensRevoke) ?? UserBulk.CheckIds(ids, "ids")) is { } refused)
        {
            return refused;
        }

        var owners = await db
            .PersonalAccessTokens.Where(token => ids.Contains(token.Id))
            .ToDictionaryAsync(token => token.Id, token => token.OwnerId, ct);
        var done = await runner.RunManyAsync(actor, [.. owners.Values.Distinct()], Revoke([.. owners.Keys]), dryRun: false, null, ct);
        return done.Then(result =>
        {
            var refusals = result.Refused.ToDictionary(refusal => refusal.Id);
            var notRevoked = ids.Distinct()
                .Where(id => !owners.ContainsKey(id))
                .Select(id => new BulkRefusal(id, NoSuchToken.Code) { Message = NoSuchToken.Message })
                .Concat(owners.Where(pair => refusals.ContainsKey(pair.Value)).Select(pair => refusals[pair.Value] with { Id = pair.Key }));
            return new BulkResult([.. owners.Where(pair => !refusals.ContainsKey(pair.Value)).Select(pair => pair.Key)], [.. notRevoked])
            {
                BatchId = result.BatchId,
            };
        });
    }

    // Returns null for an unknown order. Ids break ties, so that pages neither repeat nor skip a row.
    private static IQueryable<TokenOfUser>? Sorted(IQueryable<TokenOfUser> rows, string? sort) =>
        sort switch
        {
            null or "-createdAt" => rows.OrderByDescending(row => row.Token.Id),
            "createdAt" => rows.OrderBy(row => row.Token.Id),
            "name" => rows.OrderBy(row => NameOrder.SortKey(row.Token.Name)).ThenBy(row => row.Token.Id),
            "-name" => rows.OrderByDescending(row => NameOrder.SortKey(row.Token.Name)).ThenByDescending(row => row.Token.Id),
            "owner" => rows.OrderBy(row => row.Owner.NormalizedUserName).ThenBy(row => row.Token.Id),
            "-owner" => rows.OrderByDescending(row => row.Owner.NormalizedUserName).ThenByDescending(row => row.Token.Id),
            "lastUsedAt" => rows.OrderBy(row => row.Token.LastUsedAt ?? DateTimeOffset.UnixEpoch).ThenBy(row => row.Token.Id),
            "-lastUsedAt" => rows.OrderByDescending(row => row.Token.LastUsedAt ?? DateTimeOffset.UnixEpoch)
                .ThenByDescending(row => row.Token.Id),
            "expiresAt" => rows.OrderBy(row => row.Token.ExpiresAt == null).ThenBy(row => row.Token.ExpiresAt).ThenBy(row => row.Token.Id),
            "-expiresAt" => rows.OrderByDescending(row => row.Token.ExpiresAt == null)
                .ThenByDescending(row => row.Token.ExpiresAt)
                .ThenByDescending(row => row.Token.Id),
            _ => null,
        };

    private UserOperation Revoke(IReadOnlyCollection<Guid> ids) =>
        new(
            Permissions.TokensRevoke,
            async (change, user, ct) =>
            {
                var tokens = await db
                    .PersonalAccessTokens.AsNoTracking()
                    .Where(token => token.OwnerId == user.Id && ids.Contains(token.Id))
                    .ToListAsync(ct);
                await PersonalAccessTokens.RevokeAsync(db, change, tokens, Reason, ct);
                return tokens.Count == 0 ? NoSuchToken : null;
            }
        );

    private IQueryable<TokenOfUser> Matching(TokenQuery query, DateTimeOffset now)
    {
        var tokens = db.PersonalAccessTokens.AsQueryable();
        tokens = query.Owner is { } owner ? tokens.Where(token => token.OwnerId == owner) : tokens;
        tokens = query.State is { } state ? tokens.InState(state, now) : tokens;
        tokens = query.Stale ? tokens.Stale(now) : tokens;
        tokens = query.Expiring ? tokens.ExpiringSoon(now) : tokens;
        var rows = tokens.Join(
            db.Users,
            token => token.OwnerId,
            user => user.Id,
            (token, user) => new TokenOfUser { Token = token, Owner = user }
        );
        if (string.IsNullOrWhiteSpace(query.Search))
        {
            return rows;
        }

        var text = query.Search.Trim();
        var (pattern, name) = (AppDbContext.LikePattern(AppUser.Normalize(text)), TextPattern.CreateContains(text));
        return rows.Where(row =>
            row.Token.Prefix.StartsWith(text)
            || TextPattern.Matches(row.Token.Name, name.Glob, name.Regex)
            || EF.Functions.Like(row.Owner.SearchText, pattern, @"\")
        );
    }

    private sealed class TokenOfUser
    {
        public required PersonalAccessToken Token { get; init; }
        public required AppUser Owner { get; init; }
    }
}
