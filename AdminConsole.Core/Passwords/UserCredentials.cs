using AdminConsole.Core.Audit;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Security;
using AdminConsole.Core.Sessions;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Passwords;

/// <summary>What somebody else may do to a user's credentials.</summary>
public sealed class UserCredentials(AppDbContext db, NewPassword newPassword, SessionRegistry sessions, TimeProvider clock)
{
    /// <summary>Sets a password that must be changed at once, and ends all sessions of the user.</summary>
    public async Task<Result<Done>> SetPasswordAsync(Actor actor, Guid userId, SetPasswordRequest request, CancellationToken ct)
    {
        if ((actor.Refused(Permissions.UsersCredentials) ?? Validation.Check(request)) is { } refused)
        {
            return refused;
        }

        var names = await db.Users.AsNoTracking().SingleOrDefaultAsync(row => row.Id == userId, ct);
        var hash = await newPassword.HashAsync(request.Password, "password", names?.Email, names?.UserName, names?.DisplayName);
        return hash.Refusal is { } weak ? weak : await OnUserAsync(actor, userId, async (change, user) =>
        {
            user.SetPassword(hash.Value, mustChange: true, change.At);
            change.Record(AuditActions.PasswordSet, user.AsTarget());
            await sessions.EndAllAsync(change, user.Id, "password set by an administrator", keep: null, ct);
        }, ct);
    }

    /// <summary>From this moment the user can do nothing but change the password, also in open sessions.</summary>
    public Task<Result<Done>> RequirePasswordChangeAsync(Actor actor, Guid userId, CancellationToken ct) => OnUserAsync(actor, userId, (change, user) =>
    {
        user.RequirePasswordChange(change.At);
        change.Record(AuditActions.PasswordChangeRequired, user.AsTarget());
        return Task.CompletedTask;
    }, ct);

    private async Task<Result<Done>> OnUserAsync(Actor actor, Guid userId, Func<Change, AppUser, Task> verb, CancellationToken ct) =>
        actor.RefusedUnlessFresh(clock.Now()) ?? await db.ChangeAsync<Done>(actor, Permissions.UsersCredentials, async change =>
        {
            if (await db.Users.FindAsync([userId], ct) is not { } user)
            {
                return Refusal.NotFound("No such user.");
            }

            if (await Standing.IsAboveAsync(db, userId, actor, ct))
            {
                return Refusals.AboveYou;
            }

            await verb(change, user);
            return default(Done);
        }, ct);
}
