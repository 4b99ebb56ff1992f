using AdminConsole.Core.Audit;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Email;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AdminConsole.Core.Tokens;

/// <summary>
/// A rotated-out token that is presented again has leaked, or a program still has it. Used, it is noted once a day;
/// only
/// where it is presented to rotate does the whole lineage end, or a leaked old token would be a switch to kill the good
/// one.
/// </summary>
public sealed class TokenReuse(IServiceScopeFactory scopes)
{
    private static readonly TimeSpan NoteEvery = TimeSpan.FromDays(1);

    /// <summary>Notes that it was used, and tells the owner.</summary>
    public Task NoteAsync(Guid tokenId, ClientInfo from, CancellationToken ct) =>
        ChangeAsync(
            from,
            async (db, change) =>
            {
                var since = change.At - NoteEvery;
                var first = await Presented(db, tokenId)
                    .Where(token => token.ReuseDetectedAt == null || token.ReuseDetectedAt <= since)
                    .ExecuteUpdateAsync(set => set.SetProperty(token => token.ReuseDetectedAt, change.At), ct);
                if (first == 1)
                {
                    var token = await db.PersonalAccessTokens.AsNoTracking().SingleAsync(row => row.Id == tokenId, ct);
                    change.Record(
                        AuditActions.TokenReuseDetected,
                        token.AsTarget(),
                        new { owner = token.OwnerId, rotatedAt = token.RotatedAt }
                    );
                    await TellAsync(db, change, token, lineageEnded: false, ct);
                }

                return default(Unit);
            },
            ct
        );

    /// <summary>Revokes every token of the lineage, once, however many ask for it.</summary>
    public Task EndLineageAsync(Guid tokenId, ClientInfo from, CancellationToken ct) =>
        ChangeAsync(
            from,
            async (db, change) =>
            {
                var first = await Presented(db, tokenId)
                    .ExecuteUpdateAsync(
                        set => set.SetProperty(token => token.ReuseDetectedAt, change.At).SetProperty(token => token.RevokedAt, change.At),
                        ct
                    );
                if (first == 0)
                {
                    return default(Unit);
                }

                var token = await db.PersonalAccessTokens.AsNoTracking().SingleAsync(row => row.Id == tokenId, ct);
                // Until none is left: a successor that was just being made is there the second time.
                var revoked = 1;
                for (
                    var found = await LivingAsync(db, token.LineageId, ct);
                    found.Count > 0;
                    found = await LivingAsync(db, token.LineageId, ct)
                )
                {
                    revoked += await PersonalAccessTokenRevocation.RevokeAsync(
                        db,
                        change,
                        found,
                        "a rotated-out token of its lineage was presented to rotate",
                        ct
                    );
                }

                change.Record(
                    AuditActions.TokenReuseDetected,
                    token.AsTarget(),
                    new
                    {
                        owner = token.OwnerId,
                        rotatedAt = token.RotatedAt,
                        lineage = token.LineageId,
                        revoked,
                    }
                );
                await TellAsync(db, change, token, lineageEnded: true, ct);
                return default(Unit);
            },
            ct
        );

    private static async Task TellAsync(
        AppDbContext db,
        ChangeContext change,
        PersonalAccessToken token,
        bool lineageEnded,
        CancellationToken ct
    ) =>
        change.Mail(
            await db.Users.AsNoTracking().SingleAsync(user => user.Id == token.OwnerId, ct),
            EmailTemplates.TokenReused(token, change, lineageEnded)
        );

    private static IQueryable<PersonalAccessToken> Presented(AppDbContext db, Guid id) =>
        db.PersonalAccessTokens.Where(token => token.Id == id && token.RotatedAt != null && token.RevokedAt == null);

    private static Task<List<PersonalAccessToken>> LivingAsync(AppDbContext db, Guid lineage, CancellationToken ct) =>
        db.PersonalAccessTokens.AsNoTracking().Where(token => token.LineageId == lineage && token.RevokedAt == null).ToListAsync(ct);

    // The caller is unknown, and perhaps not the owner.
    private async Task ChangeAsync(ClientInfo from, Func<AppDbContext, ChangeContext, Task<Result<Unit>>> verb, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        await db.ChangeAsync(Actor.Anonymous(from.Ip, from.UserAgent, from.RequestId), null, change => verb(db, change), ct);
    }
}
