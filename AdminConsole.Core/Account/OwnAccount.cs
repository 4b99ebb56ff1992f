using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace AdminConsole.Core.Account;

/// <summary>Reads the actor's own account.</summary>
public sealed class OwnAccount(IServiceScopeFactory scopes)
{
    /// <summary>Returns the actor's names, roles and permissions. Also available while the password must be
    /// changed.</summary>
    public async Task<Result<Me>> GetAsync(Actor actor, CancellationToken ct)
    {
        if (actor.Me is { } known)
        {
            return known;
        }

        // Created only now: most requests with a token return above and need no context.
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AppDbContext>();
        if (await db.Users.AsNoTracking().SingleOrDefaultAsync(row => row.Id == actor.UserId, ct) is not { } user)
        {
            return Refusals.Unauthenticated;
        }

        var roles = await RoleHierarchy.RolesOf(db, user.Id).Select(role => role.Name!).OrderBy(name => name).ToListAsync(ct);
        return new Me(
            user.Id,
            user.Email,
            user.UserName!,
            user.DisplayName,
            roles,
            [.. actor.EffectivePermissions.Order(StringComparer.Ordinal)],
            actor.Via,
            user.MustChangePassword,
            user.TwoFactorEnabled
        )
        {
            MfaRequiredFrom = RoleHierarchy.ForDisplay(actor.EnrolmentDeadline),
        };
    }
}
