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
    internal Task<Result<UserDetails>> RunAsync(Actor actor, Guid id, UserOperation operation, CancellationToken ct) =>
        RunAsync(actor, id, operation, change => db.UserDetailsAsync(id, change.At, ct), ct);

    /// <summary>Runs the operation on one user, without returning the user.</summary>
    internal Task<Result<Unit>> DoAsync(Actor actor, Guid id, UserOperation operation, CancellationToken ct) =>
        RunAsync(actor, id, operation, _ => Task.FromResult(default(Unit)), ct);

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
        UserOperation operation,
        CancellationToken ct
    )
    {
        if (await db.Users.FindAsync([id], ct) is not { } user)
        {
            return NoSuchUser;
        }

        if (
            RoleHierarchy.OutranksActor(roles[id], change.Actor)
            || (operation.Permission == Permissions.UsersCredentials && RoleHierarchy.ExceedsCredential(roles[id], change.Actor))
        )
        {
            return Refusals.AboveYou;
        }

        if (await operation.RunAsync(change, user, ct) is { } refused)
        {
            return refused;
        }

        // An operation on a user who isn't an administrator can't remove the last one.
        return roles[id].Any(role => role.Name == AppRole.Admin) && !await administrators.HoldsAsync(change, ct)
            ? LastAdministratorRule.Violated
            : null;
    }

    /// <summary>Returns why the actor may not run the operation on any user; null if allowed.</summary>
    internal Refusal? Refused(Actor actor, UserOperation operation) =>
        actor.Require(operation.Permission) ?? (operation.IsSensitive ? actor.RequireRecentSignIn(clock.Now()) : null);

    private async Task<Result<T>> RunAsync<T>(
        Actor actor,
        Guid id,
        UserOperation operation,
        Func<ChangeContext, Task<T>> createResult,
        CancellationToken ct
    )
    {
        if (operation.IsSensitive && actor.RequireRecentSignIn(clock.Now()) is { } stale)
        {
            return stale;
        }

        return await db.ChangeAsync<T>(
            actor,
            operation.Permission,
            async change =>
                await ApplyAsync(change, id, await RoleHierarchy.RolesOfAsync(db, [id], ct), operation, ct) is { } refused
                    ? refused
                    : await createResult(change),
            ct,
            ChangeLock.Administrators
        );
    }
}
