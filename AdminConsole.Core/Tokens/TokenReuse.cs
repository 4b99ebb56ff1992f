using AdminConsole.Core.Audit;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Tokens;

/// <summary>
/// A rotated-out token that is presented again has leaked, or somebody forgot to replace it. Used, it is noted once a day; only
/// where it is presented to rotate does the whole lineage end, or a leaked old token would be a switch to kill the good one.
/// </summary>
public sealed class TokenReuse(AppDbContext db)
{
    private static readonly TimeSpan NoteEvery = TimeSpan.FromDays(1);

    /// <summary>Notes that it was used; the owner sees it on their page.</summary>
    public async Task NoteAsync(Guid tokenId, Origin from, CancellationToken ct) => await db.ChangeAsync<Done>(Somebody(from), null, async change =>
    {
        var since = change.At - NoteEvery;
        var first = await Presented(tokenId).Where(token => token.ReuseDetectedAt == null || token.ReuseDetectedAt <= since)
            .ExecuteUpdateAsync(set => set.SetProperty(token => token.ReuseDetectedAt, change.At), ct);
        if (first == 1)
        {
            var token = await db.PersonalAccessTokens.AsNoTracking().SingleAsync(row => row.Id == tokenId, ct);
            change.Record(AuditActions.TokenReuseDetected, token.AsTarget(), new { owner = token.OwnerId, rotatedAt = token.RotatedAt });
        }

        return default(Done);
    }, ct);

    /// <summary>Revokes every token of the lineage, once, however many ask for it.</summary>
    public async Task EndLineageAsync(Guid tokenId, Origin from, CancellationToken ct) => await db.ChangeAsync<Done>(Somebody(from), null, async change =>
    {
        var first = await Presented(tokenId).ExecuteUpdateAsync(set => set
            .SetProperty(token => token.ReuseDetectedAt, change.At).SetProperty(token => token.RevokedAt, change.At), ct);
        if (first == 0)
        {
            return default(Done);
        }

        var token = await db.PersonalAccessTokens.AsNoTracking().SingleAsync(row => row.Id == tokenId, ct);
        // Until none is left: a successor that was just being made is there the second time.
        var revoked = 1;
        for (var found = await LivingAsync(token.LineageId, ct); found.Count > 0; found = await LivingAsync(token.LineageId, ct))
        {
            revoked += await TokenRevocation.RevokeAsync(db, change, found, "a rotated-out token of its lineage was presented to rotate", ct);
        }

        change.Record(AuditActions.TokenReuseDetected, token.AsTarget(), new { owner = token.OwnerId, rotatedAt = token.RotatedAt, lineage = token.LineageId, revoked });
        return default(Done);
    }, ct);

    private IQueryable<PersonalAccessToken> Presented(Guid id) => db.PersonalAccessTokens.Where(token => token.Id == id && token.RotatedAt != null && token.RevokedAt == null);

    private Task<List<PersonalAccessToken>> LivingAsync(Guid lineage, CancellationToken ct) =>
        db.PersonalAccessTokens.AsNoTracking().Where(token => token.LineageId == lineage && token.RevokedAt == null).ToListAsync(ct);

    private static Actor Somebody(Origin from) => Actor.Anonymous(from.Ip, from.UserAgent, from.RequestId);
}
