using System.Security.Claims;
using AdminConsole.Core.Changes;
using AdminConsole.Core.Common;
using AdminConsole.Core.Data;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Identity;

/// <summary>Identity's user store, which writes only inside a change. The store never saves; the change does, together
/// with its audit events. Outside a change, every write throws. With Identity's base class it would be lost
/// silently.</summary>
public sealed partial class AppUserStore
    : UserStore<
        AppUser,
        AppRole,
        AppDbContext,
        Guid,
        IdentityUserClaim<Guid>,
        IdentityUserRole<Guid>,
        IdentityUserLogin<Guid>,
        IdentityUserToken<Guid>,
        IdentityRoleClaim<Guid>,
        IdentityUserPasskey<Guid>
    >
{
    // Users created in a change. They have no roles yet.
    private readonly HashSet<(ChangeContext, Guid)> created = [];
    private readonly TimeProvider clock;
    private Memberships? memberships;

    public AppUserStore(AppDbContext db, IdentityErrorDescriber errors, TimeProvider clock)
        : base(db, errors) => (AutoSaveChanges, this.clock) = (false, clock);

    public override Task<IdentityResult> CreateAsync(AppUser user, CancellationToken cancellationToken = default)
    {
        var change = Context.RequireChange();
        Context.Add(user);
        created.Add((change, user.Id));
        return Task.FromResult(IdentityResult.Success);
    }

    // The base method attaches the user again, which would turn the INSERT of a new user into an UPDATE and write every
    // column.
    public override Task<IdentityResult> UpdateAsync(AppUser user, CancellationToken cancellationToken = default)
    {
        user.MarkChanged(RequireTracked(user).At);
        return Task.FromResult(IdentityResult.Success);
    }

    public override Task<IdentityResult> DeleteAsync(AppUser user, CancellationToken cancellationToken = default)
    {
        RequireTracked(user);
        Context.Remove(user);
        return Task.FromResult(IdentityResult.Success);
    }

    public override Task SetUserNameAsync(AppUser user, string? userName, CancellationToken cancellationToken = default)
    {
        user.Rename(user.Email, userName!, user.DisplayName, Context.RequireChange().At);
        return Task.CompletedTask;
    }

    public override Task SetEmailAsync(AppUser user, string? email, CancellationToken cancellationToken = default)
    {
        user.Rename(email, user.UserNameWith(email), user.DisplayName, Context.RequireChange().At);
        return Task.CompletedTask;
    }

    // AppUser normalizes its names when they are set. Normalizing them again would remove the marker from a duplicate
    // name.
    public override Task SetNormalizedUserNameAsync(AppUser user, string? normalizedName, CancellationToken cancellationToken = default) =>
        Task.CompletedTask;

    public override Task SetNormalizedEmailAsync(AppUser user, string? normalizedEmail, CancellationToken cancellationToken = default) =>
        Task.CompletedTask;

    /// <summary>Replaces the hash. The user is no longer required to change the password.</summary>
    public override Task SetPasswordHashAsync(AppUser user, string? passwordHash, CancellationToken cancellationToken = default)
    {
        user.ReplacePassword(passwordHash, Context.RequireChange().At);
        return Task.CompletedTask;
    }

    // The column is false in every row of earlier versions, which apply lockout nevertheless.
    public override Task<bool> GetLockoutEnabledAsync(AppUser user, CancellationToken cancellationToken = default) => Task.FromResult(true);

    /// <summary>Returns the number of failed sign-ins in the current window. Known browsers are counted
    /// separately.</summary>
    public override async Task<int> GetAccessFailedCountAsync(AppUser user, CancellationToken cancellationToken = default)
    {
        var minutes = (await Context.SettingsAsync(cancellationToken)).LockoutWindowMinutes;
        var since = (Context.Current?.At ?? clock.Now()).AddMinutes(-minutes);
        return await Context.FailedSignInAttempts.CountAsync(
            failure => failure.BudgetId == user.Id && failure.At > since,
            cancellationToken
        );
    }

    public override async Task<int> IncrementAccessFailedCountAsync(AppUser user, CancellationToken cancellationToken = default)
    {
        var change = Context.RequireChange();
        await Lockout.CountAsync(Context, user.Id, change.At, cancellationToken);
        return await GetAccessFailedCountAsync(user, cancellationToken);
    }

    public override Task ResetAccessFailedCountAsync(AppUser user, CancellationToken cancellationToken = default)
    {
        Context.RequireChange();
        return Lockout.ResetAsync(Context, user.Id, cancellationToken);
    }

    /// <summary>Returns the names of the user's roles. Within a change, they are read once.</summary>
    public override async Task<IList<string>> GetRolesAsync(AppUser user, CancellationToken cancellationToken = default)
    {
        var (roles, assigned) = (await RolesAsync(cancellationToken), await HeldAsync(user.Id, cancellationToken));
        return [.. roles.Where(role => assigned.Exists(row => row.RoleId == role.Id)).Select(role => role.Name!)];
    }

    public override async Task RemoveFromRoleAsync(AppUser user, string normalizedRoleName, CancellationToken cancellationToken = default)
    {
        Context.RequireChange();
        await base.RemoveFromRoleAsync(user, normalizedRoleName, cancellationToken);
        var removed = await FindRoleAsync(normalizedRoleName, cancellationToken);
        (await HeldAsync(user.Id, cancellationToken)).RemoveAll(row => row.RoleId == removed?.Id);
    }

    /// <summary>Returns every role. Within a change, roles are read once.</summary>
    internal async Task<List<AppRole>> RolesAsync(CancellationToken ct) => (await MembershipsAsync(ct)).Roles;

    protected override async Task<AppRole?> FindRoleAsync(string normalizedRoleName, CancellationToken cancellationToken)
    {
        var known = await MembershipsAsync(cancellationToken);
        return known.Roles.Find(role => role.NormalizedName == normalizedRoleName);
    }

    protected override async Task<IdentityUserRole<Guid>?> FindUserRoleAsync(Guid userId, Guid roleId, CancellationToken cancellationToken)
    {
        var assigned = await HeldAsync(userId, cancellationToken);
        return assigned.Find(row => row.RoleId == roleId);
    }

    protected override IdentityUserRole<Guid> CreateUserRole(AppUser user, AppRole role)
    {
        Context.RequireChange();
        var membership = base.CreateUserRole(user, role);
        if (memberships?.Held.TryGetValue(user.Id, out var assigned) == true)
        {
            assigned.Add(membership);
        }

        return membership;
    }

    // Nothing may be tracked outside a change: another write of the same scope would save it without an audit event.
    protected override IdentityUserClaim<Guid> CreateUserClaim(AppUser user, Claim claim)
    {
        Context.RequireChange();
        return base.CreateUserClaim(user, claim);
    }

    protected override IdentityUserLogin<Guid> CreateUserLogin(AppUser user, UserLoginInfo login)
    {
        Context.RequireChange();
        return base.CreateUserLogin(user, login);
    }

    protected override IdentityUserToken<Guid> CreateUserToken(AppUser user, string loginProvider, string name, string? value)
    {
        Context.RequireChange();
        return base.CreateUserToken(user, loginProvider, name, value);
    }

    // Identity queries the role and the assignment again for each role. Within a change, both are cached.
    private async Task<Memberships> MembershipsAsync(CancellationToken ct)
    {
        var change = Context.Current;
        if (memberships is null || change is null || memberships.Change != change)
        {
            memberships = new Memberships(change, await Context.Roles.AsNoTracking().ToListAsync(ct));
        }

        return memberships;
    }

    private async Task<List<IdentityUserRole<Guid>>> HeldAsync(Guid userId, CancellationToken ct)
    {
        var known = await MembershipsAsync(ct);
        if (!known.Held.TryGetValue(userId, out var assigned))
        {
            assigned =
                known.Change is { } change && created.Contains((change, userId))
                    ? []
                    : await Context.UserRoles.Where(row => row.UserId == userId).ToListAsync(ct);
            known.Held[userId] = assigned;
        }

        return assigned;
    }

    private ChangeContext RequireTracked(AppUser user)
    {
        var change = Context.RequireChange();
        return Context.Entry(user).State == EntityState.Detached
            ? throw new InvalidOperationException("The user was loaded before the change. Load it again inside the change.")
            : change;
    }

    private sealed record Memberships(ChangeContext? Change, List<AppRole> Roles)
    {
        public Dictionary<Guid, List<IdentityUserRole<Guid>>> Held { get; } = [];
    }
}
