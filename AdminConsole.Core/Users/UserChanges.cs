using AdminConsole.Core.Common;
using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;

namespace AdminConsole.Core.Users;

/// <summary>
/// The rules around everything that is done to a user: nobody acts on a person who holds a right they lack, and an
/// administrator
/// remains. Acts on one user and acts on many go through <see cref="ApplyAsync"/> alike.
/// </summary>
public sealed class UserChanges(AppDbContext db, LastAdministratorRule administrators, TimeProvider clock)
{
    private static readonly Refusal NoSuchUser = Refusal.NotFound("No such user.");

    /// <summary>Does it to one user and answers what became of them.</summary>
    internal Task<Result<UserDetails>> RunAsync(Actor actor, Guid id, UserOperation act, CancellationToken ct) =>
        RunAsync(actor, id, act, change => db.UserDetailsAsync(id, change.At, ct), ct);

    /// <summary>Does it to one user where there is nothing to tell.</summary>
    internal Task<Result<Unit>> DoAsync(Actor actor, Guid id, UserOperation act, CancellationToken ct) =>
        RunAsync(actor, id, act, _ => Task.FromResult(default(Unit)), ct);

    /// <summary>Inside a change that holds the administrators' lock. What a refused act wrote is the caller's to roll
    /// back.</summary>
    /// <param name="change">The change under way.</param>
    /// <param name="id">The user.</param>
    /// <param name="roles">The roles of the user, among others, as they were before.</param>
    /// <param name="act">What to do.</param>
    /// <param name="ct">Stops it.</param>
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

    /// <summary>Why the actor may not do it to anybody now; null when it may.</summary>
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
