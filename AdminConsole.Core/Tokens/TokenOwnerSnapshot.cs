using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.OAuth;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Tokens;

/// <summary>The active owner of a token, and what they hold now.</summary>
internal sealed record TokenOwnerSnapshot(AppUser User, IReadOnlyList<AppRole> Roles)
{
    /// <summary>Null where the owner is deactivated.</summary>
    public static async Task<TokenOwnerSnapshot?> ReadAsync(AppDbContext db, Guid ownerId, CancellationToken ct)
    {
        // One query, so that the roles are those of the moment the user was active; a row for each role (see ActorResolver).
        var rows = await (
            from user in db.Users
            where user.Id == ownerId && user.Active
            from held in db.UserRoles.Where(held => held.UserId == user.Id).DefaultIfEmpty()
            from role in db.Roles.Where(role => role.Id == held!.RoleId).DefaultIfEmpty()
            select new { User = user, Role = role }
        )
            .AsNoTracking()
            .ToListAsync(ct);
        return rows.Count == 0 ? null : new TokenOwnerSnapshot(rows[0].User, [.. rows.Select(row => row.Role).OfType<AppRole>()]);
    }

    /// <summary>The owner, cut to the token's scopes.</summary>
    public Actor ToActor(PersonalAccessToken token) =>
        Cut(AuthenticationMethod.Token, new DeviceAccess(token.Scopes, IsFull: false)) with
        {
            TokenId = token.Id,
        };

    /// <summary>The same for an access token of a device, which is as fresh as its user's sign-in. A narrowed token is
    /// cut to its own scopes too.</summary>
    public Actor ToActor(ConnectedDevice device, AccessTokenClaims claims, SystemSettings settings, DateTimeOffset now)
    {
        var enrolBy = RoleHierarchy.EnrolBy(User.TwoFactorEnabled, device.Method, Roles, settings);
        var actor = Cut(AuthenticationMethod.Jwt, AccessOf(device, claims));
        return actor with
        {
            DeviceId = device.Id,
            IsScoped = claims.Narrowed == true || !device.FullAccess,
            AuthenticatedAt = device.AuthenticatedAt,
            RecentFor = TimeSpan.FromMinutes(settings.FreshSignInMinutes),
            MustEnrol = enrolBy <= now,
            EnrolBy = enrolBy,
            Me = actor.Me! with { MfaRequiredFrom = RoleHierarchy.Shown(enrolBy) },
        };
    }

    /// <summary>The present permissions of a device with this access, as an OAuth scope.</summary>
    public string ScopeOf(DeviceAccess access) =>
        string.Join(' ', access.Cut(RoleHierarchy.GrantedPermissions(Roles)).Order(StringComparer.Ordinal));

    private static DeviceAccess AccessOf(ConnectedDevice device, AccessTokenClaims claims) =>
        claims.Narrowed != true
            ? device.Access
            : new DeviceAccess(
                [.. claims.Scope.Split(' ').Where(scope => device.FullAccess || device.Scopes.Contains(scope))],
                IsFull: false
            );

    private Actor Cut(string via, DeviceAccess access)
    {
        var held = RoleHierarchy.GrantedPermissions(Roles);
        var permissions = access.Cut(held).ToHashSet();
        return new Actor
        {
            UserId = User.Id,
            Name = User.SignInName,
            Via = via,
            RolePermissions = held,
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
