using AdminConsole.Core.Changes;
using AdminConsole.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Tokens;

/// <summary>Revokes personal access tokens inside a change.</summary>
internal static class PersonalAccessTokenRevocation
{
    /// <summary>Revokes those tokens that are not revoked yet, with an event for each. Returns their number.</summary>
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
            // Of two concurrent revocations, only one updates the row and records the event.
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
