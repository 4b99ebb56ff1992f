using AdminConsole.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Authentication;

/// <summary>What may be used once: the second step of a sign-in, the challenge of a passkey. It travels through the
/// browser, protected; only that it was used is kept, until it would have run out.</summary>
/// <param name="Id">Says nothing; it is never seen unprotected.</param>
/// <param name="ExpiresAt">Minutes after it was issued.</param>
public sealed record SingleUseToken(Guid Id, DateTimeOffset ExpiresAt)
{
    /// <summary>Inside a change. False where it ran out or was used before; of several at once, one is first.</summary>
    internal async Task<bool> SpendAsync(AppDbContext db, ChangeContext change, CancellationToken ct)
    {
        if (ExpiresAt <= change.At || await db.SpentTickets.AnyAsync(row => row.Id == Id, ct))
        {
            return false;
        }

        db.Add(new ConsumedToken { Id = Id, ExpiresAt = ExpiresAt });
        return true;
    }
}

/// <summary>The trace of a <see cref="SingleUseToken"/> that was used.</summary>
public sealed class ConsumedToken
{
    public required Guid Id { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}
