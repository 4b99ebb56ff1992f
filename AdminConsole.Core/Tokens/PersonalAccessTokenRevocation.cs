using AdminConsole.Core.Audit;
using AdminConsole.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Tokens;

/// <summary>How tokens end before their time, inside a change.</summary>
internal static class PersonalAccessTokenRevocation
{
    /// <summary>Revokes these, with an event for each that was not revoked yet; answers how many those were.</summary>
    public static async Task<int> RevokeAsync(
        AppDbContext db,
        ChangeContext change,
        IEnumerable<PersonalAccessToken> tokens,
        string reason,
        CancellationToken ct
    )
    {
        var revoked = 0;
        foreach (var token in tokens)
        {
            // Two at once: one of them revokes it and says so.
            if (
                await db
                    .PersonalAccessTokens.Where(row => row.Id == token.Id && row.RevokedAt == null)
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.RevokedAt, change.At), ct) == 1
            )
            {
                change.Record(AuditActions.TokenRevoked, token.AsTarget(), new { reason });
                revoked++;
            }
        }

        return revoked;
    }
}
