using AdminConsole.Core.Changes;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Tokens;

/// <summary>The grace period in which a rotated token is valid beside its successor.</summary>
internal static class RotationGracePeriod
{
    /// <summary>Ends the grace period of a token that stays valid until its successor is first used. Returns true if
    /// this call ended it.</summary>
    public static async Task<bool> EndByFirstUseAsync(AppDbContext db, Guid rotated, Actor user, CancellationToken ct)
    {
        var waiting = db.PersonalAccessTokens.Where(token => token.Id == rotated && token.EndsOnFirstUse);
        if (!await waiting.AnyAsync(ct))
        {
            return false;
        }

        var ended = await db.ChangeAsync<bool>(
            user,
            null,
            async change =>
            {
                var old = await waiting.AsNoTracking().SingleOrDefaultAsync(ct);
                var end = old?.OverlapEndsAt < change.At ? old.OverlapEndsAt : change.At;
                if (
                    old is null
                    || await waiting.ExecuteUpdateAsync(
                        set => set.SetProperty(token => token.OverlapEndsAt, end).SetProperty(token => token.EndsOnFirstUse, false),
                        ct
                    ) == 0
                )
                {
                    return false;
                }

                change.Record(
                    AuditActions.TokenUpdated,
                    old.AsTarget(),
                    new
                    {
                        changes = FieldChange.Between(new("overlapEndsAt", old.OverlapEndsAt, end), new("endsOnFirstUse", true, false)),
                        reason = "its successor was used",
                    }
                );
                return true;
            },
            ct
        );
        return ended.Match(value => value, _ => false);
    }
}
