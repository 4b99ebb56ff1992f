using AdminConsole.Core.Contracts;
using AdminConsole.Core.Data;
using AdminConsole.Core.Devices;
using AdminConsole.Core.Roles;
using AdminConsole.Core.Security;
using AdminConsole.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace AdminConsole.Core.Tokens;

/// <summary>The active owner of a token, and what they hold now.</summary>
internal sealed record TokenOwnerRow(AppUser User, IReadOnlyList<AppRole> Roles)
{
    /// <summary>Null where the owner is deactivated.</summary>
    public static async Task<TokenOwnerRow?> ReadAsync(AppDbContext db, Guid ownerId, CancellationToken ct)
    {
        // One query, so that the roles are those of the moment the user was active; a row for each role (see Actors).
        var rows = await (
            from user in db.Users
            where user.Id == ownerId && user.Active
            from held in db.UserRoles.Where(held => held.UserId == user.Id).DefaultIfEmpty()
            from role in db.Roles.Where(role => role.Id == held!.RoleId).DefaultIfEmpty()
            select new { User = user, Role = role }).AsNoTracking().ToListAsync(ct);
        return rows.Count == 0 ? null : new TokenOwnerRow(rows[0].User, [.. rows.Select(row => row.Role).OfType<AppRole>()]);
    }

    /// <summary>The owner, cut to the token's scopes.</summary>
    public Actor ToActor(PersonalAccessToken token) => Cut(Via.Token, token.Scopes) with { TokenId = token.Id };

    /// <summary>The same for an access token of a device, which is as fresh as its user's sign-in.</summary>
    public Actor ToActor(ConnectedDevice device, SystemSettings settings) => Cut(Via.Jwt, device.Scopes) with
    {
        DeviceId = device.Id,
        AuthenticatedAt = device.AuthenticatedAt,
        FreshFor = TimeSpan.FromMinutes(settings.FreshSignInMinutes),
        MustEnrol = Standing.MustEnrol(User.TwoFactorEnabled, device.Method, Roles, settings),
    };

    /// <summary>What a device given these scopes may do now, as OAuth writes it.</summary>
    public string ScopeOf(IEnumerable<string> scopes) => string.Join(' ', scopes.Where(Standing.Held(Roles).Contains).Order(StringComparer.Ordinal));

    private Actor Cut(string via, List<string> scopes)
    {
        var held = Standing.Held(Roles);
        var permissions = scopes.Where(held.Contains).ToHashSet();
        return new Actor
        {
            UserId = User.Id,
            Name = User.Email!,
            Via = via,
            Held = held,
            Permissions = permissions,
            MustChangePassword = User.MustChangePassword,
            Me = new Me(User.Id, User.Email!, User.UserName!, User.DisplayName, [.. Roles.Select(role => role.Name!).Order(StringComparer.Ordinal)],
                [.. permissions.Order(StringComparer.Ordinal)], via, User.MustChangePassword, User.TwoFactorEnabled),
        };
    }
}
