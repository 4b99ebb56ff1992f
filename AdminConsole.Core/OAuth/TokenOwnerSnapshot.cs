using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using AdminConsole.Core.Tokens;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.OAuth;

/// <summary>The active owner of a token, with the current roles.</summary>
internal sealed record TokenOwnerSnapshot(AppUser User, IReadOnlyList<AppRole> Roles)
{
    /// <summary>Reads the owner; null if the user is deactivated or deleted.</summary>
    public static async Task<TokenOwnerSnapshot?> ReadAsync(AppDbContext db, Guid ownerId, CancellationToken ct)
    {
        // One query, so that the roles are read at the same time as the user's status. One row per role (see
        // ActorResolver).
        var rows = await (
            from user in db.Users
            where user.Id == ownerId && user.Active
            from assignment in db.UserRoles.Where(assignment => assignment.UserId == user.Id).DefaultIfEmpty()
            from role in db.Roles.Where(role => role.Id == assignment!.RoleId).DefaultIfEmpty()
            select new { User = user, Role = role }
        )
            .AsNoTracking()
            .ToListAsync(ct);
        return rows.Count == 0 ? null : new TokenOwnerSnapshot(rows[0].User, [.. rows.Select(row => row.Role).OfType<AppRole>()]);
    }

    /// <summary>Returns the owner as the actor of a personal access token, limited to its scopes.</summary>
    public Actor ToActor(PersonalAccessToken token) =>
        Cut(AuthenticationMethod.Token, new DeviceAccess(token.Scopes, IsFull: false)) with
        {
            TokenId = token.Id,
        };

    /// <summary>Returns the owner as the actor of a device's access token, authenticated when its user signed in. A
    /// narrowed token is also limited to its own scopes.</summary>
    public Actor ToActor(ConnectedDevice device, AccessTokenClaims claims, SystemSettings settings, DateTimeOffset now)
    {
        var enrolBy = RoleHierarchy.EnrolmentDeadline(User.TwoFactorEnabled, device.Method, Roles, settings);
        var actor = Cut(AuthenticationMethod.Jwt, AccessOf(device, claims));
        return actor with
        {
            DeviceId = device.Id,
            IsScoped = claims.Narrowed == true || !device.FullAccess,
            AuthenticatedAt = device.AuthenticatedAt,
            RecentSignInMaxAge = TimeSpan.FromMinutes(settings.FreshSignInMinutes),
            MustEnrol = enrolBy <= now,
            EnrolmentDeadline = enrolBy,
            Me = actor.Me! with { MfaRequiredFrom = RoleHierarchy.ForDisplay(enrolBy) },
        };
    }

    /// <summary>Returns the current permissions of a device with this access, as an OAuth scope.</summary>
    public string ScopeOf(DeviceAccess access) =>
        string.Join(' ', access.Limit(RoleHierarchy.GrantedPermissions(Roles)).Order(StringComparer.Ordinal));

    private static DeviceAccess AccessOf(ConnectedDevice device, AccessTokenClaims claims) =>
        claims.Narrowed != true
            ? device.Access
            : new DeviceAccess(
                [.. claims.Scope.Split(' ').Where(scope => device.FullAccess || device.Scopes.Contains(scope))],
                IsFull: false
            );

    private Actor Cut(string via, DeviceAccess access)
    {
        var granted = RoleHierarchy.GrantedPermissions(Roles);
        var permissions = access.Limit(granted).ToHashSet();
        return new Actor
        {
            UserId = User.Id,
            Name = User.SignInName,
            Via = via,
            RolePermissions = granted,
            EffectivePermissions = permissions,
            MustChangePassword = User.MustChangePassword,
            Me = new Me(
                User.Id,
                User.Email,
                User.UserName!,
                User.DisplayName,
                [.. Roles.Select(role => role.Name!).Order(StringComparer.Ordinal)],
                [.. permissions.Order(StringComparer.Ordinal)],
                via,
                User.MustChangePassword,
                User.TwoFactorEnabled
            ),
        };
    }
}
