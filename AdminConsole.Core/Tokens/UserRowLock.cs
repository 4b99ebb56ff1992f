using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;

namespace AdminConsole.Core.Tokens;

/// <summary>Locks the user who gets a new token.</summary>
internal static class UserRowLock
{
    /// <summary>
    /// Inside a change: takes the owner's row, which a lockdown writes too. So the lockdown is over, and the owner
    /// refused here, or it
    /// waits, and finds the new token to revoke.
    /// </summary>
    public static async Task<Refusal?> LockUserRowAsync(AppDbContext db, Actor actor, CancellationToken ct) =>
        await db.Users.Where(user => user.Id == actor.UserId && user.Active && !user.MustChangePassword).LockAsync(ct) == 1
            ? null
            : Refusals.Unauthenticated;
}
