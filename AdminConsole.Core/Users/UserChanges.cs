using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;

namespace AdminConsole.Core.Users;

/// <summary>Enforces the rules for every operation on a user: the role hierarchy, and at least one remaining
/// administrator. Single and bulk operations both run through <see cref="ApplyAsync"/>.</summary>
public sealed class UserChanges(AppDbContext db, LastAdministratorRule administrators, TimeProvider clock)
{
    private static readonly Refusal NoSuchUser = Refusal.NotFound("No such user.");

    /// <summary>Runs the operation on one user, and returns the user as changed.</summary>
    internal Task<Result<UserDetails>> RunAsync(Actor actor, Guid id, UserOperation act, CancellationToken ct) =>
        RunAsync(actor, id, act, change => db.UserDetailsAsync(id, change.At, ct), ct);

    /// <summary>Runs the operation on one user, without returning the user.</summary>
    internal Task<Result<Unit>> DoAsync(Actor actor, Guid id, UserOperation act, CancellationToken ct) =>
        RunAsync(actor, id, act, _ => Task.FromResult(default(Unit)), ct);

    /// <summary>Runs the operation inside a change that holds the administrators' lock. After a refusal, the caller
    /// must roll back the writes.</summary>
    /// <param name="change">The current change.</param>
    /// <param name="id">The user.</param>
    /// <param name="roles">The roles before the operation, by user. May include other users.</param>
    /// <param name="operation">The operation to run.</param>
    /// <param name="ct">Cancels the operation.</param>
    internal async Task<Refusal?> ApplyAsync(
        ChangeContext change,
        Guid id,
        ILookup<Guid, AppRole> roles,
        UserOperation act,
        CancellationToken ct
    )
    {
        if (await db.Users.FindAsync([id], ct) is not { } user)
        {
            return NoSuchUser;
        }

        if (
            RoleHierarchy.OutranksActor(roles[id], change.Actor)
            || (act.Permission == Permissions.UsersCredentials && RoleHierarchy.ExceedsCredential(roles[id], change.Actor))
        )
        {
            return Refusals.AboveYou;
        }

        if (await act.RunAsync(change, user, ct) is { } refused)
        {
            return refused;
        }

        // An operation on a user who isn't an administrator can't remove the last one.
        return roles[id].Any(role => role.Name == AppRole.Admin) && !await administrators.HoldsAsync(change, ct)
            ? LastAdministratorRule.Violated
            : null;
    }

    /// <summary>Returns why the actor may not run the operation on any user; null if allowed.</summary>
    internal Refusal? Refused(Actor actor, UserOperation act) =>
        actor.Require(act.Permission) ?? (act.IsSensitive ? actor.RequireRecentSignIn(clock.Now()) : null);

    private async Task<Result<T>> RunAsync<T>(
        Actor actor,
        Guid id,
        UserOperation act,
        Func<ChangeContext, Task<T>> answer,
        CancellationToken ct
    )
    {
        if (act.IsSensitive && actor.RequireRecentSignIn(clock.Now()) is { } stale)
        {
            return stale;
        }

        return await db.ChangeAsync<T>(
            actor,
            act.Permission,
            async change =>
                await ApplyAsync(change, id, await RoleHierarchy.RolesOfAsync(db, [id], ct), act, ct) is { } refused
                    ? refused
                    : await answer(change),
            ct,
            ChangeLock.Administrators
        );
    }
}
