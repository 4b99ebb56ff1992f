using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Account;

/// <summary>Reads and changes the actor's own profile. Users may change their display name here and their email with
/// <see cref="EmailChanges"/>. The username is used to sign in, so changing it requires <c>users.credentials</c> and a
/// recent sign-in.</summary>
public sealed class OwnProfile(AppDbContext db, UserRenaming renaming, TimeProvider clock)
{
    public async Task<Result<UserDetails>> GetAsync(Actor actor, CancellationToken ct) =>
        actor.RequireFullAccess() is { } refused
            ? refused
            : (await db.Users.Where(user => user.Id == actor.UserId).ToDetailsAsync(db, clock.Now(), ct))[0];

    /// <summary>Changes the actor's display name and username. Refused as <c>validation_failed</c> or
    /// <c>duplicate_user_name</c>, and for the username also as <c>forbidden</c> or
    /// <c>fresh_sign_in_required</c>.</summary>
    public async Task<Result<UserDetails>> RenameAsync(Actor actor, string displayName, string userName, CancellationToken ct)
    {
        var request = new UpdateUserRequest { DisplayName = displayName, UserName = userName };
        return (actor.RequireFullAccess() ?? Validation.Check(request)) is { } refused
            ? refused
            : await db.ChangeAsync<UserDetails>(
                actor,
                null,
                async change =>
                {
                    var user = await db.Users.SingleAsync(row => row.Id == actor.UserId, ct);
                    return await renaming.RenameAsync(change, user, request, ct) is { } wrong
                        ? wrong
                        : await db.UserDetailsAsync(user.Id, change.At, ct);
                },
                ct
            );
    }
}
