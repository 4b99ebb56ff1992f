using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Users;

/// <summary>What a person changes about themselves without being anybody's administrator: how they are called. The address is what mail and sign-in go by, so it is an administrator's to change.</summary>
public sealed class OwnProfile(AppDbContext db, TimeProvider clock)
{
    public async Task<Result<UserDetails>> GetAsync(Actor actor, CancellationToken ct) =>
        actor.RefusedUnlessInteractive() is { } refused ? refused : (await db.Users.Where(user => user.Id == actor.UserId).ToDetailsAsync(db, clock.Now(), ct))[0];

    /// <summary>Gives the actor other names. Refused as <c>validation_failed</c>, <c>duplicate_user_name</c>.</summary>
    public async Task<Result<UserDetails>> RenameAsync(Actor actor, string displayName, string userName, CancellationToken ct)
    {
        var request = new UpdateUserRequest { DisplayName = displayName, UserName = userName };
        return (actor.RefusedUnlessInteractive() ?? Validation.Check(request)) is { } refused ? refused : await db.ChangeAsync<UserDetails>(actor, null, async change =>
        {
            var user = await db.Users.SingleAsync(row => row.Id == actor.UserId, ct);
            return await UserNames.RenameAsync(db, change, user, request, ct) is { } wrong ? wrong : await db.UserDetailsAsync(user.Id, change.At, ct);
        }, ct);
    }
}
