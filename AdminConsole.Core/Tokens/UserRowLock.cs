using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;

namespace AdminConsole.Core.Tokens;

/// <summary>Locks the row of the user for whom a token or device is created.</summary>
internal static class UserRowLock
{
    /// <summary>Locks the owner's row inside a change. Returns a refusal if the owner is inactive or must change the
    /// password; null otherwise. A lockdown writes the same row: it has either committed, and the owner is refused
    /// here, or it waits and then finds the new token to revoke.</summary>
    public static async Task<Refusal?> LockUserRowAsync(AppDbContext db, Actor actor, CancellationToken ct) =>
        await db.Users.Where(user => user.Id == actor.UserId && user.Active && !user.MustChangePassword).LockAsync(ct) == 1
            ? null
            : Refusals.Unauthenticated;
}
