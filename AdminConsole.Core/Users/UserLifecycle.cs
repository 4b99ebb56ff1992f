using AdminConsole.Core.Audit;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Passwords;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Users;

/// <summary>Users come, change, rest and go.</summary>
public sealed class UserLifecycle(AppDbContext db, Administrators administrators, RoleAssignments roles, NewPassword newPassword, TimeProvider clock)
{
    private static readonly Refusal NoSuchUser = Refusal.NotFound("No such user.");

    /// <summary>Creates a user. Roles other than the default also need roles.assign. Refused as <c>duplicate_email</c>, <c>duplicate_user_name</c>, <c>unknown_role</c>.</summary>
    public async Task<Result<UserDetails>> CreateAsync(Actor actor, CreateUserRequest request, CancellationToken ct)
    {
        var (email, userName) = (request.Email.Trim(), request.UserName?.Trim());
        var displayName = string.IsNullOrWhiteSpace(request.DisplayName) ? email.Split('@')[0] : request.DisplayName.Trim();
        string[] wanted = request.Roles is null ? [AppRole.User] : [.. request.Roles];
        if ((actor.Refused(Permissions.UsersWrite) ?? Validation.Check(request) ?? UserNames.Check(email, userName ?? email, displayName)) is { } refused)
        {
            return refused;
        }

        if (wanted is not [AppRole.User] && await roles.RefusedAsync(actor, ct) is { } unentitled)
        {
            return unentitled;
        }

        string? hash = null;
        if (request.Password is { } password)
        {
            var hashed = await newPassword.HashAsync(password, "password", email, userName, displayName);
            if (hashed.Refusal is { } weak)
            {
                return weak;
            }

            hash = hashed.Value;
        }

        return await db.ChangeAsync<UserDetails>(actor, Permissions.UsersWrite, async change =>
        {
            var user = AppUser.Create(email, userName, displayName, change.At);
            if (hash is not null)
            {
                user.SetPassword(hash, mustChange: false, change.At);
            }

            if (await UserNames.TakenAsync(db, user, ct) is { } taken)
            {
                return taken;
            }

            db.Add(user);
            change.Record(AuditActions.UserCreated, user.AsTarget(), new { user.Email, user.UserName, user.DisplayName, hasPassword = hash is not null });
            return await roles.ReplaceAsync(change, user, wanted, ct) is { } unknown ? unknown : await db.UserDetailsAsync(user.Id, change.At, ct);
        }, ct);
    }

    /// <summary>Changes what the request names. Roles also need roles.assign.</summary>
    public async Task<Result<UserDetails>> UpdateAsync(Actor actor, Guid id, UpdateUserRequest request, CancellationToken ct)
    {
        if ((Validation.Check(request) ?? (request.Roles is null ? null : await roles.RefusedAsync(actor, ct))) is { } refused)
        {
            return refused;
        }

        return await OnUserAsync(actor, id, async (change, user) =>
        {
            if (await RenameAsync(change, user, request, ct) is { } renamed)
            {
                return renamed;
            }

            if (request.Roles is { } names && await roles.ReplaceAsync(change, user, names, ct) is { } assigned)
            {
                return assigned;
            }

            return request.Active is { } active && active != user.Active
                ? active ? Activate(change, user) : await DeactivateAsync(change, user, null, ct)
                : null;
        }, ct);
    }

    /// <summary>Lets the user sign in again. Being active already is no error.</summary>
    public Task<Result<UserDetails>> ActivateAsync(Actor actor, Guid id, CancellationToken ct) =>
        OnUserAsync(actor, id, (change, user) => Task.FromResult(user.Active ? null : Activate(change, user)), ct);

    /// <summary>Ends the user's sessions and keeps them out. Refused as <c>self_forbidden</c>, <c>last_admin</c>.</summary>
    public async Task<Result<UserDetails>> DeactivateAsync(Actor actor, Guid id, DeactivateRequest request, CancellationToken ct) =>
        Validation.Check(request) ?? await OnUserAsync(actor, id, async (change, user) => user.Active ? await DeactivateAsync(change, user, request.Reason, ct) : null, ct);

    /// <summary>Lifts a lockout after too many wrong passwords.</summary>
    public Task<Result<UserDetails>> UnlockAsync(Actor actor, Guid id, CancellationToken ct) => OnUserAsync(actor, id, async (change, user) =>
    {
        user.Unlock(change.At);
        await db.SignInBudgets.Where(budget => budget.Id == user.Id).ExecuteDeleteAsync(ct);
        change.Record(AuditActions.UserUnlocked, user.AsTarget());
        return null;
    }, ct);

    /// <summary>Removes the user and everything that is theirs; the audit log keeps the name.</summary>
    public async Task<Result<Done>> DeleteAsync(Actor actor, Guid id, CancellationToken ct) =>
        actor.RefusedUnlessFresh(clock.Now()) ?? await db.ChangeAsync<Done>(actor, Permissions.UsersWrite, async change =>
        {
            if (await db.Users.FindAsync([id], ct) is not { } user)
            {
                return NoSuchUser;
            }

            if (await RefusedOnAsync(actor, user, "You cannot delete your own account.", ct) is { } refused)
            {
                return refused;
            }

            db.Remove(user);
            change.Record(AuditActions.UserDeleted, user.AsTarget(), new { user.Email, user.UserName, user.DisplayName });
            return await administrators.OneRemainsAsync(change, ct) ? default(Done) : Administrators.LastOne;
        }, ct, ChangeLock.Administrators);

    private async Task<Result<UserDetails>> OnUserAsync(Actor actor, Guid id, Func<Change, AppUser, Task<Refusal?>> verb, CancellationToken ct) =>
        await db.ChangeAsync<UserDetails>(actor, Permissions.UsersWrite, async change =>
        {
            if (await db.Users.FindAsync([id], ct) is not { } user)
            {
                return NoSuchUser;
            }

            if (await Standing.IsAboveAsync(db, id, actor, ct))
            {
                return Refusals.AboveYou;
            }

            if (await verb(change, user) is { } refused)
            {
                return refused;
            }

            return await administrators.OneRemainsAsync(change, ct) ? await db.UserDetailsAsync(id, change.At, ct) : Administrators.LastOne;
        }, ct, ChangeLock.Administrators);

    private async Task<Refusal?> RefusedOnAsync(Actor actor, AppUser user, string own, CancellationToken ct) =>
        user.Id == actor.UserId ? Refusal.Conflict("self_forbidden", own)
        : await Standing.IsAboveAsync(db, user.Id, actor, ct) ? Refusals.AboveYou
        : null;

    private async Task<Refusal?> RenameAsync(Change change, AppUser user, UpdateUserRequest request, CancellationToken ct)
    {
        var (email, userName, displayName) = (user.Email!, user.UserName!, user.DisplayName);
        var newEmail = request.Email?.Trim() ?? email;
        // A user name that is the address follows it.
        var newUserName = request.UserName?.Trim() ?? (userName == email ? newEmail : userName);
        var newDisplayName = request.DisplayName?.Trim() ?? displayName;
        var changes = FieldChange.Between(new("email", email, newEmail), new("userName", userName, newUserName), new("displayName", displayName, newDisplayName));
        if (changes.Length == 0)
        {
            return null;
        }

        if (UserNames.Check(newEmail, newUserName, newDisplayName) is { } malformed)
        {
            return malformed;
        }

        change.Record(AuditActions.UserUpdated, user.AsTarget(), new { changes });
        user.Rename(newEmail, newUserName, newDisplayName, change.At);
        return await UserNames.TakenAsync(db, user, ct);
    }

    private static Refusal? Activate(Change change, AppUser user)
    {
        user.Activate(change.At);
        change.Record(AuditActions.UserActivated, user.AsTarget());
        return null;
    }

    private async Task<Refusal?> DeactivateAsync(Change change, AppUser user, string? reason, CancellationToken ct)
    {
        if (user.Id == change.Actor.UserId)
        {
            return Refusal.Conflict("self_forbidden", "You cannot deactivate your own account.");
        }

        user.Deactivate(change.Actor, change.At, string.IsNullOrWhiteSpace(reason) ? null : reason.Trim());
        var sessionsEnded = await db.Sessions.Where(session => session.UserId == user.Id).ExecuteDeleteAsync(ct);
        change.Record(AuditActions.UserDeactivated, user.AsTarget(), new { reason = user.DeactivatedReason, sessionsEnded });
        return null;
    }
}
