using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Email;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AdminConsole.Core.Tokens;

/// <summary>Handles rotated-out tokens that are presented again, which have leaked or are still configured in a
/// program. Use is recorded once a day. Only an attempt to rotate revokes the lineage; otherwise a leaked old token
/// could be used to disable the current one.</summary>
public sealed class TokenReuse(IServiceScopeFactory scopes)
{
    private static readonly TimeSpan RecordInterval = TimeSpan.FromDays(1);

    /// <summary>Records the use of a rotated-out token and notifies the owner, at most once a day.</summary>
    public Task RecordAsync(Guid tokenId, ClientInfo from, CancellationToken ct) =>
        ChangeAsync(
            from,
            async (db, change) =>
            {
                var since = change.At - RecordInterval;
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

    /// <summary>Revokes every token of the lineage, records the reuse and notifies the owner. Of concurrent calls, only
    /// one does so.</summary>
    public Task RevokeLineageAsync(Guid tokenId, ClientInfo from, CancellationToken ct) =>
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
                // Repeat until none is left, to include a successor that a concurrent rotation was creating.
                var revoked = 1;
                for (
                    var found = await LivingAsync(db, token.LineageId, ct);
                    found.Count > 0;
                    found = await LivingAsync(db, token.LineageId, ct)
                )
                {
                    revoked += await PersonalAccessTokens.RevokeAsync(
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

    // The caller is not authenticated, and may not be the owner.
    private async Task ChangeAsync(ClientInfo from, Func<AppDbContext, ChangeContext, Task<Result<Unit>>> operation, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        await db.ChangeAsync(Actor.Anonymous(from.Ip, from.UserAgent, from.RequestId), null, change => operation(db, change), ct);
    }
}
